"""What people decide of runs that wait for them: carried out by whoever comes by, and only once.

A decision is noted first, in one row, and then carried out in bounded steps that anybody may go on
with: the command that it was made by, a worker, or the next harvest of the source.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, literal_column, select, update

from catalogue import queue, runs
from catalogue.database import Database
from catalogue.errors import (
    CannotMap,
    DecidedOtherwise,
    DecisionOutdated,
    ListDoubtful,
    NeedsDecision,
    NothingToDecide,
    SourceShrank,
    StoppedUnmapped,
    TakenOver,
)
from catalogue.messages import packed
from catalogue.model import Lease, Run, RunHandle, RunStatus
from catalogue.sources import configured
from catalogue.sql import Query, table
from catalogue.store import complete, held
from catalogue.store.held import Span
from catalogue.store.run import KIND, job_key
from catalogue.tables import HeldRow, RecordRow, RunRow, SourceRow
from crosswalks import stored

_runs, _held, _records = table(RunRow), table(HeldRow), table(RecordRow)
# Literal, as in the partial index.
_WAITING = _runs.c.status == literal_column("'waiting'")
_OF_THE_LIST = {error.code() for error in (SourceShrank, ListDoubtful, CannotMap)}
"""Doubts that lie in what a run read: no other can judge them but one that reads all of it."""


class Decision(StrEnum):
    """What a person said of a run."""

    APPROVED = "approved"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A record whose deletion is held."""

    identifier: str
    title: str
    absent: bool
    """Whether it was not declared deleted, but found missing from the complete list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What approving a run would do."""

    run: Run
    decision: Decision | None
    """What was decided already."""
    deletes: int
    samples: tuple[Sample, ...]


def proposal(database: Database, run_id: int, samples: int = 10) -> Proposal:
    """Return what a run waits to do, with some of the records concerned. Raises NoSuchRun."""
    run = runs.get(database, run_id)
    with database.reading() as connection:
        row = _row(connection, run_id)
        of_run = (_held.c.source_id == row.source_id, *_span(row).holds(_held.c.run_id))
        waits = run.status is RunStatus.WAITING or row.decision == Decision.APPROVED
        deletes = connection.scalar(select(func.count()).where(*of_run)) if waits else 0
        some = _samples(connection, of_run, samples) if deletes else ()
    decision = Decision(row.decision) if row.decision else None
    return Proposal(run=run, decision=decision, deletes=deletes or 0, samples=some)


def approve(database: Database, run_id: int) -> RunStatus:
    """Note that a run may do what it holds; ``carry_out`` does it. Return how the run stands.

    To say so twice changes nothing. Where the run had stopped early there is nothing to carry out:
    a harvest is queued that goes on, however many records cannot be mapped. Raises NoSuchRun,
    NothingToDecide, DecidedOtherwise or DecisionOutdated.
    """

    def work(connection: Connection) -> RunStatus:
        row = _decide(connection, run_id, Decision.APPROVED)
        if row.code != StoppedUnmapped.code():
            return RunStatus(row.status)
        if row.status == RunStatus.WAITING.value:
            _set(connection, run_id, status=RunStatus.INCOMPLETE.value)
            queue.ask_within(connection, KIND, job_key(row.source))
        return RunStatus.INCOMPLETE

    runs.get(database, run_id)
    return database.writing(work)


def discard(database: Database, run_id: int) -> int:
    """Drop what a run holds, and return how many deletions that were.

    The records stay as they are until the source tells of their deletion again, which it does when
    it is harvested from the beginning. What a run holds that had stopped early is left to the next,
    which goes on with the list. To say so twice changes nothing. Raises as ``approve``, but for
    DecisionOutdated.
    """

    def note(connection: Connection) -> Any:
        row = _decide(connection, run_id, Decision.DISCARDED)
        _set(connection, run_id, status=RunStatus.CANCELLED.value)
        return row

    runs.get(database, run_id)
    row = database.writing(note)
    return 0 if row.code == StoppedUnmapped.code() else _drop(database, row)


def decided(database: Database) -> list[tuple[int, str]]:
    """Return the approved runs that are not carried out to their end, with their sources."""
    query = (
        select(_runs.c.id, SourceRow.code)
        .join(SourceRow, SourceRow.id == _runs.c.source_id)
        .where(
            _WAITING,
            _runs.c.decision == Decision.APPROVED.value,
            _runs.c.generation == SourceRow.generation,
        )
        .order_by(_runs.c.id)
    )
    with database.reading_primary() as connection:
        return [(row.id, row.code) for row in connection.execute(query)]


def handle(database: Database, run_id: int, lease: Lease) -> tuple[RunHandle, Span]:
    """Return by what an approved run is carried out under a lease, and which deletions it means."""
    with database.reading_primary() as connection:
        row = _row(connection, run_id)
        found = configured(connection, row.source)
    run = RunHandle(
        run_id=run_id,
        source_id=found.id,
        source=found.source,
        generation=row.generation,
        lease=lease,
        checkpoint=found.checkpoint,
        moves_checkpoint=False,
    )
    return run, _span(row)


