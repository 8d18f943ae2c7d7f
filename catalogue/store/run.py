"""Opening and closing a run: who may write, from where to go on, and what became of it."""

from __future__ import annotations

import json
import time

from sqlalchemy import Connection, insert, update

from catalogue import queue, sources
from catalogue.database import Database
from catalogue.errors import StoppedUnmapped, TakenOver, WorkerGone
from catalogue.messages import packed
from catalogue.model import Asked, Lease, RunHandle, RunStatus, Source
from catalogue.store import held
from catalogue.store.complete import note_begun, standing
from catalogue.succession.errors import SourceSucceeded
from catalogue.tables import RunRow
from crosswalks.errors import Error

KIND = "harvest"
SUCCESSION = "succession"
"""What a run's options call it, that holds what a source's successor has nothing of."""
_AS_USUAL = Asked()


def job_key(name: str) -> str:
    """Return the key of a source's harvests in the queue."""
    return f"{KIND}:{name}"


def source_of(key: str) -> str:
    """Return the name of the source whose harvests have this key."""
    return key.removeprefix(f"{KIND}:")


def open_run(
    database: Database,
    name: str,
    *,
    moves_checkpoint: bool = True,
    lease: Lease | None = None,
    asked: Asked = _AS_USUAL,
) -> RunHandle | None:
    """Start a run of a source where its last left off, or return None while another lives.

    ``lease`` is that of a job already claimed, ``asked`` what history tells of the run. Raises
    NoSuchSource, and SourceSucceeded where another source has taken over from it.
    """
    _check_open(sources.get(database, name), asked)
    lease = lease or queue.claim(database, KIND, job_key(name))
    if lease is None:
        return None

    def work(connection: Connection) -> RunHandle | None:
        queue.renew(connection, lease)
        found = sources.configured(connection, name)
        _check_open(found.source, asked)
        _bury(connection, found.id)
        if held.drop_outdated(connection, found.id, found.generation):
            # There may be more: in steps that hold up nobody.
            return None
        before = standing(connection, found.id)
        run_id = _insert(connection, lease, found.id, asked)
        if moves_checkpoint:
            _go_on(connection, found.id, run_id)
        note_begun(connection, run_id, found.generation, accepts=before.accepts)
        return RunHandle(
            run_id=run_id,
            source_id=found.id,
            source=found.source,
            generation=found.generation,
            lease=lease,
            checkpoint=found.checkpoint,
            moves_checkpoint=moves_checkpoint,
            replays=asked.replays,
            **before._asdict(),
        )

    opened = None
    while opened is None:
        opened = database.writing(work)
    return opened


def close_run(
    database: Database, run: RunHandle, status: RunStatus, error: Error | None = None
) -> None:
    """End a run, with what ended it early; nothing it stored is touched."""

    def work(connection: Connection) -> None:
        connection.execute(
            update(RunRow)
            .where(RunRow.id == run.run_id, RunRow.status == RunStatus.RUNNING.value)
            .values(status=status.value, finished=_now(), **packed(error))
        )
        queue.finish(connection, run.lease, "done" if status is RunStatus.SUCCEEDED else "failed")

    database.writing(work)


def _check_open(source: Source, asked: Asked) -> None:
    if source.successor and SUCCESSION not in asked.options:
        raise SourceSucceeded(name=source.name, successor=source.successor)


def _bury(connection: Connection, source_id: int) -> None:
    """Close the runs of workers that ended without a word: we hold their lease now."""
    connection.execute(
        update(RunRow)
        .where(RunRow.source_id == source_id, RunRow.status == RunStatus.RUNNING.value)
        .values(status=RunStatus.INCOMPLETE.value, finished=_now(), **packed(WorkerGone()))
    )


def _go_on(connection: Connection, source_id: int, run_id: int) -> None:
    """Close the runs that stopped early: this one goes on, and stops where it is no better."""
    connection.execute(
        update(RunRow)
        .where(
            RunRow.source_id == source_id,
            RunRow.status == RunStatus.WAITING.value,
            RunRow.code == StoppedUnmapped.code(),
        )
        .values(status=RunStatus.CANCELLED.value, **packed(TakenOver(later=run_id)))
    )


def _insert(connection: Connection, lease: Lease, source_id: int, asked: Asked) -> int:
    return connection.execute(
        insert(RunRow)
        .values(
            job_id=lease.job_id,
            source_id=source_id,
            status=RunStatus.RUNNING.value,
            started=_now(),
            options=json.dumps(dict(asked.options), ensure_ascii=False),
            replays=asked.replays,
        )
        .returning(RunRow.id)
    ).scalar_one()


def _now() -> int:
    return time.time_ns() // 1_000_000
