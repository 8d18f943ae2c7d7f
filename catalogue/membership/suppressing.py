"""Hiding a record, a field of it or a cluster from all doors, at once, and showing it again.

What is hidden stays stored, and its library may deliver it anew: it stays hidden. Of a cluster the
records are hidden that it has at that moment, with whatever goes together with any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from catalogue import clock
from catalogue.database import Database
from catalogue.errors import NoSuchCluster, NoSuchRecord, WrongUse
from catalogue.holdings.touched import wake_anchors
from catalogue.membership.errors import NoSuchSuppression
from catalogue.membership.fields import hideable
from catalogue.membership.hiding import Kind
from catalogue.membership.standing import By
from catalogue.membership.tables import SuppressedRecordRow, SuppressionRow
from catalogue.sql import chunks, table
from catalogue.tables import ClusterRow, MemberRow, RecordRow, SourceRow
from crosswalks.errors import Said
from crosswalks.text import storable

_rows = table(SuppressionRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be hidden."""

    kind: Kind
    name: str
    """``source/identifier``, or the id of a cluster; a field's: that which it is a field of."""
    field: str = ""
    """Of kind field: ``856`` or ``700$a``."""
    value: str = ""
    """Of kind field: only where it holds this text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """What is hidden, since when, by whom and why."""

    id: int
    target: Target
    reason: str
    person: str
    at: int
    """Epoch seconds, as those below."""
    until: int | None
    lifted_at: int | None
    lifted_by: str
    """Empty where it expired."""


def suppress(database: Database, target: Target, by: By, until: int | None = None) -> int:
    """Hide something from now on; return the number of the suppression.

    Its records wait to be placed, which shows: place them at once. Raises NoSuchRecord,
    NoSuchCluster or WrongUse.
    """
    if not by.reason.strip():
        raise WrongUse(reason=Said("say why it is hidden, for those who come later", {}))
    if until is not None and until <= clock.wall_clock():
        raise WrongUse(reason=Said("it would be shown again at once; choose a later day", {}))

    def work(connection: Connection) -> int:
        clock.invalidate(connection)
        named = _named(connection, target)
        number: int = connection.execute(
            insert(SuppressionRow)
            .values(
                kind=target.kind.value,
                target=named.name,
                field=named.field,
                value=named.value,
                reason=by.reason.strip(),
                person=by.person,
                at=clock.wall_clock(),
                until=until,
                lifted_by="",
            )
            .returning(SuppressionRow.id)
        ).scalar_one()
        records = _records(connection, named)
        connection.execute(
            insert(SuppressedRecordRow),
            [{"suppression_id": number, "record_id": each} for each in records],
        )
        _wake(connection, records)
        return number

    return database.writing(work)


def lift(database: Database, number: int, person: str) -> bool:
    """Show again what a suppression hid; tell whether it still did. Raises NoSuchSuppression."""

    def work(connection: Connection) -> bool:
        clock.invalidate(connection)
        query = select(_rows.lifted_at).where(_rows.id == number).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NoSuchSuppression(number=number)
        if row.lifted_at is None:
            _lift(connection, [number], person)
        return row.lifted_at is None

    return database.writing(work)


def expire(database: Database) -> int:
    """Show again what was to be hidden until now; return how many suppressions that ends."""
    due = select(_rows.id).where(_rows.lifted_at.is_(None), _rows.until <= clock.wall_clock())
    with database.reading_primary() as connection:
        if connection.execute(due.limit(1)).first() is None:
            return 0

    def work(connection: Connection) -> int:
        clock.invalidate(connection)
        numbers = list(connection.scalars(due.with_for_update()))
        _lift(connection, numbers, "")
        return len(numbers)

    return database.writing(work)


def all(  # noqa: A001 - read as suppressing.all
    database: Database, *, lifted: bool = False, before: int | None = None, limit: int = 50
) -> list[Suppression]:
    """Return what is hidden, or with ``lifted`` was, the newest first, those below a number."""
    query = select(SuppressionRow.__table__).order_by(_rows.id.desc()).limit(limit)
    if not lifted:
        query = query.where(_rows.lifted_at.is_(None))
    if before is not None:
        query = query.where(_rows.id < before)
    with database.reading() as connection:
        return [_suppression(row) for row in connection.execute(query)]


def records_of(database: Database, number: int) -> list[int]:
    """Return the records that a suppression is about."""
    of_it = SuppressedRecordRow.suppression_id == number
    with database.reading_primary() as connection:
        return list(connection.scalars(select(SuppressedRecordRow.record_id).where(of_it)))


def of_records(database: Database, records: Sequence[int]) -> list[Suppression]:
    """Return what is hidden of any of these records, the newest first."""
    of_any = select(SuppressedRecordRow.suppression_id).where(
        SuppressedRecordRow.record_id.in_(records)
    )
    query = select(SuppressionRow.__table__).where(_rows.id.in_(of_any), _rows.lifted_at.is_(None))
    with database.reading() as connection:
        return [_suppression(row) for row in connection.execute(query.order_by(_rows.id.desc()))]


def _suppression(row: Any) -> Suppression:
    told = dict(row._mapping)
    target = Target(
        kind=Kind(told.pop("kind")),
        name=told.pop("target"),
        field=told.pop("field"),
        value=told.pop("value"),
    )
    return Suppression(target=target, **told)


def _named(connection: Connection, target: Target) -> Target:
    """Return a target as it is kept: a cluster that was merged away is the one it went to."""
    field = hideable(target.field) if target.kind is Kind.FIELD else ""
    name = target.name if "/" in target.name else _survivor(connection, target.name)
    if target.kind is Kind.CLUSTER and "/" in target.name:
        raise NoSuchCluster(name=target.name)
    if target.kind is Kind.RECORD and "/" not in target.name:
        raise NoSuchRecord(name=target.name)
    value = target.value if target.kind is Kind.FIELD else ""
    return Target(kind=target.kind, name=name, field=field, value=value)


def _survivor(connection: Connection, public_id: str) -> str:
    heir = table(ClusterRow).alias("heir").c
    row = connection.execute(
        select(ClusterRow.public_id, heir.public_id.label("heir"))
        .outerjoin(heir.id.table, heir.id == ClusterRow.successor_id)
        .where(ClusterRow.public_id == storable(public_id))
    ).one_or_none()
    if row is None:
        raise NoSuchCluster(name=public_id)
    return str(row.heir or row.public_id)


def _records(connection: Connection, target: Target) -> list[int]:
    if "/" not in target.name:
        query = (
            select(MemberRow.record_id)
            .join(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
            .where(ClusterRow.public_id == target.name)
        )
    else:
        source, _, identifier = target.name.partition("/")
        query = (
            select(RecordRow.id)
            .join(SourceRow, SourceRow.id == RecordRow.source_id)
            .where(SourceRow.code == storable(source), RecordRow.identifier == storable(identifier))
        )
    found = list(connection.scalars(query))
    if not found and target.kind is Kind.CLUSTER:
        raise NoSuchCluster(name=target.name)
    if not found:
        raise NoSuchRecord(name=target.name)
    return found


def _lift(connection: Connection, numbers: Sequence[int], person: str) -> None:
    connection.execute(
        update(SuppressionRow)
        .where(_rows.id.in_(numbers))
        .values(lifted_at=clock.wall_clock(), lifted_by=person)
    )
    of_these = SuppressedRecordRow.suppression_id.in_(numbers)
    _wake(
        connection, list(connection.scalars(select(SuppressedRecordRow.record_id).where(of_these)))
    )


def _wake(connection: Connection, records: Sequence[int]) -> None:
    """Have the clusters of records made again, and the records stamped anew."""
    wake_anchors(connection, records)
    for some in chunks(records):
        stamped = update(table(RecordRow)).where(table(RecordRow).c.id.in_(some))
        connection.execute(stamped.values(stamp=None))
