"""The history of harvests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from catalogue.database import Database
from catalogue.errors import NoSuchRun
from catalogue.model import Counts, Run, RunStatus
from catalogue.sources import configured
from catalogue.sql import Query, chunks
from catalogue.tables import HeldRow, RawPageRow, RecordRow, RunRow, SourceRow

_STEP = 1000


def all(  # noqa: A001
    database: Database, source: str = "", limit: int = 50, before: int | None = None
) -> list[Run]:
    """Return the newest runs first, of one source or of all; those ``before`` one if it is named.

    Raises NoSuchSource.
    """
    query = _query().order_by(RunRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(RunRow.id < before)
    if source:
        query = query.where(SourceRow.code == source)
    with database.reading() as connection:
        if source:
            configured(connection, source)
        return [_run(row) for row in connection.execute(query)]


def get(database: Database, run_id: int) -> Run:
    """Return one run. Raises NoSuchRun."""
    with database.reading() as connection:
        row = connection.execute(_query().where(RunRow.id == run_id)).one_or_none()
    if row is None:
        raise NoSuchRun(run=run_id)
    return _run(row)


def some(connection: Connection, keys: Sequence[int]) -> list[Run]:
    """Return the runs of these numbers, within a snapshot."""
    return [_run(row) for row in connection.execute(_query().where(RunRow.id.in_(keys)))]


class KeptPage(NamedTuple):
    """An answer that a run was given, and its name in the raw store."""

    number: int
    """Place in the run, from 1."""
    name: str
    url: str


def pages(database: Database, run_id: int) -> Iterator[KeptPage]:
    """Yield what is kept of a run's answers, in the order they came; none where they were removed.

    Each step is a short read of its own.
    """
    last = 0
    while found := _step(database, run_id, last):
        last = found[-1].number
        yield from found


def delivered_later(
    database: Database, source: str, origin: int, identifiers: Iterable[str]
) -> frozenset[str]:
    """Return of which of a source's records a later run than this one told last.

    A replay counts as the run whose pages it read; a deletion tells of a record too, carried out or
    not. Raises NoSuchSource.
    """
    later = func.coalesce(RunRow.replays, RunRow.id) > origin
    seen = select(RunRow.id).where(RunRow.id == RecordRow.seen_run, later)
    held = (
        select(HeldRow.record_id)
        .join(RunRow, RunRow.id == HeldRow.run_id)
        .where(HeldRow.record_id == RecordRow.id, later)
    )
    with database.reading_primary() as connection:
        source_id = configured(connection, source).id
        query = (
            select(RecordRow.identifier)
            .where(RecordRow.source_id == source_id)
            .where(or_(seen.exists(), held.exists()))
        )
        return frozenset(
            name
            for chunk in chunks(identifiers)
            for name in connection.execute(query.where(RecordRow.identifier.in_(chunk))).scalars()
        )


def _step(database: Database, run_id: int, last: int) -> list[KeptPage]:
    query = (
        select(RawPageRow.number, RawPageRow.hash, RawPageRow.url)
        .where(RawPageRow.run_id == run_id, RawPageRow.number > last)
        .order_by(RawPageRow.number)
        .limit(_STEP)
    )
    with database.reading_primary() as connection:
        return [KeptPage(*row) for row in connection.execute(query)]


def _query() -> Query:
    return select(
        RunRow.id,
        SourceRow.code.label("source"),
        RunRow.status,
        RunRow.started,
        RunRow.finished,
        RunRow.message,
        RunRow.code,
        RunRow.details,
        RunRow.options,
        RunRow.replays,
        *(getattr(RunRow, name) for name in Counts.__slots__),
    ).join(SourceRow, SourceRow.id == RunRow.source_id)


def _run(row: Any) -> Run:
    return Run(
        id=row.id,
        source=row.source,
        status=RunStatus(row.status),
        started=_told(row.started),
        finished=_told(row.finished),
        counts=Counts(**{name: getattr(row, name) for name in Counts.__slots__}),
        seconds=(row.finished - row.started) / 1000 if row.finished else 0.0,
        message=row.message,
        code=row.code,
        details=json.loads(row.details),
        options=json.loads(row.options),
        replays=row.replays,
    )


def _told(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