def approved(database: Database, run: RunHandle) -> list[Span]:
    """Return which of the deletions held for a run's source people approved.

    What they discarded, and nobody dropped to the end, is dropped first.
    """
    with database.reading_primary() as connection:
        found = connection.execute(
            _query().where(
                _runs.c.source_id == run.source_id,
                _runs.c.decision != "",
                _runs.c.generation == run.generation,
                _runs.c.code != StoppedUnmapped.code(),
            )
        ).all()
    for row in found:
        if row.decision == Decision.DISCARDED:
            _drop(database, row)
    return [_span(row) for row in found if row.decision == Decision.APPROVED]


def settle(database: Database, run: RunHandle) -> None:
    """Close the approved runs of a source of whose deletions none is held any more."""

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        waiting = _query().where(
            _WAITING,
            _runs.c.source_id == run.source_id,
            _runs.c.decision == Decision.APPROVED.value,
        )
        for row in connection.execute(waiting).all():
            if not held.is_held(connection, run.source_id, _span(row)):
                ended = RunStatus.LIMITED if complete.is_part(row) else RunStatus.SUCCEEDED
                _set(connection, row.id, status=ended.value, **packed(None))

    database.writing(work)


def unasked(database: Database, run: RunHandle) -> Span:
    """Return what a run that did not read the complete list may carry out by itself.

    That is what came after the runs whose doubts it cannot judge, and nobody has decided.
    """
    waiting = select(func.max(_runs.c.id)).where(
        _runs.c.source_id == run.source_id,
        _WAITING,
        _runs.c.decision == "",
        _runs.c.generation == run.generation,
        _runs.c.code.in_(_OF_THE_LIST),
    )
    with database.reading_primary() as connection:
        last = connection.scalar(waiting)
    return Span(last + 1) if last else held.ALL


def take_over(
    database: Database, run: RunHandle, doubt: NeedsDecision | None, *, whole: bool
) -> None:
    """Close earlier runs of a source that wait: this one has judged what they held.

    Those that doubt what they read are left for the next complete list, or one of the same doubt.
    """

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        earlier = update(_runs).where(
            _runs.c.source_id == run.source_id,
            _runs.c.id < run.run_id,
            _WAITING,
            (_runs.c.decision == "") | (_runs.c.generation != run.generation),
        )
        if not whole:
            left = _OF_THE_LIST - {doubt.code() if doubt else ""}
            earlier = earlier.where(
                _runs.c.code.not_in(left) | (_runs.c.generation != run.generation)
            )
        later = packed(TakenOver(later=run.run_id))
        connection.execute(earlier.values(status=RunStatus.CANCELLED.value, **later))

    database.writing(work)


def _decide(connection: Connection, run_id: int, decision: Decision) -> Any:
    row = _row(connection, run_id, locked=True)
    if row.decision == decision:
        return row
    if row.decision:
        raise DecidedOtherwise(run=run_id)
    if row.status != RunStatus.WAITING.value:
        raise NothingToDecide(run=run_id)
    if row.generation != row.now and decision is Decision.APPROVED:
        raise DecisionOutdated(run=run_id, name=row.source)
    _set(connection, run_id, decision=decision.value, decided=time.time_ns() // 1_000_000)
    return row


def _query() -> Query:
    return select(
        _runs.c.id,
        _runs.c.source_id,
        _runs.c.status,
        _runs.c.code,
        _runs.c.decision,
        _runs.c.generation,
        _runs.c.options,
        _runs.c.replays,
        SourceRow.code.label("source"),
        SourceRow.generation.label("now"),
    ).join(SourceRow, SourceRow.id == _runs.c.source_id)


def _row(connection: Connection, run_id: int, *, locked: bool = False) -> Any:
    query = _query().where(_runs.c.id == run_id)
    return connection.execute(query.with_for_update(of=_runs) if locked else query).one()


def _span(row: Any) -> Span:
    """Return whose deletions a run has judged: its own and, if it was no part, all before it."""
    return Span(row.id if complete.is_part(row) else 0, row.id)


def _set(connection: Connection, run_id: int, **values: object) -> None:
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(values))


def _drop(database: Database, row: Any) -> int:
    def work(connection: Connection) -> int:
        # Carrying out what another run holds locks the source too: nothing is dropped and done.
        connection.execute(
            select(SourceRow.id).where(SourceRow.id == row.source_id).with_for_update()
        )
        return held.drop_held(connection, row.source_id, _span(row))

    dropped = 0
    while step := database.writing(work):
        dropped += step
    return dropped


def _samples(connection: Connection, only: Any, limit: int) -> tuple[Sample, ...]:
    query = (
        select(_records.c.identifier, _records.c.parsed, _held.c.absent)
        .join(_records, _records.c.id == _held.c.record_id)
        .where(*only)
        .order_by(_held.c.record_id)
        .limit(limit)
    )
    return tuple(
        Sample(identifier=row.identifier, title=_title(row.parsed), absent=row.absent)
        for row in connection.execute(query)
    )


def _title(parsed: str | None) -> str:
    record = stored.from_json(parsed) if parsed else None
    return " ".join(record.values("245", "a")) if record else ""
