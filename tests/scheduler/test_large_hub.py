"""A hub with a thousand sources and a hundred thousand past runs: what is looked at often is cheap.

Statements are counted, since time says more of the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import insert, text, update

from bench.crowd import RUNS, SOURCES, fill
from catalogue import clockwork, queue, runs, sources, watch
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow
from scheduler.clock import Clock
from scheduler.model import Line
from scheduler.timetable import Timetable
from scheduler.upcoming import outlook
from scheduler.worker import ready
from support.counted import counted
from support.engines import Engine
from support.harvesting import LOOPBACK
from support.lines import HANOI, REST_SECONDS, beside, wait_until
from support.passwords import hashed_at_once
from support.staff import document, inside
from web.staff.sources.views import PER_PAGE

T = TypeVar("T")
cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)
NIGHTLY = Timetable(zone=HANOI)
OFTEN = 3
"""Beside those asked about: who is signed in, what they have not read, whether all is paused."""
LOOKS = 20
_SETTINGS = "SELECT code, settings FROM source"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest) -> Iterator[Database]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        # Whatever a first connection asks for it has.
        sources.all(database)
        yield database
        database.close()


def counting(database: Database, work: Callable[[], T]) -> tuple[T, int]:
    """Return what some work gives, and how many statements it took."""
    with counted(database) as sent:
        return work(), sent()


def test_lists_take_as_many_statements_as_in_a_small_hub(large):
    newest, listed = counting(large, lambda: runs.all(large, limit=50))
    _, of_one = counting(large, lambda: runs.all(large, source="s5", limit=50))
    _, all_sources = counting(large, lambda: sources.all(large))
    watched, watching = counting(large, lambda: watch.all_sources(large))

    assert (len(newest), newest[0].id, len(watched)) == (50, RUNS, SOURCES)
    assert (listed, of_one, all_sources, watching) == (1, 2, 1, 5)


def test_staff_lists_take_a_bounded_number_of_statements(large):
    client = inside(large)
    told, listed = counting(large, lambda: client.get("/staff/sources"))
    _, of_runs = counting(large, lambda: client.get("/staff/runs"))
    _, coming = counting(large, lambda: client.get("/staff/next"))

    assert document(told).xpath("count(//tbody/tr)") == PER_PAGE
    assert (listed, of_runs, coming) == (5 + OFTEN, 1 + OFTEN, 4 + OFTEN)


def test_what_comes_next_takes_four_statements(large):
    now = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)

    found, sent = counting(large, lambda: outlook(large, NIGHTLY, now))

    assert (len(found.next), sent) == (SOURCES + 3, 4)


def test_a_clock_reads_the_sources_once_and_again_when_one_changes(large):
    with (
        counted(large, "ORDER BY source.code") as read,
        counted(large) as sent,
        beside(Clock(large, NIGHTLY, REST_SECONDS).run),
    ):
        wait_until(lambda: sent() > LOOKS)
        before = read()
        sources.change(large, replace(sources.get(large, "s7"), schedule="daily 02:31"))
        wait_until(lambda: read() > before)
        seen = sent()
        wait_until(lambda: sent() > seen + LOOKS)

        assert (before, read()) == (1, 2)


def test_a_clock_that_begins_after_a_year_queues_each_source_once(large):
    for number in range(3):
        source = sources.get(large, f"s{number}")
        sources.change(large, replace(source, schedule="every 1 minutes"))
    clockwork.saw(large, int((datetime.now(UTC) - timedelta(days=365)).timestamp()))
    with beside(Clock(large, NIGHTLY, REST_SECONDS).run):
        wait_until(lambda: len(queue.waiting(large, KIND)) == SOURCES)

    assert job_key("s1") in queue.waiting(large, KIND)


@contextmanager
def all_paused_and_queued(large: Database) -> Iterator[None]:
    """Pause all sources, and queue a harvest of each, for as long as the block."""
    keep = "UPDATE source SET settings = :settings WHERE code = :code"
    end = update(JobRow).where(JobRow.state == "queued", JobRow.kind == KIND)
    with large.write.begin() as connection:
        before = [dict(row._mapping) for row in connection.execute(text(_SETTINGS))]
        told = [
            row | {"settings": json.dumps(json.loads(row["settings"]) | {"paused": True})}
            for row in before
        ]
        connection.execute(text(keep), told)
        connection.execute(end.values(state="failed"))
        rows = [{"kind": KIND, "key": job_key(row["code"]), "state": "queued"} for row in before]
        connection.execute(insert(JobRow), rows)
    yield
    with large.write.begin() as connection:
        connection.execute(text(keep), before)
        connection.execute(end.values(state="failed"))


def test_a_worker_looks_at_a_thousand_that_may_not_begin_by_the_hundred(large, tmp_path):
    line = Line(
        db=large,
        raw_store=FolderRawStore(tmp_path),
        identity=HubIdentity(),
        http=LOOPBACK,
        timetable=NIGHTLY,
    )
    with all_paused_and_queued(large):
        found, sent = counting(large, lambda: list(ready(line)))
        due = queue.due(large, KIND)

    assert (found, len(due)) == ([], SOURCES)
    assert sent < SOURCES / 20
