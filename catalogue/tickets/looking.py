"""Tickets as they are looked at: page by page, and one with all that is to be known for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from catalogue import libraries
from catalogue.database import Database
from catalogue.sql import Query, table
from catalogue.tables import ClusterRow, LibraryRow, MemberRow, RecordRow, SourceRow
from catalogue.tickets.errors import NoSuchTicket
from catalogue.tickets.model import (
    MOST_PARTS,
    UNFINISHED,
    Event,
    Kind,
    Owned,
    Part,
    State,
    Ticket,
    Wanted,
    Whole,
)
from catalogue.tickets.tables import TicketEventRow, TicketLibraryRow, TicketRow

_tickets, _owned, _events = table(TicketRow), table(TicketLibraryRow), table(TicketEventRow)
_clusters, _libraries = table(ClusterRow), table(LibraryRow)
_GREATEST = 2**63 - 1
MOST_COUNTED = 1000
"""Beyond this nobody counts."""


def listing(database: Database, wanted: Wanted) -> list[Ticket]:
    """Return the newest tickets first. Raises NoSuchLibrary."""
    with database.reading_primary() as connection:
        library = libraries.key_of(connection, wanted.library) if wanted.library else None
        return some(connection, _numbers(connection, wanted, library))


def get(database: Database, number: int, library: str = "") -> Whole:
    """Return a ticket with its history, and the records that it is about.

    With a library's code only if it concerns that, and only what is that library's or of staff:
    which others it concerns may not be for all. Raises NoSuchTicket.
    """
    with database.reading_primary() as connection:
        if library and not concerns(connection, number, library):
            raise NoSuchTicket(number=number)
        return _whole(connection, number, library)


def concerns(connection: Connection, number: int, library: str) -> bool:
    """Tell whether a ticket concerns the library of a code, within a snapshot."""
    key = libraries.key_of(connection, library)
    query = select(_owned.c.ticket_id).where(
        _owned.c.ticket_id == number, _owned.c.library_id == key
    )
    return connection.execute(query).first() is not None


def _whole(connection: Connection, number: int, library: str) -> Whole:
    found = some(connection, [number])
    if not found:
        raise NoSuchTicket(number=number)
    return Whole(
        ticket=found[0],
        events=tuple(
            each
            for each in _history(connection, number)
            if not library or each.library in ("", library)
        ),
        parts=_parts(connection, number, library),
    )


def unfinished(database: Database, library: str = "") -> int:
    """Return how many tickets there are to work on, of all or of a library, up to MOST_COUNTED."""
    with database.reading() as connection:
        key = libraries.key_of(connection, library) if library else None
        return count_unfinished(connection, key)


def count_unfinished(connection: Connection, library_id: int | None) -> int:
    """Return the same for a library's key, within a snapshot."""
    rows = _tickets if library_id is None else _owned
    query = select(rows.c.state).where(rows.c.state.in_([each.value for each in UNFINISHED]))
    if library_id is not None:
        query = query.where(_owned.c.library_id == library_id)
    counted = select(func.count()).select_from(query.limit(MOST_COUNTED).subquery())
    return int(connection.execute(counted).scalar_one())


def some(connection: Connection, numbers: Sequence[int]) -> list[Ticket]:
    """Return the tickets of these numbers that there are, the newest first."""
    owned = _owners(connection, numbers)
    return [
        _ticket(row, owned)
        for row in connection.execute(
            _query().where(_tickets.c.id.in_(numbers)).order_by(_tickets.c.id.desc())
        )
    ]


def _numbers(connection: Connection, wanted: Wanted, library: int | None) -> list[int]:
    """Return the numbers of a page: each state is read from its own index, then put together."""
    if wanted.state is None and wanted.finished:
        states: Sequence[State | None] = (None,)
    else:
        states = UNFINISHED if wanted.state is None else (wanted.state,)
    found: list[int] = []
    for state in states:
        found += connection.scalars(_of_state(wanted, library, state))
    return sorted(found, reverse=True)[: wanted.limit]


def _of_state(wanted: Wanted, library: int | None, state: State | None) -> Query:
    rows, number = (_tickets, _tickets.c.id)
    if library is not None:
        rows, number = (_owned, _owned.c.ticket_id)
    before = _GREATEST if wanted.before is None else wanted.before
    query = select(number).where(number < before).order_by(number.desc()).limit(wanted.limit)
    if library is not None:
        query = query.where(_owned.c.library_id == library)
    return query if state is None else query.where(rows.c.state == state.value)


def _query() -> Query:
    heir = aliased(ClusterRow)
    record = func.coalesce(heir.public_id, ClusterRow.public_id).label("record")
    return (
        select(_tickets, record)
        .join(ClusterRow, ClusterRow.id == _tickets.c.cluster_id)
        .outerjoin(heir, heir.id == ClusterRow.successor_id)
    )


def _owners(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Owned]]:
    query = (
        select(_owned.c.ticket_id, _libraries.c.code, _libraries.c.name)
        .join(_libraries, _libraries.c.id == _owned.c.library_id)
        .where(_owned.c.ticket_id.in_(numbers))
        .order_by(_libraries.c.code)
    )
    found: defaultdict[int, list[Owned]] = defaultdict(list)
    for number, code, name in connection.execute(query):
        found[number].append(Owned(code=code, name=name or code))
    return found


def _history(connection: Connection, number: int) -> tuple[Event, ...]:
    query = (
        select(_events, _libraries.c.code, _libraries.c.name)
        .outerjoin(_libraries, _libraries.c.id == _events.c.library_id)
        .where(_events.c.ticket_id == number)
        .order_by(_events.c.id)
    )
    return tuple(
        Event(
            at=row.at,
            person=row.person,
            library=row.code or "",
            name=row.name or row.code or "",
            state=State(row.state),
            note=row.note,
        )
        for row in connection.execute(query)
    )


def _parts(connection: Connection, number: int, library: str) -> tuple[Part, ...]:
    home = (
        select(func.coalesce(_clusters.c.successor_id, _clusters.c.id))
        .join(_tickets, _tickets.c.cluster_id == _clusters.c.id)
        .where(_tickets.c.id == number)
        .scalar_subquery()
    )
    query = (
        select(
            _libraries.c.code.label("library"),
            SourceRow.code.label("source"),
            RecordRow.identifier,
            RecordRow.id.label("key"),
        )
        .join(SourceRow, SourceRow.library_id == _libraries.c.id)
        .join(RecordRow, RecordRow.source_id == SourceRow.id)
        .join(MemberRow, MemberRow.record_id == RecordRow.id)
        .where(MemberRow.cluster_id == home)
        .order_by(_libraries.c.code, SourceRow.code, RecordRow.identifier)
        .limit(MOST_PARTS)
    )
    if library:
        query = query.where(_libraries.c.id == libraries.key_of(connection, library))
    return tuple(Part(**row._mapping) for row in connection.execute(query))


def _ticket(row: Any, owned: dict[int, list[Owned]]) -> Ticket:
    return Ticket(
        id=row.id,
        record=row.record,
        title=row.title,
        kind=Kind(row.kind),
        text=row.text,
        state=State(row.state),
        opened=row.opened,
        changed=row.changed,
        answerable=bool(row.mail),
        language=row.language,
        answer=row.answer,
        rev=row.rev,
        libraries=tuple(owned.get(row.id, ())),
    )
