"""A hub moved from its SQLite file into PostgreSQL, row by row and compared.

The file is locked for as long as it takes, so nothing is written that would not come along; it is
left as it is. What arrives is one transaction. The search index is no part of it: each engine has
its own, and it is made of what is moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Integer, Table, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from catalogue import database as databases
from catalogue import queue
from catalogue.database import Database
from catalogue.every_table import METADATA
from catalogue.moving.errors import MovedDiffers, MoveStopped, MoveWhileWorking, NotToMoveThere
from catalogue.search import waiting
from catalogue.tables import LibraryRow, RecordRow
from crosswalks.errors import Said

_MODULUS = 1 << 128
_STEP = 2000
_SEARCH = "search_"
"""Begins the names of the tables of the search index."""


class Moved(NamedTuple):
    """A table that arrived whole."""

    table: str
    rows: int
    checksum: str
    """Of its rows in any order, the same on both sides."""


Tell = Callable[[Moved], None]


def move(source: Database, url: str, tell: Tell = lambda _: None) -> list[Moved]:
    """Copy a hub into an empty PostgreSQL database and return what arrived, table by table.

    Raises NotToMoveThere, MoveWhileWorking, DatabaseUnreachable; MoveStopped or MovedDiffers with
    nothing left in the new database.
    """
    _check(source, url)
    if not databases.schema_of(url):
        databases.upgrade(url)
    target = Database.open(url)
    try:
        with source.write.begin() as sending, target.write.begin() as receiving:
            for job in queue.living(sending):
                raise MoveWhileWorking(job=job)
            moved = _all(sending, receiving, tell)
        waiting.begin_anew(target)
        with target.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    finally:
        target.close()
    return moved


def _check(source: Database, url: str) -> None:
    if source.postgresql:
        raise NotToMoveThere(reason=Said("this one is not in SQLite", {}))
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise NotToMoveThere(reason=Said("this is no address of a database", {})) from error
    if kind != "postgresql":
        raise NotToMoveThere(reason=Said("this is no address of a PostgreSQL database", {}))


def _all(sending: Connection, receiving: Connection, tell: Tell) -> list[Moved]:
    for row in (LibraryRow, RecordRow):
        if receiving.execute(select(row.id).limit(1)).first() is not None:
            raise NotToMoveThere(reason=Said("there is a hub in it already", {}))
    tables = [each for each in METADATA.sorted_tables if not each.name.startswith(_SEARCH)]
    names = ", ".join(f'"{each.name}"' for each in METADATA.sorted_tables)
    # What the migrations put there: the clock, the first view and policy.
    receiving.execute(text(f"TRUNCATE {names}"))
    moved = []
    for each in tables:
        moved.append(_one(sending, receiving, each))
        tell(moved[-1])
    return moved


def _one(sending: Connection, receiving: Connection, moving: Table) -> Moved:
    sent = _Sum()
    try:
        _copy(sent.over(_rows(sending, moving)), receiving, moving)
    except receiving.dialect.loaded_dbapi.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise MoveStopped(table=moving.name, reason=reason) from error
    _number_on(receiving, moving)
    came = _Sum()
    for _ in came.over(_rows(receiving, moving)):
        pass
    if (sent.rows, sent.total) != (came.rows, came.total):
        raise MovedDiffers(table=moving.name, sent=sent.rows, came=came.rows)
    return Moved(moving.name, came.rows, f"{came.total:032x}")


def _copy(rows: Iterable[tuple[Any, ...]], receiving: Connection, moving: Table) -> None:
    columns = ", ".join(f'"{column.name}"' for column in moving.columns)
    driver: Any = receiving.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{moving.name}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _rows(connection: Connection, moving: Table) -> Iterator[tuple[Any, ...]]:
    """Yield rows as Python has them, whatever engine they come from."""
    query = select(moving).execution_options(stream_results=True, yield_per=_STEP)
    for row in connection.execute(query):
        yield tuple(row)


def _number_on(connection: Connection, moving: Table) -> None:
    """Have the engine give the next row the next number."""
    for column in moving.primary_key:
        is_number = isinstance(column.type, Integer | BigInteger)
        if not is_number or len(moving.primary_key) > 1:
            continue
        sequence = connection.execute(
            select(func.pg_get_serial_sequence(f'"{moving.name}"', column.name))
        ).scalar()
        if sequence is not None:
            highest = connection.execute(select(func.max(column))).scalar()
            connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))


class _Sum:
    """Counts rows that go by, and adds up what each is hashed to: in no order."""

    def __init__(self) -> None:
        self.rows = 0
        self.total = 0

    def over(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, each taken into the sum."""
        for row in rows:
            told = repr([bytes(each) if isinstance(each, memoryview) else each for each in row])
            one = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16)
            self.rows += 1
            self.total = (self.total + int.from_bytes(one.digest())) % _MODULUS
            yield row
