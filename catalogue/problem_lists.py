"""Problems over all sources, a page at a time in the order of their kinds, and one whole.

Every list is read along an index from where the one before it ended, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text, tuple_, union_all

from catalogue.database import Database
from catalogue.errors import NoSuchProblem
from catalogue.quarantine import raw_of
from catalogue.raw import unpack
from catalogue.sql import Query, table
from catalogue.tables import (
    ClusterRow,
    DeliveryRow,
    LibraryRow,
    MemberRow,
    ProblemRow,
    QuarantineRow,
    RecordRow,
    SourceRow,
)

AT_MOST = 1000
"""Problems of one kind that are counted in a run; more are told as more."""
_STEP = 1000
_FEW_SOURCES = 50
"""Sources whose lists are put together; those of more make up so much that theirs is all."""
_problems = table(ProblemRow).c
_ORDER = (_problems.code, _problems.id)


class Place(NamedTuple):
    """Where a list ended."""

    code: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which problems are wanted; what is empty or None is not asked for."""

    code: str = ""
    library: str = ""
    """Its code."""
    source: str = ""
    run: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A problem as lists show it."""

    id: int
    code: str
    severity: str
    source: str
    library: str
    run: int
    identifier: str
    """Of the record; empty for a page as a whole."""
    field: str
    sample: str
    detail: str
    record: int | None = None
    """Key of the record; None for a page as a whole."""

    @property
    def place(self) -> Place:
        """Where lists go on after it."""
        return Place(self.code, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A problem with the record that it was found in."""

    line: Line
    raw: bytes | None
    """As delivered, of the version that has the problem; None where no record is kept."""
    datestamp: str = ""
    quarantined: int | None = None
    """Key in quarantine, where it lies there."""
    cluster: str = ""
    """Public id, where it is in one."""


class OfRun(NamedTuple):
    """How often a problem was found in a run."""

    code: str
    severity: str
    times: int
    more: bool
    """Whether it is more than was counted."""


def lines(
    database: Database, wanted: Filter, after: Place | None = None, limit: int = 50
) -> list[Line]:
    """Return the next problems. One of a source or library that is not there has none."""
    with database.reading() as connection:
        return _lines(connection, wanted, after, limit)


def listing(database: Database, wanted: Filter) -> Iterator[Line]:
    """Yield all of them; each step is a short read of its own."""
    after: Place | None = None
    while found := lines(database, wanted, after, _STEP):
        yield from found
        after = found[-1].place


def get(database: Database, key: int) -> Whole:
    """Return one problem with its record as delivered. Raises NoSuchProblem."""
    with database.reading() as connection:
        row = connection.execute(_named(select(_problems.id).where(_problems.id == key))).first()
        if row is None:
            raise NoSuchProblem(number=key)
        record = connection.execute(_record(key)).one_or_none()
    line = Line(**row._mapping)
    if record is None:
        return Whole(line=line, raw=None)
    is_aside = record.quarantined is not None
    kept = unpack(record.kept) if record.kept else b""
    return Whole(
        line=line,
        raw=raw_of(record) if is_aside else kept,
        datestamp=record.datestamp,
        quarantined=record.quarantined,
        cluster=record.cluster or "",
    )


def of_run(database: Database, run: int) -> list[OfRun]:
    """Return which problems a run found, each counted up to AT_MOST."""
    with database.reading() as connection:
        rows = connection.execute(_OF_RUN, {"run": run, "most": AT_MOST + 1}).all()
    return [
        OfRun(row.code, row.severity, min(row.times, AT_MOST), row.times > AT_MOST) for row in rows
    ]


# From one kind to the next along the index, however many there are of each.
_OF_RUN = text("""
WITH RECURSIVE kind(code) AS (
    SELECT MIN(code) FROM problem WHERE run_id = :run
    UNION ALL
    SELECT (SELECT MIN(code) FROM problem WHERE run_id = :run AND code > kind.code)
    FROM kind WHERE kind.code IS NOT NULL
)
SELECT kind.code AS code,
    (SELECT severity FROM problem WHERE run_id = :run AND problem.code = kind.code
        ORDER BY id LIMIT 1) AS severity,
    (SELECT COUNT(*) FROM (SELECT 1 AS one FROM problem
        WHERE run_id = :run AND problem.code = kind.code LIMIT :most) AS counted) AS times
FROM kind WHERE kind.code IS NOT NULL
""")


def _lines(connection: Connection, wanted: Filter, after: Place | None, limit: int) -> list[Line]:
    keys = _keys(connection, wanted, after, limit)
    if keys is None:
        return []
    return [Line(**row._mapping) for row in connection.execute(_named(keys))]


def _keys(connection: Connection, wanted: Filter, after: Place | None, limit: int) -> Query | None:
    """Return what gives the keys of the next problems; None where there can be none."""
    query = select(_problems.id, _problems.code).order_by(*_ORDER).limit(limit)
    if wanted.code:
        query = query.where(_problems.code == wanted.code)
    if after is not None:
        query = query.where(tuple_(*_ORDER) > tuple_(*after))
    if wanted.run is not None:
        query = query.where(_problems.run_id == wanted.run)
    if not (wanted.source or wanted.library):
        return query
    sources = _sources(connection, wanted)
    if not sources:
        return None
    if len(sources) > _FEW_SOURCES:
        return query.where(_problems.source_id.in_(sources))
    # Each source along its own index; of some lists in order the first lines are soon found.
    each = [query.where(_problems.source_id == key).subquery() for key in sources]
    several = union_all(*(select(one.c.id, one.c.code) for one in each)).subquery()
    return select(several.c.id).order_by(several.c.code, several.c.id).limit(limit)


def _sources(connection: Connection, wanted: Filter) -> Sequence[int]:
    query = select(SourceRow.id).join(LibraryRow, LibraryRow.id == SourceRow.library_id)
    if wanted.source:
        query = query.where(SourceRow.code == wanted.source)
    if wanted.library:
        query = query.where(LibraryRow.code == wanted.library)
    return connection.scalars(query.order_by(SourceRow.id)).all()


def _named(keys: Query) -> Query:
    wanted = keys.subquery()
    return (
        select(
            _problems.id,
            _problems.code,
            _problems.severity,
            SourceRow.code.label("source"),
            LibraryRow.code.label("library"),
            _problems.run_id.label("run"),
            _problems.identifier,
            _problems.field,
            _problems.sample,
            _problems.detail,
            _problems.record_id.label("record"),
        )
        .join(wanted, wanted.c.id == _problems.id)
        .join(SourceRow, SourceRow.id == _problems.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .order_by(*_ORDER)
    )


def _record(key: int) -> Any:
    return (
        select(
            RecordRow.datestamp,
            RecordRow.state,
            RecordRow.raw.label("kept"),
            DeliveryRow.raw.label("refused"),
            QuarantineRow.record_id.label("quarantined"),
            ClusterRow.public_id.label("cluster"),
        )
        .join(ProblemRow, ProblemRow.record_id == RecordRow.id)
        .outerjoin(QuarantineRow, QuarantineRow.record_id == RecordRow.id)
        .outerjoin(
            DeliveryRow,
            (DeliveryRow.run_id == QuarantineRow.run_id) & (DeliveryRow.seq == QuarantineRow.seq),
        )
        .outerjoin(MemberRow, MemberRow.record_id == RecordRow.id)
        .outerjoin(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
        .where(ProblemRow.id == key)
    )
