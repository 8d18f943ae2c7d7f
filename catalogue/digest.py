"""One short text for all that a hub knows, equal for equal knowledge however it came about.

Records, verdicts, the partition into clusters, what each view shows of them and what libraries hold
by lists count; ids, stamps and the order of arrival are history and do not. Each fact is hashed by
itself and the hashes are added up, so nothing is sorted or held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from catalogue import facts as summed
from catalogue.database import Database
from catalogue.sql import Query
from catalogue.tables import (
    HoldingListRow,
    HoldingRow,
    ItemRow,
    LibraryRow,
    MasterRow,
    MemberRow,
    RecordRow,
    SourceRow,
    VerdictRow,
    ViewRow,
    WorkMemberRow,
)
from crosswalks import stored
from crosswalks.model import Control, Field, Record

_STEP = 2000


def digest(database: Database) -> str:
    """Return the digest in hex. Meaningful to compare when nothing waits to be placed."""
    with database.reading() as connection:
        total = 0
        for fact in facts(connection):
            total = summed.added((total, summed.weight(fact)))
    return summed.written(total)


def without_ids(record: Record) -> Record:
    """Return a master without what only history decides: its ids and its date of change."""
    hub = f"({record.control('003')})"
    fields = [field for field in record.fields if not _is_history(field, hub)]
    return replace(record, fields=tuple(fields))


def _is_history(field: object, hub: str) -> bool:
    if isinstance(field, Control):
        return field.tag in ("001", "003", "005")
    return isinstance(field, Field) and field.tag == "035" and field.first("z").startswith(hub)


def facts(connection: Connection) -> Iterator[list[Any]]:
    """Yield all that is known, in no particular order: each fact begins with its kind.

    Kinds are ``record``, ``verdict``, ``cluster``, ``work``, ``master`` and ``holding``.
    """
    yield from _records(connection)
    yield from _verdicts(connection)
    yield from _partition(connection)
    yield from _works(connection)
    yield from _masters(connection)
    yield from _holdings(connection)


def _records(connection: Connection) -> Iterator[list[Any]]:
    query = select(
        RecordRow.id,
        SourceRow.code,
        RecordRow.identifier,
        RecordRow.state,
        RecordRow.raw_hash,
        RecordRow.content_hash,
    ).join(SourceRow, SourceRow.id == RecordRow.source_id)
    for _, source, identifier, state, raw, content in _walk(connection, query, RecordRow.id):
        yield ["record", source, identifier, state, raw.hex(), content.hex()]


def _verdicts(connection: Connection) -> Iterator[list[Any]]:
    records = (aliased(RecordRow), aliased(RecordRow))
    sources = (aliased(SourceRow), aliased(SourceRow))
    query = select(
        sources[0].code,
        records[0].identifier,
        sources[1].code,
        records[1].identifier,
        VerdictRow.decision,
    ).select_from(VerdictRow)
    for end, record, source in zip((VerdictRow.a, VerdictRow.b), records, sources, strict=True):
        query = query.join(record, record.id == end).join(source, source.id == record.source_id)
    for a_source, a, b_source, b, decision in connection.execute(query):
        yield ["verdict", *sorted([[a_source, a], [b_source, b]]), decision]


def _partition(connection: Connection) -> Iterator[list[Any]]:
    query = (
        select(MemberRow.cluster_id, SourceRow.code, RecordRow.identifier)
        .join(RecordRow, RecordRow.id == MemberRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
    )
    rows = _walk(connection, query, MemberRow.cluster_id)
    for _, members in groupby(rows, key=lambda row: row[0]):
        yield summed.cluster((source, identifier) for _, source, identifier in members)


def _works(connection: Connection) -> Iterator[list[Any]]:
    query = (
        select(WorkMemberRow.work_id, SourceRow.code, RecordRow.identifier)
        .join(MemberRow, MemberRow.cluster_id == WorkMemberRow.cluster_id)
        .join(RecordRow, RecordRow.id == MemberRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
    )
    rows = _walk(connection, query, WorkMemberRow.work_id)
    for _, members in groupby(rows, key=lambda row: row[0]):
        yield ["work", *sorted([source, identifier] for _, source, identifier in members)]


def _masters(connection: Connection) -> Iterator[list[Any]]:
    query = (
        select(ItemRow.cluster_id, ViewRow.name, MasterRow.record)
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .join(
            MasterRow,
            (MasterRow.cluster_id == ItemRow.cluster_id) & (MasterRow.hash == ItemRow.hash),
        )
    )
    for _, view, record in _walk(connection, query, ItemRow.cluster_id):
        yield ["master", view, stored.to_json(without_ids(stored.from_json(record)))]


def _holdings(connection: Connection) -> Iterator[list[Any]]:
    query = (
        select(
            HoldingRow.id,
            LibraryRow.code,
            HoldingListRow.name,
            HoldingRow.identity,
            HoldingRow.hash,
            HoldingRow.found,
            SourceRow.code,
            RecordRow.identifier,
        )
        .join(HoldingListRow, HoldingListRow.id == HoldingRow.list_id)
        .join(LibraryRow, LibraryRow.id == HoldingListRow.library_id)
        .outerjoin(RecordRow, RecordRow.id == HoldingRow.record_id)
        .outerjoin(SourceRow, SourceRow.id == RecordRow.source_id)
    )
    for _, library, name, identity, content, *found in _walk(connection, query, HoldingRow.id):
        yield ["holding", library, name, identity, content.hex(), *found]


def _walk(connection: Connection, query: Query, key: Any) -> Iterator[Any]:
    """Yield the rows in order of a key that may repeat, some thousand keys at a time."""
    last = 0
    keys = select(key).distinct().order_by(key).limit(_STEP)
    while step := connection.execute(keys.where(key > last)).scalars().all():
        yield from connection.execute(query.where(key > last, key <= step[-1]).order_by(key))
        last = step[-1]
