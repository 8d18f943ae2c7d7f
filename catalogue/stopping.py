"""Telling a harvest to end, whichever process is at it."""

from __future__ import annotations

import time
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from catalogue import queue, sources
from catalogue.database import Database
from catalogue.errors import WorkerGone
from catalogue.messages import packed
from catalogue.model import RunStatus
from catalogue.store.run import job_key
from catalogue.tables import RunRow


class Stopping(NamedTuple):
    """What was under way when a source's harvests were told to end."""

    run: int | None
    """The run that ends, or has ended since its worker is gone."""
    lives: bool
    """Whether it goes on to the end of its page."""
    withdrawn: bool
    """Whether a queued harvest was taken back."""


def stop(database: Database, name: str) -> Stopping:
    """Tell the harvest of a source to end after its page, and take back one that is queued.

    Its status will be ``cancelled``. To say it again changes nothing. Raises NoSuchSource.
    """
    sources.get(database, name)

    def work(connection: Connection) -> Stopping:
        found = queue.stop(connection, job_key(name))
        if found.job is None:
            return Stopping(None, lives=False, withdrawn=found.withdrawn)
        of_job = (RunRow.job_id == found.job, RunRow.status == RunStatus.RUNNING.value)
        run = connection.execute(select(RunRow.id).where(*of_job)).scalar()
        if not found.lives:
            ended = {"status": RunStatus.CANCELLED.value, "finished": time.time_ns() // 1_000_000}
            connection.execute(
                update(RunRow).where(*of_job).values(**ended, **packed(WorkerGone()))
            )
        return Stopping(run, lives=found.lives, withdrawn=found.withdrawn)

    return database.writing(work)
