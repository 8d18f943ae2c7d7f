"""The records as the sources delivered them, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from catalogue.database import Database
from catalogue.errors import NoSuchRecord, NoSuchSource
from catalogue.model import RecordState, StoredRecord
from catalogue.raw import unpack
from catalogue.sql import Query
from catalogue.tables import (
    ClusterRow,
    LibraryRow,
    MemberRow,
    ProblemRow,
    RecordRow,
    SourceRow,
)
from crosswalks import stored
from crosswalks.text import storable

_STEP = 1000


def parted(name: str) -> tuple[str, str]:
    """Return source and identifier of a record's name. Raises NoSuchRecord for another text."""
    source, slash, identifier = name.partition("/")
    if not slash:
        raise NoSuchRecord(name=name)
    return source, identifier


def get(database: Database, source: str, identifier: str) -> StoredRecord:
    """Return one record whole. Raises NoSuchRecord."""
    with database.reading() as connection:
        row = connection.execute(
            _query(RecordRow.raw, RecordRow.parsed).where(
                SourceRow.code == storable(source), RecordRow.identifier == storable(identifier)
            )
        ).one_or_none()
        if row is None:
            raise NoSuchRecord(name=f"{source}/{identifier}")
        return _record(row, _problems(connection, row.id))


def listing(database: Database, source: str) -> Iterator[StoredRecord]:
    """Yield a source's records in the order they first came, without their content.

    Each step is a short read of its own, so a long list holds no lock. Raises NoSuchSource.
    """
    with database.reading() as connection:
        source_id = connection.execute(
            select(SourceRow.id).where(SourceRow.code == source)
        ).scalar()
    if source_id is None:
        raise NoSuchSource(name=source)
    last = 0
    while rows := _step(database, source_id, last):
        last = rows[-1].id
        yield from rows


def of_cluster(connection: Connection, cluster_id: int) -> tuple[StoredRecord, ...]:
    """Return the members of a cluster by name, with their content."""
    rows = connection.execute(
        _query(RecordRow.raw, RecordRow.parsed)
        .where(MemberRow.cluster_id == cluster_id)
        .order_by(SourceRow.code, RecordRow.identifier)
    ).all()
    return tuple(_record(row, ()) for row in rows)


def _step(database: Database, source_id: int, last: int) -> list[StoredRecord]:
    query = (
        _query()
        .where(RecordRow.source_id == source_id, RecordRow.id > last)
        .order_by(RecordRow.id)
        .limit(_STEP)
    )
    with database.reading() as connection:
        return [_record(row, ()) for row in connection.execute(query)]


def _query(*content: Any) -> Query:
    return (
        select(
            RecordRow.id,
            SourceRow.code.label("source"),
            LibraryRow.code.label("library"),
            RecordRow.identifier,
            RecordRow.datestamp,
            RecordRow.state,
            RecordRow.format,
            ClusterRow.public_id.label("cluster"),
            *content,
        )
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .outerjoin(MemberRow, MemberRow.record_id == RecordRow.id)
        .outerjoin(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
    )


def _problems(connection: Connection, record_id: int) -> tuple[dict[str, str], ...]:
    rows = connection.execute(
        select(
            ProblemRow.code,
            ProblemRow.severity,
            ProblemRow.field,
            ProblemRow.sample,
            ProblemRow.detail,
        )
        .where(ProblemRow.record_id == record_id)
        .order_by(ProblemRow.id)
    )
    return tuple(dict(row._mapping) for row in rows)


def _record(row: Any, problems: tuple[dict[str, str], ...]) -> StoredRecord:
    raw = getattr(row, "raw", None)
    parsed = getattr(row, "parsed", None)
    return StoredRecord(
        id=row.id,
        source=row.source,
        library=row.library,
        identifier=row.identifier,
        datestamp=row.datestamp,
        state=RecordState(row.state),
        format=row.format,
        raw=unpack(raw) if raw else b"",
        record=stored.from_json(parsed) if parsed else None,
        cluster=row.cluster or "",
        problems=problems,
    )
