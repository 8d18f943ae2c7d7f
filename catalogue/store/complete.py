"""A source's complete list: whether one is under way, and what it is compared with when it is read.

It may take several runs. Every record that it holds was seen by the run that began it or a later
one, so that what is missing is found in the database, however long the list was.
"""

from __future__ import annotations

import json
import time
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, select, update

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import (
    CannotMap,
    ListDoubtful,
    NeedsDecision,
    SourceShrank,
    StoppedUnmapped,
    TakenOver,
    WouldDelete,
)
from catalogue.guards import Figures
from catalogue.messages import packed
from catalogue.model import Counts, RecordState, RunHandle, RunStatus
from catalogue.sql import table
from catalogue.store import held
from catalogue.tables import HeldRow, ProblemRow, RecordRow, RunRow, SourceRow

HOLES = (
    "list-too-short",
    "unexpected-element",
    "nameless-headers",
    "no-identifier",
    "set-vanished",
    "damaged-region",
    "bytes-missing",
    "record-not-given",
)
"""Problems after which a record may be missing from a list although the source still has it."""

_OF_A_PART = {"until", "sets", "limit", "record"}
"""What a run may have been asked for that makes it one of a part of its source."""
_AT_THE_END = {
    error.code() for error in (WouldDelete, SourceShrank, ListDoubtful, CannotMap, TakenOver)
}
"""Why runs wait, or have waited, that came to the end of their list."""
_LOOK_BACK = 200
"""Runs that one list may take."""

_records, _runs, _sources = table(RecordRow), table(RunRow), table(SourceRow)
_KEPT = [state.value for state in RecordState if state.is_kept]


class Standing(NamedTuple):
    """What a new run takes over from those before it."""

    list_run: int
    list_done: bool
    began: int
    accepts: bool


def standing(connection: Connection, source_id: int) -> Standing:
    """Return what the next run of a source takes over."""
    source = connection.execute(select(_sources).where(_sources.c.id == source_id)).one()
    query = select(_runs).where(
        _runs.c.source_id == source_id, _runs.c.generation == source.generation
    )
    began, accepts = 0, False
    for run in connection.execute(query.order_by(_runs.c.id.desc()).limit(_LOOK_BACK)):
        if is_part(run):
            continue
        if _has_ended(run):
            break
        began = run.id
        accepts |= run.code == StoppedUnmapped.code() and run.decision == "approved"
    return Standing(source.list_run, source.list_done, began, accepts)


def is_part(run: Any) -> bool:
    """Tell of a run's row whether only a part of its source was asked for, or what came before."""
    return run.replays is not None or not _OF_A_PART.isdisjoint(json.loads(run.options))


def _has_ended(run: Any) -> bool:
    """Tell whether a run came to the end of its list, whatever became of it then."""
    return run.status == RunStatus.SUCCEEDED.value or run.code in _AT_THE_END


def note_begun(connection: Connection, run_id: int, generation: int, *, accepts: bool) -> None:
    """Note by which settings a run was begun, and what it need not ask any more."""
    _note(connection, run_id, generation=generation, accepts=accepts)


def figures(
    database: Database,
    run: RunHandle,
    span: held.Span = held.ALL,
    *,
    whole: bool = False,
    compared: bool = False,
) -> Figures:
    """Return what the guards look at.

    ``whole`` where the complete list was read, ``compared`` where it was looked through for what it
    lacks, if only by its identifiers.
    """
    with database.reading_primary() as connection:
        found, living = held.count_held(connection, run.source_id, span)
        told = connection.execute(select(_runs).where(_runs.c.id == run.run_id)).one()
        return Figures(
            run=run.run_id,
            held=found,
            held_live=living,
            live=_count(connection, run, 0) if found else 0,
            listed=_count(connection, run, run.list_run) if whole else None,
            listed_before=(
                listed_before(connection, run.source_id, run.generation) if whole else None
            ),
            absent=_absent(connection, run),
            holes=(whole or compared) and _has_holes(connection, run),
            tried=told.delivered - told.deleted - told.held + told.absent_held,
            unmapped=told.quarantined,
            accepts=run.accepts,
        )


def counts(database: Database, run: RunHandle) -> Counts:
    """Return what became of a run's records as its row says now."""
    columns = [_runs.c[name] for name in Counts.__slots__]
    with database.reading_primary() as connection:
        row = connection.execute(select(*columns).where(_runs.c.id == run.run_id)).one()
    return Counts(**row._mapping)


def note_deletions(database: Database, run: RunHandle, policy: str) -> None:
    """Note how a source says that it deals with deletions (OAI-PMH 2.0 s4.2 deletedRecord)."""

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        connection.execute(
            update(_sources).where(_sources.c.id == run.source_id).values(deletions=policy)
        )

    database.writing(work)


def end_list(
    database: Database,
    run: RunHandle,
    listed: int | None,
    *,
    compared: bool,
    doubt: NeedsDecision | None = None,
) -> None:
    """Note that the complete list was read and, perhaps, compared; the next is another.

    ``listed``, how many live records it held, is what later lists are measured by if this run turns
    out well. With a ``doubt`` it waits from now on: a kill must not leave what it holds to a run
    that cannot judge it. Raises LeaseLost.
    """

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        values = {"list_run": 0, "list_done": False}
        if compared:
            values["reconciled"] = wall_clock()
        if listed is not None:
            _note(connection, run.run_id, listed=listed)
        if doubt is not None:
            finished = time.time_ns() // 1_000_000
            told = {"status": RunStatus.WAITING.value, "finished": finished, **packed(doubt)}
            _note(connection, run.run_id, **told)
        connection.execute(update(_sources).where(_sources.c.id == run.source_id).values(values))

    database.writing(work)


def reconciled(database: Database, run: RunHandle) -> tuple[str, int]:
    """Return what is known of a source's deletions, and when it was compared last."""
    with database.reading_primary() as connection:
        row = connection.execute(
            select(_sources.c.deletions, _sources.c.reconciled).where(
                _sources.c.id == run.source_id
            )
        ).one()
    return row.deletions, row.reconciled


def _note(connection: Connection, run_id: int, **values: Any) -> None:
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(values))


def _count(connection: Connection, run: RunHandle, since: int) -> int:
    query = select(func.count()).where(
        _records.c.source_id == run.source_id,
        _records.c.state.in_(_KEPT),
        _records.c.seen_run >= since,
    )
    if since:
        query = query.where(~exists().where(HeldRow.record_id == _records.c.id))
    return connection.execute(query).scalar_one()


def listed_before(connection: Connection, source_id: int, generation: int) -> int | None:
    """Return how many records a source's last good complete list had, of the same settings."""
    query = (
        select(_runs.c.listed)
        .where(
            _runs.c.source_id == source_id,
            _runs.c.generation == generation,
            _runs.c.listed.is_not(None),
            _runs.c.status == RunStatus.SUCCEEDED.value,
        )
        .order_by(_runs.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def _absent(connection: Connection, run: RunHandle) -> int:
    query = select(func.count()).where(HeldRow.source_id == run.source_id, HeldRow.absent)
    return connection.execute(query).scalar_one()


def _has_holes(connection: Connection, run: RunHandle) -> bool:
    query = select(ProblemRow.id).where(
        ProblemRow.source_id == run.source_id,
        ProblemRow.run_id >= (run.list_run or run.run_id),
        ProblemRow.code.in_(HOLES),
    )
    return connection.execute(query.limit(1)).first() is not None
