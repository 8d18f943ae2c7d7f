"""Sources, harvests and records that are one library's.

Whatever number is asked for: what is another library's is not there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, union_all

from catalogue import runs, sources
from catalogue.database import Database
from catalogue.errors import NoSuchSource
from catalogue.joining.tables import JoiningRow
from catalogue.model import Run, Source
from catalogue.sql import Query, table
from catalogue.tables import DeliveryRow, LibraryRow, RawPageRow, RecordRow, RunRow, SourceRow
from crosswalks import stored

_FEW_SOURCES = 50
"""Sources whose lists are put together, each along its own index."""
_runs = table(RunRow).c
_records, _deliveries = table(RecordRow), table(DeliveryRow)


class Delivered(NamedTuple):
    """A record that a harvest delivered, or found missing."""

    identifier: str
    action: str
    """``added``, ``changed``, ``deleted``, ``quarantined`` or ``absent``."""
    held: bool
    """Whether it waits for a decision."""
    record: int | None
    """Its key; None where nothing is kept of it."""
    title: str
    """As it is kept now; empty where it was never read."""


def keys(connection: Connection, library: str, source: str = "") -> dict[int, str]:
    """Return the names of a library's sources, or of the one that is named, by key and in order."""
    query = (
        select(SourceRow.id, SourceRow.code)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(LibraryRow.code == library)
        .order_by(SourceRow.code)
    )
    if source:
        query = query.where(SourceRow.code == source)
    return {row.id: row.code for row in connection.execute(query)}


def sources_of(database: Database, library: str) -> list[Source]:
    """Return the sources of the library with this code, by name."""
    with database.reading() as connection:
        names = keys(connection, library).values()
        return list(sources.some(connection, names).values())


def source(database: Database, library: str, name: str) -> Source:
    """Return a source of a library. Raises NoSuchSource, for another library's as well."""
    found = sources.get(database, name)
    if found.library != library:
        raise NoSuchSource(name=name)
    return found


def system_told(database: Database, library: str) -> str:
    """Return which library system the library named when it applied to join; empty: it did not."""
    query = (
        select(JoiningRow.answers)
        .join(LibraryRow, LibraryRow.id == JoiningRow.library_id)
        .where(LibraryRow.code == library)
        .order_by(JoiningRow.id.desc())
        .limit(1)
    )
    with database.reading() as connection:
        answers = connection.scalar(query)
    return str(json.loads(answers).get("system", "")) if answers else ""


def runs_of(
    database: Database, library: str, source: str, before: int | None, limit: int
) -> list[Run]:
    """Return the newest harvests of a library's sources, or of one: those ``before`` one.

    A source that is not the library's has none.
    """
    with database.reading() as connection:
        theirs = [*keys(connection, library, source)]
        found = connection.scalars(_newest(theirs, before, limit)).all() if theirs else []
        return sorted(runs.some(connection, found), key=lambda run: -run.id)


def run(database: Database, library: str, number: int) -> Run | None:
    """Return a harvest of one of a library's sources, or None."""
    query = (
        select(RunRow.id)
        .join(SourceRow, SourceRow.id == RunRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(RunRow.id == number, LibraryRow.code == library)
    )
    with database.reading() as connection:
        key = connection.scalar(query)
        return runs.some(connection, [key])[0] if key else None


def first_address(database: Database, number: int) -> str:
    """Return what a harvest asked for first, as far as its pages are kept; else nothing."""
    query = (
        select(RawPageRow.url)
        .where(RawPageRow.run_id == number)
        .order_by(RawPageRow.number)
        .limit(1)
    )
    with database.reading() as connection:
        return connection.scalar(query) or ""


def delivered(database: Database, number: int, limit: int) -> list[Delivered]:
    """Return the first records that a harvest changed anything with."""
    source = select(_runs.source_id).where(_runs.id == number).scalar_subquery()
    told, kept = _deliveries.c, _records.c
    query = (
        select(told.identifier, told.action, told.state, kept.id, kept.parsed)
        .select_from(_deliveries)
        .outerjoin(_records, (kept.source_id == source) & (kept.identifier == told.identifier))
        .where(told.run_id == number)
        .order_by(told.seq)
        .limit(limit)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        Delivered(row.identifier, row.action, row.state == "held", row.id, _title(row.parsed))
        for row in rows
    ]


def source_of_record(database: Database, library: str, key: int) -> str | None:
    """Return which of a library's sources a record is of, by the source's name, or None."""
    query = (
        select(SourceRow.code)
        .join(RecordRow, RecordRow.source_id == SourceRow.id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(RecordRow.id == key, LibraryRow.code == library)
    )
    with database.reading() as connection:
        return connection.scalar(query)


def _newest(keys: Sequence[int], before: int | None, limit: int) -> Query:
    query = select(_runs.id).order_by(_runs.id.desc()).limit(limit)
    if before is not None:
        query = query.where(_runs.id < before)
    if len(keys) > _FEW_SOURCES:
        return query.where(_runs.source_id.in_(keys))
    each = [query.where(_runs.source_id == key).subquery() for key in keys]
    several = union_all(*(select(one.c.id) for one in each)).subquery()
    return select(several.c.id).order_by(several.c.id.desc()).limit(limit)


def _title(parsed: str | None) -> str:
    record = stored.from_json(parsed) if parsed else None
    return " ".join(record.values("245", "abnp")) if record else ""
