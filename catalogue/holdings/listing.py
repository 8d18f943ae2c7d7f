"""What is kept of holdings without records, for those who look: lists, rows and the work list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, func, select

from catalogue import libraries
from catalogue.database import Database
from catalogue.errors import NoSuchLibrary
from catalogue.holdings.errors import NoSuchHoldingList
from catalogue.holdings.model import WORK, Choice, Found, HoldingList, Row, Stored
from catalogue.sql import Query, table
from catalogue.tables import ClusterRow, HoldingListRow, HoldingRow, LibraryRow, MemberRow

_STEP = 1000
_lists, _rows = table(HoldingListRow).c, table(HoldingRow).c
_WORK = tuple(found.value for found in WORK)


def lists(database: Database, library: str = "") -> list[HoldingList]:
    """Return all lists, or those of a library, with what came of their rows.

    Raises NoSuchLibrary.
    """
    counted = (
        _rows.list_id,
        func.count().label("rows"),
        _count(_rows.found == Found.MATCHED.value).label("matched"),
        _count(_rows.found.in_(_WORK)).label("work"),
        _count(_rows.waits).label("waiting"),
    )
    sums = select(*counted).group_by(_rows.list_id).subquery()
    query = (
        select(*_lists, LibraryRow.code, *(sums.c[name] for name in _SUMS))
        .join(LibraryRow, LibraryRow.id == _lists.library_id)
        .outerjoin(sums, sums.c.list_id == _lists.id)
        .order_by(LibraryRow.code, _lists.name)
    )
    with database.reading() as connection:
        if library:
            query = query.where(_lists.library_id == _library(connection, library))
        return [_list(row) for row in connection.execute(query)]


_SUMS = ("rows", "matched", "work", "waiting")


def _count(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _list(row: Any) -> HoldingList:
    return HoldingList(
        library=row.code,
        name=row.name,
        columns=row.columns,
        author=row.author,
        put=row.put,
        whole=row.whole,
        **{name: getattr(row, name) or 0 for name in _SUMS},
    )


def rows(
    database: Database, library: str, name: str = "", *, work: bool = False
) -> Iterator[tuple[str, Stored]]:
    """Yield the rows of a library's lists, or of one, with their lists' names, by list and line.

    With ``work`` only those that are to be looked at. Read some at a time, so a list that is
    changed meanwhile may show rows of both. Raises NoSuchLibrary, NoSuchHoldingList.
    """
    for list_id, found in _found(database, library, name):
        for state in _WORK if work else (None,):
            for row in _walk(database, list_id, state):
                yield found, row


class Wanted(NamedTuple):
    """Which rows of a list a page shows: those of which this was found, after a line and key."""

    found: Found
    after: tuple[int, int] = (0, 0)
    limit: int = 50


def page(database: Database, library: str, name: str, wanted: Wanted) -> list[tuple[int, Stored]]:
    """Return the next rows of a list, with their keys. Raises NoSuchLibrary, NoSuchHoldingList."""
    [(list_id, _)] = _found(database, library, name)
    with database.reading() as connection:
        query = _of(list_id, wanted.found.value)
        return _next(connection, query, wanted.after, wanted.limit)


def _found(database: Database, library: str, name: str) -> list[tuple[int, str]]:
    with database.reading() as connection:
        query = select(_lists.id, _lists.name).where(
            _lists.library_id == _library(connection, library)
        )
        query = query.where(_lists.name == name) if name else query.order_by(_lists.name)
        found = [(key, listed) for key, listed in connection.execute(query)]
    if name and not found:
        raise NoSuchHoldingList(library=library, name=name)
    return found


def _library(connection: Connection, code: str) -> int:
    key = libraries.find(connection, code)
    if not key:
        raise NoSuchLibrary(code=code)
    return key


def _of(list_id: int, found: str | None) -> Query:
    query = (
        select(
            _rows.id,
            _rows.line,
            _rows.identity,
            _rows.content,
            _rows.found,
            _rows.waits,
            _rows.candidates,
            ClusterRow.public_id,
        )
        .outerjoin(MemberRow, MemberRow.record_id == _rows.record_id)
        .outerjoin(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
        .where(_rows.list_id == list_id)
    )
    return query if found is None else query.where(_rows.found == found)


def _walk(database: Database, list_id: int, found: str | None) -> Iterator[Stored]:
    after = (0, 0)
    while True:
        with database.reading() as connection:
            step = _next(connection, _of(list_id, found), after, _STEP)
        yield from (row for _, row in step)
        if len(step) < _STEP:
            return
        after = (step[-1][1].line, step[-1][0])


def _next(
    connection: Connection, query: Query, after: tuple[int, int], limit: int
) -> list[tuple[int, Stored]]:
    line, key = after
    later = (_rows.line > line) | ((_rows.line == line) & (_rows.id > key))
    ordered = query.where(_rows.line >= line, later).order_by(_rows.line, _rows.id).limit(limit)
    return [(row.id, _stored(row)) for row in connection.execute(ordered)]


def _stored(row: Any) -> Stored:
    return Stored(
        line=row.line,
        identity=row.identity,
        row=Row.from_json(row.content),
        found=Found(row.found),
        waits=row.waits,
        cluster=row.public_id or "",
        choices=tuple(
            Choice(cluster, score, tuple(reasons))
            for cluster, score, reasons in json.loads(row.candidates)
        ),
    )
