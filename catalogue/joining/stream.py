"""What a test stream has brought so far: counts, problems by kind, and a few records."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from catalogue.database import Database
from catalogue.model import RecordState
from catalogue.raw import unpack
from catalogue.tables import ProblemRow, RecordRow, SourceRow
from crosswalks import stored
from crosswalks.model import Record

_RAW = 4000
"""Characters of a record as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A record of the stream: as it came, what was made of it, and its problems by code."""

    identifier: str
    raw: str
    mapped: Record | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What a source has brought."""

    records: int
    quarantined: int
    problems: tuple[tuple[str, int], ...]
    """By code, the most frequent first."""
    shown: tuple[Shown, ...]


def stream(database: Database, source: str, most: int) -> Stream:
    """Return what a source has brought, with ``most`` of its records."""
    with database.reading() as connection:
        key = select(SourceRow.id).where(SourceRow.code == source).scalar_subquery()
        mine = RecordRow.source_id == key
        counted = select(RecordRow.state, func.count()).where(mine).group_by(RecordRow.state)
        states: dict[str, int] = {state: count for state, count in connection.execute(counted)}  # noqa: C416 - rows are no pairs
        of_it = select(RecordRow.id).where(mine)
        times = func.count().label("times")
        kinds = connection.execute(
            select(ProblemRow.code, times)
            .where(ProblemRow.record_id.in_(of_it))
            .group_by(ProblemRow.code)
            .order_by(times.desc(), ProblemRow.code)
        ).all()
        rows = connection.execute(
            select(RecordRow.id, RecordRow.identifier, RecordRow.raw, RecordRow.parsed)
            .where(mine, RecordRow.state == RecordState.ACTIVE.value)
            .order_by(RecordRow.id)
            .limit(most)
        ).all()
        found: dict[int | None, list[str]] = {}
        query = select(ProblemRow.record_id, ProblemRow.code).distinct()
        for record, code in connection.execute(
            query.where(ProblemRow.record_id.in_([row.id for row in rows]))
        ):
            found.setdefault(record, []).append(code)
    return Stream(
        records=states.get(RecordState.ACTIVE.value, 0),
        quarantined=states.get(RecordState.QUARANTINED.value, 0),
        problems=tuple((row.code, row.times) for row in kinds),
        shown=tuple(
            Shown(
                identifier=row.identifier,
                raw=unpack(row.raw).decode("utf-8", "replace")[:_RAW] if row.raw else "",
                mapped=stored.from_json(row.parsed) if row.parsed else None,
                problems=tuple(sorted(found.get(row.id, ()))),
            )
            for row in rows
        ),
    )
