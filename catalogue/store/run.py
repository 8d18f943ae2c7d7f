"""Opening and closing a run: who may write, from where to go on, and what became of it."""

from __future__ import annotations

import time

from sqlalchemy import Connection, insert, update

from catalogue import queue, sources
from catalogue.database import Database
from catalogue.model import Lease, RunHandle, RunStatus
from catalogue.tables import RunRow

KIND = "harvest"


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
) -> RunHandle | None:
    """Start a run of a source where its last left off, or return None while another lives.

    ``lease`` is that of a job already claimed. Raises NoSuchSource.
    """
    sources.get(database, name)
    lease = lease or queue.claim(database, KIND, job_key(name))
    if lease is None:
        return None

    def work(connection: Connection) -> RunHandle:
        queue.renew(connection, lease)
        found = sources.configured(connection, name)
        _bury(connection, found.id)
        return RunHandle(
            run_id=_insert(connection, lease, found.id),
            source_id=found.id,
            source=found.source,
            generation=found.generation,
            lease=lease,
            checkpoint=found.checkpoint,
            moves_checkpoint=moves_checkpoint,
        )

    return database.writing(work)


def close_run(database: Database, run: RunHandle, status: RunStatus, message: str = "") -> None:
    """End a run; nothing it stored is touched."""

    def work(connection: Connection) -> None:
        connection.execute(
            update(RunRow)
            .where(RunRow.id == run.run_id, RunRow.status == RunStatus.RUNNING.value)
            .values(status=status.value, message=message, finished=_now())
        )
        queue.finish(connection, run.lease, "done" if status is RunStatus.SUCCEEDED else "failed")

    database.writing(work)


def _bury(connection: Connection, source_id: int) -> None:
    """Close the runs of workers that ended without a word: we hold their lease now."""
    connection.execute(
        update(RunRow)
        .where(RunRow.source_id == source_id, RunRow.status == RunStatus.RUNNING.value)
        .values(
            status=RunStatus.INCOMPLETE.value,
            message="The worker stopped without a word; the next run went on from its checkpoint.",
            finished=_now(),
        )
    )


def _insert(connection: Connection, lease: Lease, source_id: int) -> int:
    return connection.execute(
        insert(RunRow)
        .values(
            job_id=lease.job_id,
            source_id=source_id,
            status=RunStatus.RUNNING.value,
            started=_now(),
        )
        .returning(RunRow.id)
    ).scalar_one()


def _now() -> int:
    return time.time_ns() // 1_000_000
