"""How much staff pages ask of the database: no more for many sources and runs than for one."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from catalogue import crosswalks, sources
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.model import RunStatus, Source
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.store import close_run, open_run
from crosswalks.shelf import Written
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.staff import inside

MANY = 60
MOST = 20
"""Questions that any page may ask."""


def add(database: Database, name: str, runs: int) -> None:
    source = Source(name=name, library="LIB", protocol="oai-pmh", url="http://127.0.0.1:9/oai")
    sources.add(database, source)
    for _ in range(runs):
        run = open_run(database, name)
        assert run is not None
        close_run(database, run, RunStatus.WAITING)


@pytest.mark.parametrize(
    "address",
    [
        "sources",
        "sources/a",
        "sources/a/row",
        "sources/a/settings",
        "sources/a/runs",
        "sources/a/notes",
        "sources/a/harvest",
        "runs",
        "runs?source=a",
        "runs/1",
        "words",
    ],
)
def test_a_page_asks_as_often_for_many_sources_and_runs_as_for_one(
    database: Database, address: str
):
    client = inside(database)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    add(database, "a", runs=1)
    counts = []
    for more in (0, MANY):
        for number in range(more):
            add(database, f"b{number}", runs=1)
        asked.clear()
        answer = client.get(f"/staff/{address}")
        counts.append(len(asked))

    assert answer.status_code == 200
    assert counts[0] == counts[1]
    assert counts[0] <= MOST


@pytest.mark.parametrize(
    "address",
    [
        "quarantine",
        "quarantine/source/s1",
        "problems",
        "problems?code=unknown-format&source=s1",
        "sources/s1/records",
        "sources/s1/problems",
        "sources/s1/mapping",
    ],
)
def test_quarantine_asks_as_often_for_many_records_as_for_one(members: Hub, address: str):
    client = inside(members.database)
    asked: list[str] = []
    database = members.database
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for name, size in (("s1", 1), ("s2", 30)):
        broken = [Item(identifier=f"x{n}", payload="<q xmlns='urn:q'/>") for n in range(size)]
        members.add(name, Repository(items=[*items(1), *broken], page_size=50))
        harvest(members.line, name, HarvestOptions())
        asked.clear()
        client.get(f"/staff/{address.replace('s1', name)}")
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= MOST


def test_crosswalks_ask_as_often_for_many_as_for_one(database: Database):
    client = inside(database)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    event.listen(database.write, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for names in (["a"], [f"b{number}" for number in range(20)]):
        for name in names:
            text = f"crosswalk {name} version 1\nfrom oai_dc to marc21\ninclude oai_dc-marc21\n"
            written = Version(name=name, version=None, written=Written(text=text))
            crosswalks.put_draft(database, written)
            crosswalks.publish(database, name, "an")
            crosswalks.put_draft(database, written)
            sources.add(
                database,
                Source(name=name, library="LIB", protocol="oai-pmh", url="x", crosswalk=name),
            )
        for page in ("", "/of/a", "/of/a/try"):
            asked.clear()
            assert client.get(f"/staff/crosswalks{page}").status_code == 200
            counts.append(len(asked))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 24


def test_publishing_asks_as_often_for_many_consumers_and_sets_as_for_one(database: Database):
    client = inside(database)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for names in (["a"], [f"b{number}" for number in range(20)]):
        for name in names:
            store.add(database, Consumer(name=name))
            defining.add(
                database, QuerySet(name=name, title=name, language=Language.WORDS, query=name)
            )
        asked.clear()
        assert client.get("/staff/publishing").status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 27
