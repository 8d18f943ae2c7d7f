"""What is wrong with the stored records of one source: by kind, and one by one as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, func, select

from catalogue.database import Database
from catalogue.model import Run, Source
from catalogue.sources import configured
from catalogue.sql import table
from catalogue.tables import ProblemRow, QuarantineRow
from catalogue.watch import SAMPLES, ProblemKind, Sample, last_harvest, problems_within

LOOKED_AT = 10_000
"""Problems that are counted while somebody waits; a source of a million records may have more."""
_STEP = 1000
_problems = table(ProblemRow)
_c = _problems.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is wrong with a source's records as they are stored now."""

    kinds: tuple[ProblemKind, ...]
    """The most frequent first."""
    whole: bool
    """Whether all were counted, and not only the first ``LOOKED_AT``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is wrong with the records of a source, now and as its last harvest found them."""

    source: Source
    stored: Stored
    last: Run | None
    of_last: tuple[ProblemKind, ...]
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One problem of one stored record."""

    identifier: str
    code: str
    severity: str
    field: str
    sample: str
    detail: str


def overview(database: Database, name: str) -> Overview:
    """Return what is and was wrong with the records of a source. Raises NoSuchSource."""
    with database.reading() as connection:
        found = configured(connection, name)
        last = last_harvest(connection, found.id)
        quarantined = select(func.count()).where(QuarantineRow.source_id == found.id)
        return Overview(
            source=found.source,
            stored=stored(connection, found.id),
            last=last,
            of_last=tuple(problems_within(connection, last.id)) if last else (),
            quarantined=int(connection.scalar(quarantined) or 0),
        )


def stored(connection: Connection, source_id: int, limit: int = LOOKED_AT) -> Stored:
    """Return what is wrong with the records of a source, by kind, within a snapshot."""
    some = (
        select(_c.id, _c.code, _c.severity, _c.identifier, _c.field, _c.sample, _c.detail)
        .where(_c.source_id == source_id, _c.record_id.is_not(None))
        .limit(limit + 1)
        .subquery()
    )
    of_kind = (some.c.code, some.c.severity)
    # Counted and sampled in one statement, however many kinds there are.
    ranked = select(
        *some.c,
        func.count().over(partition_by=of_kind).label("times"),
        func.row_number().over(partition_by=of_kind, order_by=some.c.id).label("place"),
    ).subquery()
    first = select(ranked).where(ranked.c.place <= SAMPLES)
    order = (ranked.c.times.desc(), ranked.c.code, ranked.c.severity, ranked.c.place)
    rows = connection.execute(first.order_by(*order)).all()
    kinds = tuple(
        ProblemKind(
            code=code,
            severity=severity,
            count=times,
            samples=tuple(
                Sample(
                    identifier=row.identifier, field=row.field, sample=row.sample, detail=row.detail
                )
                for row in found
            ),
        )
        for (times, code, severity), found in groupby(rows, attrgetter("times", "code", "severity"))
    )
    return Stored(kinds=kinds, whole=sum(kind.count for kind in kinds) <= limit)


def each(database: Database, source: str) -> Iterator[Told]:
    """Yield all that is wrong with the stored records of a source, each step a short read.

    Raises NoSuchSource at once, not when the first is asked for.
    """
    with database.reading() as connection:
        source_id = configured(connection, source).id
    return _each(database, source_id)


def _each(database: Database, source_id: int) -> Iterator[Told]:
    last = 0
    names = (_c.identifier, _c.code, _c.severity, _c.field, _c.sample, _c.detail)
    while True:
        query = (
            select(_c.id, *names)
            .where(_c.source_id == source_id, _c.record_id.is_not(None), _c.id > last)
            .order_by(_c.id)
            .limit(_STEP)
        )
        with database.reading() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            yield Told(**{name.name: getattr(row, name.name) for name in names})
        if len(rows) < _STEP:
            return
        last = rows[-1].id
