"""What a changed record costs to place does not grow with the catalogue it is in."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.pool import Pool

from bench.seed import member_run, put, seed
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from hub.bench.generate import BLOCK, Holding, Recipe, block
from support.pages import HUB

CHANGED = 200
MOST = 1.5
"""How many times the work may be in a catalogue several times as large."""
_STEP = 20
"""Instructions of SQLite between two counts."""


class Work(NamedTuple):
    """Instructions SQLite executed (in steps), and rows it changed."""

    steps: int
    rows: int


@contextmanager
def counting() -> Iterator[list[object]]:
    """Give what counts the work of all connections that are opened meanwhile."""
    steps: list[object] = []

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(lambda: steps.append(None), _STEP)

    event.listen(Pool, "connect", connected)
    yield steps
    event.remove(Pool, "connect", connected)


def placed(url: str, size: int) -> Work:
    """Add records to a catalogue of a size, and return what placing one of them took."""
    seed(url, Recipe(), size, processes=2)
    with counting() as steps:
        database = Database.open(url)
        held: defaultdict[int, list[Holding]] = defaultdict(list)
        for holding in block(Recipe(), size // BLOCK)[:CHANGED]:
            held[holding.member].append(holding)
        for member, holdings in held.items():
            put(database, member_run(database, member), holdings)
        before = len(steps), _changes(database)
        while waiting(database):
            place(database, HUB)
        after = len(steps), _changes(database)
        database.close()
    return Work(after[0] - before[0], after[1] - before[1])


def _changes(database: Database) -> int:
    """Return how many rows the writing connection has changed so far."""

    def work(connection: Connection) -> int:
        written = connection.connection.driver_connection
        assert written is not None
        return int(written.total_changes)

    return database.writing(work)


@pytest.mark.parametrize(
    ("small", "large"),
    [(1000, 3_000), pytest.param(10_000, 1_000_000, marks=pytest.mark.soak)],
)
def test_placing_a_record_reads_and_writes_as_much_in_a_larger_catalogue(
    tmp_path: Path, small: int, large: int
) -> None:
    little, much = (placed(f"sqlite:///{tmp_path}/{size}.db", size) for size in (small, large))

    assert 0 < much.steps < MOST * little.steps
    assert 0 < much.rows < MOST * little.rows
