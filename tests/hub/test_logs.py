"""What is told on standard error, for people and for programs."""

from __future__ import annotations

import json
import signal

import pytest

from catalogue import queue
from catalogue.database import Database
from catalogue.store.run import KIND, job_key
from support.loopback import Reply, replying
from support.oai_source import Repository
from support.processes import lienthong, run, running


@pytest.mark.usefixtures("tables")
def test_programs_get_entries_that_name_the_source_and_the_run(tmp_path):
    busy = [Reply(status=503, headers={"Retry-After": "0"})]
    repository = Repository(
        refusing=lambda asked: busy.pop() if busy and "metadataPrefix" in asked else None
    )
    env = {
        "LIENTHONG_INSTANCE": str(tmp_path),
        "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
        "LIENTHONG_HARVEST__FIRST_WAIT": "0.01",
        "LIENTHONG_LOG__FORMAT": "json",
    }
    with replying(repository) as address:
        add = ["sources", "add", "s1", "--protocol", "oai-pmh", "--url", address]
        [added] = run(lienthong(*add, "--library", "TV1", "--prefix", "oai_dc"), env=env)
        assert added.code == 0, added.err
        database = Database.open(f"sqlite:///{tmp_path}/lienthong.db")
        queue.ask(database, KIND, job_key("s1"))
        database.close()
        with running(lienthong("worker"), env=env) as [worker]:
            worker.await_text('"status": "succeeded"')
            worker.signal(signal.SIGTERM)
            worker.finish()
            said = [json.loads(line) for line in worker.err.splitlines()]
    [waited] = [each for each in said if each["logger"] == "harvester.http"]
    [ended] = [each for each in said if each.get("status")]

    assert (waited["source"], waited["run"], waited["level"]) == ("s1", ended["run"], "info")
    assert "Asking again" in waited["message"]
    assert (ended["source"], ended["status"]) == ("s1", "succeeded")
    assert {"time", "process"} <= ended.keys()
