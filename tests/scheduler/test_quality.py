from __future__ import annotations

from threading import Event

import pytest

from catalogue import queue
from catalogue.database import Database
from catalogue.quality import reading
from scheduler import quality
from scheduler.model import Line
from support.engines import SQLITE_USUALLY
from support.filled import add_library, book, deliver
from support.lines import Hub, beside, wait_until
from support.staff import line

# What the engines do differently is tried out with the counting itself.
pytestmark = SQLITE_USUALLY


@pytest.fixture
def two(database: Database) -> Line:
    """Give the line of a hub of two libraries with a record each."""
    for code in ("A", "B"):
        add_library(database, code, code)
        deliver(database, code, {"1": book("Sách")})
    return line(database)


def counted(database: Database) -> list[str]:
    return [code for code in ("A", "B") if reading.of_library(database, code).at]


def test_a_worker_counts_what_was_never_counted_without_waiting_for_the_night(two: Line):
    quality.queue_if_never(two)
    done = quality.count_due(two, Event(), Event())
    quality.queue_if_never(two)

    assert done == 2
    assert counted(two.db) == ["A", "B"]
    assert quality.count_due(two, Event(), Event()) is None


def test_a_harvest_that_is_due_comes_first_and_the_rest_is_counted_after_it(two: Line):
    due = Event()
    due.set()
    quality.queue_count(two.db)

    assert quality.count_due(two, Event(), due) == 1
    assert counted(two.db) == ["A"]
    assert queue.next_due(two.db, quality.KIND) is not None
    assert quality.count_due(two, Event(), Event()) == 1
    assert counted(two.db) == ["A", "B"]
    assert reading.of_library(two.db, "A").libraries == 2


def test_a_hub_without_records_queues_nothing(database: Database):
    quality.queue_if_never(line(database))

    assert queue.next_due(database, quality.KIND) is None


def test_a_worker_does_it_when_it_begins(hub: Hub):
    add_library(hub.database, "A", "A")
    deliver(hub.database, "A", {"1": book("Sách")})
    with beside(hub.work):
        wait_until(lambda: reading.of_library(hub.database, "A").at)
