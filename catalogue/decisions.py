"""What people decide of runs that wait for them: carried out by whoever comes by, and only once.

A decision is noted first, in one row, and then carried out in bounded steps that anybody may go on
with: the command that it was made by, a worker, or the next harvest of the source.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, update

from catalogue import queue, runs
from catalogue.database import Database
from catalogue.errors import (
    DecidedOtherwise,
    DecisionOutdated,
    NothingToDecide,
    SourceShrank,
    StoppedUnmapped,
    TakenOver,
)
from catalogue.messages import packed
from catalogue.model import Lease, Run, RunHandle, RunStatus
from catalogue.sources import configured
from catalogue.sql import table
from catalogue.store import held
from catalogue.store.run import KIND, job_key
from catalogue.tables import HeldRow, RecordRow, RunRow, SourceRow
from crosswalks import stored

_runs, _held, _records = table(RunRow), table(HeldRow), table(RecordRow)


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
        of_run = (_held.c.source_id == row.source_id, _held.c.run_id <= run_id)
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
            queue.enqueue_within(connection, KIND, job_key(row.source), 0)
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

    def note(connection: Connection) -> int:
        row = _decide(connection, run_id, Decision.DISCARDED)
        _set(connection, run_id, status=RunStatus.CANCELLED.value)
        return 0 if row.code == StoppedUnmapped.code() else int(row.source_id)

    runs.get(database, run_id)
    source_id = database.writing(note)
    dropped = 0
    while source_id and (step := database.writing(lambda c: _drop(c, source_id, run_id))):
        dropped += step
    return dropped


def decided(database: Database) -> Iterator[tuple[str, int]]:
    """Yield the runs that were approved and whose deletions are not all carried out, by source."""
    query = (
        select(SourceRow.code, func.max(_runs.c.id))
        .join(SourceRow, SourceRow.id == _runs.c.source_id)
        .where(
            _runs.c.status == RunStatus.WAITING.value, _runs.c.decision == Decision.APPROVED.value
        )
        .group_by(SourceRow.code)
        .order_by(SourceRow.code)
    )
    with database.reading_primary() as connection:
        found = connection.execute(query).all()
    yield from ((row[0], row[1]) for row in found)


def handle(database: Database, run_id: int, lease: Lease) -> RunHandle:
    """Return the handle by which an approved run is carried out under a source's lease."""
    with database.reading_primary() as connection:
        row = _row(connection, run_id)
        found = configured(connection, row.source)
    return RunHandle(
        run_id=run_id,
        source_id=found.id,
        source=found.source,
        generation=row.generation,
        lease=lease,
        checkpoint=found.checkpoint,
        moves_checkpoint=False,
    )


def approved_before(database: Database, run: RunHandle) -> int:
    """Return the last run of a source whose deletions a person approved, 0 for none.

    What was discarded and not dropped to the end is dropped first.
    """
    discarded = _latest(database, run.source_id, Decision.DISCARDED)
    while database.writing(lambda c: _drop(c, run.source_id, discarded)):
        pass
    return _latest(database, run.source_id, Decision.APPROVED)


def settle(database: Database, run: RunHandle, up_to: int) -> None:
    """Close the approved runs of a source up to one, where nothing of them is held any more."""

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        if held.is_held(connection, run.source_id, up_to):
            return
        connection.execute(
            update(_runs)
            .where(
                _runs.c.source_id == run.source_id,
                _runs.c.id <= up_to,
                _runs.c.status == RunStatus.WAITING.value,
                _runs.c.decision == Decision.APPROVED.value,
            )
            .values(status=RunStatus.SUCCEEDED.value, **packed(None))
        )

    database.writing(work)


def take_over(database: Database, run: RunHandle, *, whole: bool) -> None:
    """Close earlier runs of a source that wait: this one has judged what they held.

    One that waits because the complete list had shrunk is left for the next complete list.
    """

    def work(connection: Connection) -> None:
        queue.renew(connection, run.lease)
        earlier = update(_runs).where(
            _runs.c.source_id == run.source_id,
            _runs.c.id < run.run_id,
            _runs.c.status == RunStatus.WAITING.value,
            _runs.c.decision == "",
        )
        if not whole:
            earlier = earlier.where(_runs.c.code != SourceShrank.code())
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


def _row(connection: Connection, run_id: int, *, locked: bool = False) -> Any:
    query = (
        select(
            _runs.c.source_id,
            _runs.c.status,
            _runs.c.code,
            _runs.c.decision,
            _runs.c.generation,
            SourceRow.code.label("source"),
            SourceRow.generation.label("now"),
        )
        .join(SourceRow, SourceRow.id == _runs.c.source_id)
        .where(_runs.c.id == run_id)
    )
    return connection.execute(query.with_for_update(of=_runs) if locked else query).one()


def _set(connection: Connection, run_id: int, **values: object) -> None:
    connection.execute(update(_runs).where(_runs.c.id == run_id).values(values))


def _drop(connection: Connection, source_id: int, up_to: int) -> int:
    # Carrying out what another run holds locks the source too: no row is both dropped and done.
    connection.execute(select(SourceRow.id).where(SourceRow.id == source_id).with_for_update())
    return held.drop_held(connection, source_id, up_to)


def _latest(database: Database, source_id: int, decision: Decision) -> int:
    query = select(func.max(_runs.c.id)).where(
        _runs.c.source_id == source_id,
        _runs.c.decision == decision.value,
        _runs.c.code != StoppedUnmapped.code(),
    )
    with database.reading_primary() as connection:
        return connection.scalar(query) or 0


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
