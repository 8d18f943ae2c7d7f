"""Ctrl-C and SIGTERM: one harvest result, what had come kept, and nothing left locked."""

from __future__ import annotations

import json
import signal

import pytest

from catalogue.database import Database
from hub.demo.endpoints import members
from support.processes import lienthong, run, running

RECORDS = 500
"""Of each source: several pages, so that a harvest is stopped before its last one."""


@pytest.mark.parametrize(
    "engine", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
@pytest.mark.parametrize(
    "kind", [pytest.param(signal.SIGINT, marks=pytest.mark.soak), signal.SIGTERM]
)
def test_a_stopped_harvest_says_what_came_of_it_and_the_next_completes_it(engine, tmp_path, kind):
    with engine.fresh() as url, members(RECORDS) as endpoints:
        env = {
            "LIENTHONG_INSTANCE": str(tmp_path),
            "LIENTHONG_DATABASE_URL": url,
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
        }
        for name, each in zip("ab", endpoints, strict=False):
            place = ("--url", each.url, "--library", each.library_code, "--prefix", each.prefix)
            assert run(lienthong("sources", "add", name, "--protocol", "oai-pmh", *place), env=env)

        with running(lienthong("harvest", "--all", "--json"), env=env) as (process,):
            process.await_text("harvesting")
            process.signal(kind)
            stopped = process.finish()
        (whole,) = run(lienthong("harvest", "--all", "--json"), env=env)

    told = [json.loads(line) for line in stopped.out.splitlines()]
    assert stopped.code == 1
    assert [each["status"] for each in told] == ["cancelled", "cancelled"]
    assert told[0]["delivered"] > 0
    rest = json.loads(whole.out.splitlines()[0])
    assert whole.code == 0, whole.err
    assert told[0]["delivered"] + rest["delivered"] == RECORDS


def test_one_process_stops_what_another_harvests_and_a_third_goes_on(engine, tmp_path):
    with engine.fresh() as url, members(RECORDS) as endpoints:
        env = {
            "LIENTHONG_INSTANCE": str(tmp_path),
            "LIENTHONG_DATABASE_URL": url,
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
        }
        one = endpoints[0]
        place = ("--url", one.url, "--library", one.library_code, "--prefix", one.prefix)
        assert run(lienthong("sources", "add", "a", "--protocol", "oai-pmh", *place), env=env)

        with running(lienthong("harvest", "a", "--json"), env=env) as (process,):
            process.await_text("harvesting")
            (told,) = run(lienthong("runs", "stop", "a"), env=env)
            stopped = process.finish()
        (resumed,) = run(lienthong("runs", "resume", "1", "--json"), env=env)

    assert (told.code, stopped.code, resumed.code) == (0, 1, 0), resumed.err
    first, rest = json.loads(stopped.out), json.loads(resumed.out)
    assert (first["status"], rest["status"]) == ("cancelled", "succeeded")
    assert "lienthong runs resume 1" in first["message"]


def test_nobody_waits_for_a_writer_just_to_look(database_url, monkeypatch):
    impatient = ("busy_timeout = 1", "journal_mode = WAL")
    monkeypatch.setattr("catalogue.database._pragmas", lambda *, reading: impatient)  # noqa: ARG005
    database = Database.open(database_url)

    # Had it to wait for the writer, it would give up: DatabaseUnreachable.
    with database.write.begin():
        Database.open(database_url).close()

    database.close()
