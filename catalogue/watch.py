"""How sources and runs fare, as staff watch them: short reads that stay short in a large hub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from catalogue import runs, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import NoSuchSource
from catalogue.model import Run, RunStatus, Source
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow, LibraryRow, ProblemRow, RunRow, SourceRow

SAMPLES = 3
"""Of each kind of problem."""
_LISTED = 1000
"""Sources asked for in one statement."""
# Literal, as in the partial indexes: a bound value would not let the planner use them.
_RUNNING = RunRow.status == literal_column("'running'")
_QUEUED = JobRow.state == literal_column("'queued'")
_ENDED = RunRow.status != RunStatus.RUNNING.value
_SUCCEEDED = RunRow.status == RunStatus.SUCCEEDED.value
_UNDECIDED = (RunRow.status == literal_column("'waiting'")) & (RunRow.decision == "")
_HARVEST = RunRow.replays.is_(None) & ~RunRow.options.startswith('{"record":', autoescape=True)
"""What tells how a source answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A source with what it does and did last."""

    source: Source
    library: str
    """The library's name, or its code where it has none."""
    current: Run | None
    """The run under way."""
    last: Run | None
    """The newest harvest that has ended: no replay, and none of one record only."""
    success: str
    """When the newest harvest that succeeded did, UTC in ISO 8601; or empty."""
    queued: int | None
    """The harvest that waits in the queue: seconds until it is due, negative once it is."""
    waiting: int | None = None
    """The newest run that waits for a person who has not decided yet, however many came since."""

    @property
    def is_busy(self) -> bool:
        """Tell whether something is under way that will change what is shown."""
        return self.current is not None or self.queued is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A record that has a problem, and where."""

    identifier: str
    field: str
    sample: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    """A kind of problem of a run, how often, and some of them."""

    code: str
    severity: str
    count: int
    samples: tuple[Sample, ...]


def all_sources(database: Database) -> list[Watched]:
    """Return all sources by name with how they fare."""
    with database.reading() as connection:
        codes = connection.scalars(select(SourceRow.code).order_by(SourceRow.code)).all()
        return watched(connection, codes)


def source(database: Database, name: str) -> Watched:
    """Return how one source fares. Raises NoSuchSource."""
    with database.reading() as connection:
        found = watched(connection, [name])
    if not found:
        raise NoSuchSource(name=name)
    return found[0]


def last_harvest(connection: Connection, source_id: int) -> Run | None:
    """Return the newest harvest of a source that has ended, or None, within a snapshot."""
    newest = select(RunRow.id).where(RunRow.source_id == source_id, _ENDED & _HARVEST)
    key = connection.scalar(newest.order_by(RunRow.id.desc()).limit(1))
    return runs.some(connection, [key])[0] if key else None


def begun_since(database: Database, since: int) -> dict[RunStatus, int]:
    """Return how many runs began since a moment, epoch seconds, by how they stand."""
    started = RunRow.started >= since * 1000
    # Walked from the newest: of a hundred thousand only today's are looked at.
    before = select(RunRow.id).where(~started).order_by(RunRow.id.desc()).limit(1)
    with database.reading() as connection:
        last = connection.execute(before).scalar() or 0
        query = select(RunRow.status, func.count()).where(RunRow.id > last)
        rows = connection.execute(query.group_by(RunRow.status))
        found = {status: count for status, count in rows}  # noqa: C416 - rows are no pairs
    return {each: found[each.value] for each in RunStatus if each.value in found}


def problems(database: Database, run_id: int) -> list[ProblemKind]:
    """Return what was wrong with the records of a run, the most frequent kind first."""
    with database.reading() as connection:
        return problems_within(connection, run_id)


def problems_within(connection: Connection, run_id: int) -> list[ProblemKind]:
    """Return what ``problems`` does, within a snapshot."""
    times = func.count().label("times")
    kinds = connection.execute(
        select(ProblemRow.code, ProblemRow.severity, times)
        .where(ProblemRow.run_id == run_id)
        .group_by(ProblemRow.code, ProblemRow.severity)
        .order_by(times.desc(), ProblemRow.code)
    ).all()
    return [
        ProblemKind(
            code=kind.code,
            severity=kind.severity,
            count=kind.times,
            samples=_samples(connection, run_id, kind),
        )
        for kind in kinds
    ]


def _samples(connection: Connection, run_id: int, kind: Any) -> tuple[Sample, ...]:
    rows = connection.execute(
        select(ProblemRow.identifier, ProblemRow.field, ProblemRow.sample, ProblemRow.detail)
        .where(
            ProblemRow.run_id == run_id,
            ProblemRow.code == kind.code,
            ProblemRow.severity == kind.severity,
        )
        .order_by(ProblemRow.id)
        .limit(SAMPLES)
    )
    return tuple(Sample(**row._mapping) for row in rows)


def watched(connection: Connection, names: Sequence[str]) -> list[Watched]:
    """Return how the sources of these names fare, within a snapshot."""
    found: list[Watched] = []
    for start in range(0, len(names), _LISTED):
        found += _some(connection, names[start : start + _LISTED])
    return found


def _some(connection: Connection, names: Sequence[str]) -> list[Watched]:
    rows = connection.execute(
        select(
            SourceRow.id,
            SourceRow.code,
            LibraryRow.name,
            _newest(_RUNNING).label("current"),
            _newest(_ENDED & _HARVEST).label("last"),
            _newest(_SUCCEEDED & _HARVEST).label("success"),
            _newest(_UNDECIDED).label("waiting"),
        )
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(SourceRow.code.in_(names))
        .order_by(SourceRow.code)
    ).all()
    told = _runs(connection, (key for row in rows for key in (row.current, row.last, row.success)))
    due, known = _queued(connection, names), sources.some(connection, names)
    return [
        Watched(
            source=known[row.code],
            library=row.name or known[row.code].library,
            current=told.get(row.current),
            last=told.get(row.last),
            success=told[row.success].finished if row.success else "",
            queued=due.get(job_key(row.code)),
            waiting=row.waiting,
        )
        for row in rows
    ]


def _newest(those: Any) -> Any:
    """Return the key of a source's newest run of a kind: a step or two along the index."""
    newest = select(RunRow.id).where(RunRow.source_id == SourceRow.id, those)
    return newest.order_by(RunRow.id.desc()).limit(1).correlate(SourceRow).scalar_subquery()


def _runs(connection: Connection, keys: Iterable[int | None]) -> dict[int | None, Run]:
    wanted = sorted({key for key in keys if key})
    return {run.id: run for run in runs.some(connection, wanted)}


def _queued(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    now = wall_clock()
    rows = connection.execute(
        select(JobRow.key, JobRow.due).where(
            _QUEUED, JobRow.kind == KIND, JobRow.key.in_(map(job_key, names))
        )
    )
    return {row.key: row.due - now for row in rows}
