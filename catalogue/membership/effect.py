"""What it would mean for the catalogue if a library were hidden, or shown again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from catalogue import libraries
from catalogue.database import Database
from catalogue.model import RecordState
from catalogue.sql import table
from catalogue.tables import HoldingListRow, HoldingRow, MemberRow, RecordRow, SourceRow

_members = table(MemberRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a library has in the catalogue, and what of it nobody else has."""

    records: int
    """Active records that it delivered, shown or not."""
    clusters: int
    """Clusters that they are in now; 0 where it is shown nowhere."""
    alone: int
    """Those of them that have no other library's records: they are deleted once it is hidden."""
    rows: int
    """Rows of its lists of holdings."""
    sources: tuple[str, ...]

    @property
    def shared(self) -> int:
        """Clusters that go on without it, their records made again."""
        return self.clusters - self.alone


def effect(database: Database, code: str) -> Effect:
    """Count what hiding a library, or showing it, touches. Raises NoSuchLibrary."""
    with database.reading() as connection:
        library = libraries.key_of(connection, code)
        mine = select(SourceRow.id).where(SourceRow.library_id == library)
        records = select(func.count()).where(
            RecordRow.source_id.in_(mine), RecordRow.state == RecordState.ACTIVE.value
        )
        rows = (
            select(func.count())
            .select_from(HoldingRow)
            .join(HoldingListRow, HoldingListRow.id == HoldingRow.list_id)
            .where(HoldingListRow.library_id == library)
        )
        clusters, alone = _clusters(connection, library)
        names = select(SourceRow.code).where(SourceRow.library_id == library)
        return Effect(
            records=connection.execute(records).scalar_one(),
            clusters=clusters,
            alone=alone,
            rows=connection.execute(rows).scalar_one(),
            sources=tuple(connection.scalars(names.order_by(SourceRow.code))),
        )


def _clusters(connection: Connection, library: int) -> tuple[int, int]:
    mine = (
        select(_members.cluster_id)
        .join(RecordRow, RecordRow.id == _members.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(SourceRow.library_id == library)
        .distinct()
        .subquery()
    )
    other = table(MemberRow).alias("other").c
    shared = exists().where(
        other.cluster_id == mine.c.cluster_id,
        RecordRow.id == other.record_id,
        SourceRow.id == RecordRow.source_id,
        SourceRow.library_id != library,
    )
    row = connection.execute(
        select(func.count(), func.count().filter(~shared)).select_from(mine)
    ).one()
    return row[0], row[1]
