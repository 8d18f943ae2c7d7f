"""Files that libraries give for their lists: one that was checked waits here until it is taken in.

What somebody says yes to is the file that was checked, on the list that it was compared with. Of a
list one file waits at most, and one that waited for long is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from catalogue import libraries
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.holdings.errors import NoSuchHoldingFile
from catalogue.sql import table
from catalogue.tables import HoldingDeliveryRow, HoldingListRow

WAITS_SECONDS = 14 * 24 * 3600
"""After so long a file that nobody took in is forgotten."""
_rows, _lists = table(HoldingDeliveryRow), table(HoldingListRow).c
_c = _rows.c
_SHOWN = ("id", "list", "file", "sha256", "author", "at", "taken", "columns", "encoding", "turn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A file as it was given for a list."""

    id: int = 0
    """0 until it is stored."""
    list: str
    file: str
    """Its name."""
    sha256: str = ""
    """Hexadecimal; empty where it was not kept."""
    author: str
    at: int = 0
    """When it was checked or taken in, epoch seconds."""
    taken: bool = False
    columns: str = ""
    encoding: str = ""
    turn: int = 0
    """Which state of its list it was compared with; 0 where there was none."""
    report: Mapping[str, Any] = field(default_factory=dict)
    """What came of it; JSON."""


def wait(database: Database, library: str, wanted: Delivery, body: bytes) -> int:
    """Keep a file that was checked, in place of any other that waits for its list.

    The same file for the same list, read the same way, waits on under its number: who presses the
    button twice keeps it once. Raises NoSuchLibrary.
    """

    def work(connection: Connection) -> int:
        key = libraries.key_of(connection, library)
        waiting = (_c.library_id == key) & (_c.list == wanted.list) & ~_c.taken
        before = connection.execute(select(_rows).where(waiting)).first()
        if before is not None and _same(before, wanted):
            _report(connection, before.id, wanted)
            return int(before.id)
        connection.execute(delete(_rows).where(waiting))
        return _add(connection, key, wanted, body)

    return database.writing(work)


def note(database: Database, library: str, wanted: Delivery) -> None:
    """Note a file that was taken in at once. Raises NoSuchLibrary."""

    def work(connection: Connection) -> None:
        key = libraries.key_of(connection, library)
        _add(connection, key, replace(wanted, taken=True), None)

    database.writing(work)


def checked_anew(database: Database, number: int, wanted: Delivery) -> None:
    """Keep what came of another check of a file that waits."""
    database.writing(lambda connection: _report(connection, number, wanted))


def taken_in(database: Database, number: int, report: Mapping[str, Any]) -> None:
    """Note that a file that waited is taken in: the file itself is kept no longer."""
    values = {"taken": True, "at": wall_clock(), "report": _json(report), "body": None}
    change = update(_rows).where(_c.id == number, ~_c.taken).values(values)
    database.writing(lambda connection: connection.execute(change))


def discard(database: Database, library: str, number: int) -> None:
    """Throw a file away that waits; one that is gone stays gone. Raises NoSuchLibrary."""

    def work(connection: Connection) -> None:
        key = libraries.key_of(connection, library)
        this = (_c.id == number) & (_c.library_id == key) & ~_c.taken
        connection.execute(delete(_rows).where(this))

    database.writing(work)


def get(database: Database, library: str, number: int) -> Delivery:
    """Return a file of a library, waiting or taken in. Raises NoSuchHoldingFile."""
    return _one(database, library, number)[0]


def body(database: Database, library: str, number: int) -> tuple[Delivery, bytes]:
    """Return a file that waits, with what stands in it. Raises NoSuchHoldingFile."""
    found, octets = _one(database, library, number)
    if octets is None:
        raise NoSuchHoldingFile(number=number)
    return found, octets


def waiting(database: Database, library: str) -> list[Delivery]:
    """Return the files of a library that wait, the newest first. Raises NoSuchLibrary."""
    return _some(database, library, ~_c.taken, ())


def history(database: Database, library: str, before: int, limit: int) -> list[Delivery]:
    """Return the newest files of a library that were taken in, of numbers below one.

    ``before`` is 0 for the newest of all. Raises NoSuchLibrary.
    """
    which = _c.taken & (_c.id < before) if before else _c.taken
    return _some(database, library, which, (limit,))


def last_same(database: Database, library: str, wanted: Delivery) -> Delivery | None:
    """Return when just this file was taken in last for its list, if it ever was."""
    same = (_c.list == wanted.list) & (_c.sha256 == wanted.sha256) & _c.taken
    return next(iter(_some(database, library, same, (1,))), None)


def turn_of(database: Database, library: str, name: str) -> int:
    """Return what tells the state of a list from any other; 0 where there is none."""
    with database.reading_primary() as connection:
        key = libraries.key_of(connection, library)
        query = select(_lists.turn).where(_lists.library_id == key, _lists.name == name)
        return connection.execute(query).scalar() or 0


def forget(database: Database) -> None:
    """Remove files that waited longer than anybody will come back for them."""
    old = _c.at < wall_clock() - WAITS_SECONDS
    gone = delete(_rows).where(~_c.taken, old)
    database.writing(lambda connection: connection.execute(gone))


def _one(database: Database, library: str, number: int) -> tuple[Delivery, bytes | None]:
    with database.reading_primary() as connection:
        key = libraries.key_of(connection, library)
        this = (_c.id == number) & (_c.library_id == key)
        row = connection.execute(select(_rows).where(this)).one_or_none()
    if row is None:
        raise NoSuchHoldingFile(number=number)
    return _delivery(row), row.body


def _some(
    database: Database, library: str, which: ColumnElement[bool], limit: Sequence[int]
) -> list[Delivery]:
    columns = [*(_c[name] for name in _SHOWN), _c.report]
    with database.reading_primary() as connection:
        key = libraries.key_of(connection, library)
        query = select(*columns).where(_c.library_id == key, which).order_by(_c.id.desc())
        for most in limit:
            query = query.limit(most)
        return [_delivery(row) for row in connection.execute(query)]


def _add(connection: Connection, library: int, wanted: Delivery, octets: bytes | None) -> int:
    row = {name: getattr(wanted, name) for name in _SHOWN if name not in ("id", "at")}
    row |= {"library_id": library, "at": wall_clock(), "body": octets}
    row["report"] = _json(wanted.report)
    made = insert(_rows).values(row).returning(_c.id)
    return int(connection.execute(made).scalar_one())


def _report(connection: Connection, number: int, wanted: Delivery) -> None:
    values = {"report": _json(wanted.report), "turn": wanted.turn, "at": wall_clock()}
    connection.execute(update(_rows).where(_c.id == number, ~_c.taken).values(values))


def _same(row: Any, wanted: Delivery) -> bool:
    names = ("sha256", "columns", "encoding", "file")
    return all(getattr(row, name) == getattr(wanted, name) for name in names)


def _json(report: Mapping[str, Any]) -> str:
    return json.dumps(dict(report), ensure_ascii=False)


def _delivery(row: Any) -> Delivery:
    told = {name: getattr(row, name) for name in _SHOWN}
    return Delivery(**told, report=json.loads(row.report))
