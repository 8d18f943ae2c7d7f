"""What is kept of holdings without records, for those who look: lists, rows and the work list."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text, tuple_

from catalogue import libraries
from catalogue.database import Database
from catalogue.holdings.errors import NoSuchHoldingList
from catalogue.holdings.model import WORK, Choice, Found, HoldingList, Row, Stored
from catalogue.search import showing
from catalogue.sql import Query, chunks, table
from catalogue.tables import (
    ClusterRow,
    HoldingListRow,
    HoldingRow,
    LibraryRow,
    MemberRow,
)

_STEP = 1000
_lists, _rows = table(HoldingListRow).c, table(HoldingRow).c
_WORK = tuple(found.value for found in WORK)
_ALL = 1_000_000


def lists(
    database: Database, library: str = "", after: tuple[str, str] = ("", ""), limit: int = _ALL
) -> list[HoldingList]:
    """Return the next lists, of all libraries or of one, with what came of their rows.

    They come by library and name, ``after`` those of another. Raises NoSuchLibrary.
    """
    query = (
        select(*_lists, LibraryRow.code)
        .join(LibraryRow, LibraryRow.id == _lists.library_id)
        .where(tuple_(LibraryRow.code, _lists.name) > tuple_(*after))
        .order_by(LibraryRow.code, _lists.name)
        .limit(limit)
    )
    with database.reading() as connection:
        if library:
            query = query.where(_lists.library_id == libraries.key_of(connection, library))
        found = connection.execute(query).all()
        sums = _sums(connection, [row.id for row in found])
        waiting = _waiting(connection, [row.id for row in found])
    return [_list(row, sums[row.id], waiting.get(row.id, 0)) for row in found]


def _sums(connection: Connection, keys: Sequence[int]) -> defaultdict[int, Counter[Found]]:
    query = select(_rows.list_id, _rows.found, func.count()).group_by(_rows.list_id, _rows.found)
    found: defaultdict[int, Counter[Found]] = defaultdict(Counter)
    for chunk in chunks(keys):
        for key, state, count in connection.execute(query.where(_rows.list_id.in_(chunk))):
            found[key][Found(state)] = count
    return found


def _waiting(connection: Connection, keys: Sequence[int]) -> dict[int, int]:
    query = select(_rows.list_id, func.count()).where(text("waits")).group_by(_rows.list_id)
    return {
        key: count
        for chunk in chunks(keys)
        for key, count in connection.execute(query.where(_rows.list_id.in_(chunk)))
    }


def _list(row: Any, sums: Counter[Found], waiting: int) -> HoldingList:
    return HoldingList(
        library=row.code,
        name=row.name,
        columns=row.columns,
        author=row.author,
        put=row.put,
        whole=row.whole,
        rows=sums.total(),
        matched=sums[Found.MATCHED],
        work=sum(sums[state] for state in WORK),
        waiting=waiting,
    )


def counts(database: Database, library: str, name: str) -> dict[Found, int]:
    """Return how many rows of a list were found what, kinds without any left out.

    Raises NoSuchLibrary, NoSuchHoldingList.
    """
    [(list_id, _)] = _found(database, library, name)
    with database.reading() as connection:
        found = _sums(connection, [list_id])[list_id]
    return {state: found[state] for state in Found if state in found}


def columns_of(database: Database, library: str, name: str) -> str:
    """Return the column map a list was read by last, or nothing. Raises NoSuchLibrary."""
    with database.reading_primary() as connection:
        query = select(_lists["columns"]).where(
            _lists.library_id == libraries.key_of(connection, library), _lists.name == name
        )
        return connection.execute(query).scalar() or ""


def rows(
    database: Database, library: str, name: str = "", *, work: bool = False
) -> Iterator[tuple[str, Stored]]:
    """Yield the rows of a library's lists, or of one, with their lists' names, by list and line.

    With ``work`` only those that are to be looked at. Their contents are read some at a time: what
    is withdrawn meanwhile is left out. Raises NoSuchLibrary, NoSuchHoldingList.
    """
    for list_id, found in _found(database, library, name):
        for chunk in chunks(_keys(database, list_id, work=work), _STEP):
            with database.reading() as connection:
                query = _of(list_id).where(_rows.id.in_(chunk)).order_by(_rows.line, _rows.id)
                step = _all_stored(connection, connection.execute(query).all())
            yield from ((found, row) for row in step)


def _keys(database: Database, list_id: int, *, work: bool) -> Sequence[int]:
    query = select(_rows.id).where(_rows.list_id == list_id).order_by(_rows.line, _rows.id)
    if work:
        query = query.where(_rows.found.in_(_WORK))
    with database.reading() as connection:
        return connection.execute(query).scalars().all()


class Wanted(NamedTuple):
    """Which rows of a list a page shows: those of which this was found, after a line and key."""

    found: Found
    after: tuple[int, int] = (0, 0)
    limit: int = 50


def page(database: Database, library: str, name: str, wanted: Wanted) -> list[tuple[int, Stored]]:
    """Return the next rows of a list, with their keys. Raises NoSuchLibrary, NoSuchHoldingList."""
    [(list_id, _)] = _found(database, library, name)
    with database.reading() as connection:
        query = _of(list_id).where(_rows.found == wanted.found.value)
        return _next(connection, query, wanted.after, wanted.limit)


def _found(database: Database, library: str, name: str) -> list[tuple[int, str]]:
    with database.reading() as connection:
        query = select(_lists.id, _lists.name).where(
            _lists.library_id == libraries.key_of(connection, library)
        )
        query = query.where(_lists.name == name) if name else query.order_by(_lists.name)
        found = [(key, listed) for key, listed in connection.execute(query)]
    if name and not found:
        raise NoSuchHoldingList(library=library, name=name)
    return found


def _of(list_id: int) -> Query:
    return (
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


def _next(
    connection: Connection, query: Query, after: tuple[int, int], limit: int
) -> list[tuple[int, Stored]]:
    line, key = after
    later = (_rows.line > line) | ((_rows.line == line) & (_rows.id > key))
    ordered = query.where(_rows.line >= line, later).order_by(_rows.line, _rows.id).limit(limit)
    found = connection.execute(ordered).all()
    return [(row.id, each) for row, each in zip(found, _all_stored(connection, found), strict=True)]


def _all_stored(connection: Connection, found: Sequence[Any]) -> list[Stored]:
    choices = [_choices(row.candidates) for row in found]
    meant = {choice.cluster for some in choices for choice in some}
    wanted = meant | {row.public_id for row in found if row.public_id}
    titles = showing.titles(connection, wanted, "public")
    return [_stored(row, some, titles) for row, some in zip(found, choices, strict=True)]


def _choices(text: str) -> list[Choice]:
    return [Choice(cluster, score, tuple(reasons)) for cluster, score, reasons in json.loads(text)]


def _stored(row: Any, choices: Iterable[Choice], titles: Mapping[str, str]) -> Stored:
    return Stored(
        line=row.line,
        identity=row.identity,
        row=Row.from_json(row.content),
        found=Found(row.found),
        waits=row.waits,
        cluster=row.public_id or "",
        title=titles.get(row.public_id or "", ""),
        choices=tuple(each._replace(title=titles.get(each.cluster)) for each in choices),
    )
