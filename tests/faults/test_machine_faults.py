"""A full disk, a clock that is set wrong, a web server that dies: all comes out as without them."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from lxml import etree

from protocols.oai import OAI
from support.downstream import Downstream
from support.engines import Engine
from support.faults import FaultHub
from support.lines import beside, wait_until
from support.processes import lienthong, running

HOUR = 3600
ROOM = 64 << 10


@pytest.fixture
def small(sqlite_engine: Engine, tmp_path: Path, endpoints) -> Iterator[FaultHub]:
    with sqlite_engine.fresh() as url:
        made = FaultHub(url, tmp_path, endpoints)
        yield made
        made.close()


def test_what_a_full_disk_kept_out_comes_once_there_is_room(small: FaultHub, facts) -> None:
    """No file may grow beyond a size (setrlimit(2), RLIMIT_FSIZE), as on a disk that is full."""
    file = Path(small.database.url.removeprefix("sqlite:///"))
    limit = ["prlimit", f"--fsize={file.stat().st_size + ROOM}"]
    small.enqueue()
    with running([*limit, *lienthong("worker")], env=small.env) as [worker]:
        worker.await_text("disk")
        assert worker.running
        assert not small.is_done
        told = worker.err
    small.finish()

    assert small.facts() == facts
    assert "Traceback" not in told
    assert "running" not in small.statuses()


def test_a_clock_set_an_hour_forth_and_back_loses_nothing_downstream(hub: FaultHub, facts) -> None:
    now, offset, client = time.time, [0], Downstream(hub.database)
    hub.enqueue()
    with patch("time.time", lambda: now() + offset[0]), beside(hub.work):
        for offset[0] in (HOUR, -HOUR, 2 * HOUR, 0):
            time.sleep(0.2)
            client.harvest()
        wait_until(lambda: hub.is_done)

        def is_equal() -> bool:
            client.harvest()
            return len([each for each in client.has.values() if each]) == live(hub)

        wait_until(is_equal)

    assert hub.facts() == facts
    assert set(hub.statuses()) == {"succeeded"}


def live(hub: FaultHub) -> int:
    return sum(count for (deleted, *_), count in hub.facts()[1].items() if not deleted)


def test_who_reads_page_by_page_goes_on_when_the_server_is_killed(small: FaultHub) -> None:
    small.finish()
    found: list[str] = []
    sizes = set()
    query, port = "metadataPrefix=oai_dc", "0"
    while query:
        with running(lienthong("serve", "--port", port, "--no-z3950"), env=small.env) as [server]:
            port = server.await_text("ready").partition("127.0.0.1:")[2].split()[0]
            page = read(f"http://127.0.0.1:{port}/oai?verb=ListRecords&{query}")
            server.kill()
        found += page.xpath("//o:header/o:identifier/text()", namespaces={"o": OAI})
        token = page.find(f".//{{{OAI}}}resumptionToken")
        sizes.add(int(token.get("completeListSize")))
        query = f"resumptionToken={token.text}" if token.text else ""

    assert sizes == {len(set(found))} == {len(found)}
    assert len(found) > 100


def read(url: str) -> etree._Element:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return etree.fromstring(answer.read())
