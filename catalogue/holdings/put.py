"""A library's list given, given again, and taken away.

What the file has new or otherwise is stored, what it lacks is withdrawn, and an unchanged row costs
nothing. In bounded steps: whoever was killed in the middle gives the file again, and only what is
still missing is stored.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalogue import libraries
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import NoSuchLibrary
from catalogue.holdings.errors import (
    BadListName,
    ListTakenOver,
    NoSuchHoldingList,
    TooManyRows,
    WouldWithdraw,
)
from catalogue.holdings.model import Found, Line, Put
from catalogue.holdings.touched import wake_anchors
from catalogue.sql import chunks, table
from catalogue.tables import HoldingKeyRow, HoldingListRow, HoldingRow, LibraryRow

_SPREAD = 52
"""Bits: more than enough that no two are alike, and they grow for ever within 63."""
STEP = 500
"""Rows stored in a transaction: SQLite's other writers wait for as long."""
MOST = 200_000
"""Rows of a list: what tells them apart is held in memory."""
SHRINK_PERCENT = 15
"""A file that lacks more of a list than that needs a person's word."""

BY_HAND = "one-by-one"
"""The list of what a library says of single records (``one``): no file may take its place."""
_NAME = re.compile(r"[\w.-]{1,60}")
_lists, _holdings, _keys = table(HoldingListRow), table(HoldingRow), table(HoldingKeyRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """Whose list is given, and how."""

    library: str
    """Its code or an alias."""
    list: str = "main"
    columns: str = ""
    author: str = ""
    accepts: bool = False
    """Whether a person said that it may lack so much."""
    dry_run: bool = False


class _Known(NamedTuple):
    """A stored row, as far as it matters whether the file has it."""

    id: int
    hash: bytes
    line: int


class Opened(NamedTuple):
    """The list that is being given."""

    id: int
    library: str
    turn: int


class Difference(NamedTuple):
    """What a file says otherwise than its list."""

    added: list[tuple[str, Line]]
    changed: list[tuple[int, Line]]
    moved: list[tuple[int, int]]
    """Rows that only stand in another line."""
    gone: list[int]
    unchanged: int = 0


def put(database: Database, giving: Giving, lines: Iterable[Line]) -> Put:
    """Make a library's list what a file says it is; return what that changed.

    Raises NoSuchLibrary, BadListName, TooManyRows, WouldWithdraw, and ListTakenOver where somebody
    else gave the list meanwhile.
    """
    if not _NAME.fullmatch(giving.list) or giving.list == BY_HAND:
        raise BadListName(name=giving.list)
    given = _named(lines)
    different = differing(database, giving, given)
    if not giving.dry_run:
        opened = database.writing(lambda connection: open_list(connection, giving))
        # Compared again: until now another delivery may have been under way.
        different = differing(database, giving, given)
        _store(database, opened, giving, different)
    return Put(
        library=libraries.get(database, giving.library).code,
        list=giving.list,
        rows=len(given.rows),
        added=len(different.added),
        changed=len(different.changed),
        unchanged=different.unchanged,
        withdrawn=len(different.gone),
        repeated=given.repeated,
    )


def remove(database: Database, library: str, name: str) -> int:
    """Take a list away; return how many rows it had. Raises NoSuchLibrary, NoSuchHoldingList."""
    with database.reading_primary() as connection:
        found = _find(connection, library, name)
        if found is None:
            raise NoSuchHoldingList(library=library, name=name)
    giving = Giving(library=library, list=name)
    opened = database.writing(lambda connection: open_list(connection, giving))
    database.writing(partial(begin, opened=opened, giving=giving))
    removed = 0
    while step := database.writing(lambda connection: _withdraw_any(connection, opened, name)):
        removed += step
    database.writing(
        lambda connection: connection.execute(
            delete(_lists).where(_lists.c.id == opened.id, _lists.c.turn == opened.turn)
        )
    )
    return removed


def retry(database: Database, library: str = "", *, all_rows: bool = False) -> int:
    """Have rows matched again that mean nothing for certain, or all; return how many wait for it.

    Raises NoSuchLibrary.
    """

    def work(connection: Connection) -> int:
        again = update(_holdings).where(~_holdings.c.waits)
        if library:
            of = select(_lists.c.id).where(_lists.c.library_id == _library(connection, library)[0])
            again = again.where(_holdings.c.list_id.in_(of))
        if not all_rows:
            again = again.where(_holdings.c.found != Found.MATCHED.value)
        return connection.execute(again.values(waits=True)).rowcount

    return database.writing(work)


class _Given(NamedTuple):
    """The rows of a file by their identity, and the hash of each."""

    rows: dict[str, Line]
    hashes: dict[str, bytes]
    repeated: int


def _named(lines: Iterable[Line]) -> _Given:
    """Return the rows by identity, whatever their order; what is said twice counts once."""
    found: dict[str, dict[bytes, Line]] = {}
    rows = repeated = 0
    for line in lines:
        same = found.setdefault(line.row.identity, {})
        content = line.row.hash
        repeated += content in same
        rows += content not in same
        same[content] = line
        if rows > MOST:
            raise TooManyRows(most=MOST)
    named = {
        # One number on several different rows: none may take another's place.
        (f"{identity}#{content.hex()[:8]}" if number else identity): (line, content)
        for identity, same in found.items()
        for number, (content, line) in enumerate(sorted(same.items(), key=_content))
    }
    return _Given(
        {identity: line for identity, (line, _) in named.items()},
        {identity: content for identity, (_, content) in named.items()},
        repeated,
    )


def _content(entry: tuple[bytes, Line]) -> bytes:
    return entry[0]


def differing(database: Database, giving: Giving, given: _Given) -> Difference:
    """Return what a file says otherwise than the stored list. Raises WouldWithdraw."""
    library, stored = _stored(database, giving)
    different = _compare(stored, given)
    if not giving.accepts:
        _check(giving, library, len(stored), len(different.gone))
    return different


def _compare(stored: dict[str, _Known], given: _Given) -> Difference:
    added, changed, moved = [], [], []
    unchanged = 0
    for identity, line in given.rows.items():
        known = stored.get(identity)
        if known is None:
            added.append((identity, line))
        elif known.hash != given.hashes[identity]:
            changed.append((known.id, line))
        else:
            unchanged += 1
            if known.line != line.number:
                moved.append((known.id, line.number))
    gone = [known.id for identity, known in stored.items() if identity not in given.rows]
    return Difference(added, changed, moved, gone, unchanged)


def _check(giving: Giving, library: str, rows: int, withdrawn: int) -> None:
    if withdrawn * 100 > rows * SHRINK_PERCENT:
        raise WouldWithdraw(
            library=library,
            name=giving.list,
            rows=rows,
            withdrawn=withdrawn,
            percent=SHRINK_PERCENT,
        )


def _stored(database: Database, giving: Giving) -> tuple[str, dict[str, _Known]]:
    """Return the library's own code, and the list's rows by identity."""
    with database.reading_primary() as connection:
        library = _library(connection, giving.library)[1]
        list_id = _find(connection, giving.library, giving.list)
        query = select(
            _holdings.c.identity, _holdings.c.id, _holdings.c.hash, _holdings.c.line
        ).where(_holdings.c.list_id == list_id)
        return library, {identity: _Known(*rest) for identity, *rest in connection.execute(query)}


def _library(connection: Connection, code: str) -> tuple[int, str]:
    key = libraries.find(connection, code)
    if not key:
        raise NoSuchLibrary(code=code)
    return key, connection.execute(select(LibraryRow.code).where(LibraryRow.id == key)).scalar_one()


def _find(connection: Connection, library: str, name: str) -> int | None:
    key, _ = _library(connection, library)
    return connection.execute(
        select(_lists.c.id).where(_lists.c.library_id == key, _lists.c.name == name)
    ).scalar()


def _store(database: Database, opened: Opened, giving: Giving, different: Difference) -> None:
    database.writing(partial(begin, opened=opened, giving=giving))
    for step in steps(different):
        database.writing(partial(write, opened=opened, giving=giving, step=step))

    database.writing(partial(close, opened=opened, name=giving.list))


def close(connection: Connection, opened: Opened, name: str) -> None:
    """Say that a delivery was stored to its end. Raises ListTakenOver."""
    _still_ours(connection, opened, name)
    connection.execute(update(_lists).where(_lists.c.id == opened.id).values(whole=True))


def steps(different: Difference) -> Iterable[Difference]:
    """Yield the difference in pieces: what is new first, so that what moves is never missing."""
    nothing = Difference([], [], [], [])
    yield from (nothing._replace(added=some) for some in chunks(different.added, STEP))
    yield from (nothing._replace(changed=some) for some in chunks(different.changed, STEP))
    yield from (nothing._replace(gone=some) for some in chunks(different.gone, STEP))
    yield from (nothing._replace(moved=some) for some in chunks(different.moved, STEP))


def open_list(connection: Connection, giving: Giving) -> Opened:
    """Begin a delivery of a list, which ends any other that is under way."""
    library_id, code = _library(connection, giving.library)
    query = select(_lists.c.id, _lists.c.turn).where(
        _lists.c.library_id == library_id, _lists.c.name == giving.list
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        turn = beginning()
        new = insert(_lists).values(
            library_id=library_id, name=giving.list, turn=turn, **_told(giving)
        )
        return Opened(connection.execute(new.returning(_lists.c.id)).scalar_one(), code, turn)
    again = update(_lists).where(_lists.c.id == row.id)
    connection.execute(again.values(turn=row.turn + 1))
    return Opened(row.id, code, row.turn + 1)


def _told(giving: Giving) -> dict[str, Any]:
    return {
        "columns": giving.columns,
        "author": giving.author,
        "put": wall_clock(),
        "whole": False,
    }


def begin(connection: Connection, opened: Opened, giving: Giving) -> None:
    """Say that the list is not whole from here on: nothing but its turn was changed before."""
    _still_ours(connection, opened, giving.list)
    connection.execute(update(_lists).where(_lists.c.id == opened.id).values(**_told(giving)))


def beginning() -> int:
    """Return where the turns of a new list, and the revs of a new row, begin.

    SQLite gives the id of what was removed to the next: only by these are the two told apart, by
    work that was begun before.
    """
    return secrets.randbits(_SPREAD)


def _still_ours(connection: Connection, opened: Opened, name: str) -> None:
    query = select(_lists.c.turn).where(_lists.c.id == opened.id).with_for_update()
    if connection.execute(query).scalar() != opened.turn:
        raise ListTakenOver(library=opened.library, name=name)


def write(connection: Connection, opened: Opened, giving: Giving, step: Difference) -> None:
    """Store a piece of a delivery. Raises ListTakenOver where another one began meanwhile."""
    _still_ours(connection, opened, giving.list)
    if step.added:
        connection.execute(insert(_holdings), [_new(opened, *each) for each in step.added])
    if step.changed:
        wake_anchors(connection, _anchors(connection, [row for row, _ in step.changed]))
        connection.execute(_CHANGE, [_changed(*each) for each in step.changed])
    if step.moved:
        connection.execute(_MOVE, [{"b_id": row, "b_line": line} for row, line in step.moved])
    _withdraw(connection, step.gone)


def _new(opened: Opened, identity: str, line: Line) -> dict[str, Any]:
    return {
        "list_id": opened.id,
        "identity": identity,
        "line": line.number,
        "hash": line.row.hash,
        "content": line.row.to_json(),
        "rev": beginning(),
        "waits": True,
        "found": Found.WAITING.value,
        "record_id": None,
        "candidates": "[]",
    }


def _changed(row: int, line: Line) -> dict[str, Any]:
    return {
        "b_id": row,
        "b_line": line.number,
        "b_hash": line.row.hash,
        "b_content": line.row.to_json(),
    }


_MOVE = (
    update(_holdings).where(_holdings.c.id == bindparam("b_id")).values(line=bindparam("b_line"))
)
_CHANGE = (
    update(_holdings)
    .where(_holdings.c.id == bindparam("b_id"))
    .values(
        line=bindparam("b_line"),
        hash=bindparam("b_hash"),
        content=bindparam("b_content"),
        rev=_holdings.c.rev + 1,
        waits=True,
    )
)


def _anchors(connection: Connection, rows: Sequence[int]) -> list[int | None]:
    query = select(_holdings.c.record_id).order_by(_holdings.c.id).with_for_update()
    return list(connection.execute(query.where(_holdings.c.id.in_(rows))).scalars())


def _withdraw(connection: Connection, rows: Sequence[int]) -> None:
    if rows:
        wake_anchors(connection, _anchors(connection, rows))
        connection.execute(delete(_keys).where(_keys.c.holding_id.in_(rows)))
        connection.execute(delete(_holdings).where(_holdings.c.id.in_(rows)))


def _withdraw_any(connection: Connection, opened: Opened, name: str) -> int:
    _still_ours(connection, opened, name)
    query = select(_holdings.c.id).where(_holdings.c.list_id == opened.id).limit(STEP)
    rows = list(connection.execute(query).scalars())
    _withdraw(connection, rows)
    return len(rows)
