"""How complete the records of each library are, counted once a day in the background.

A library is counted as a whole; between two of them a harvest that is due comes first.
"""

from __future__ import annotations

import logging
from threading import Event

from catalogue import queue
from catalogue.database import Database
from catalogue.quality import counting
from scheduler.heartbeat import held_if_due
from scheduler.model import Line

KIND = "quality"
AT = "daily 04:15"
"""In the words of a schedule: what came in the night is in it."""

_log = logging.getLogger(__name__)


def queue_count(database: Database) -> bool:
    """Queue the counting, unless it is queued already."""
    return queue.enqueue(database, KIND, KIND, 0)


def queue_if_never(line: Line) -> None:
    """Queue it where there are records that were never counted: nobody waits for the night."""
    if counting.are_never_counted(line.db):
        queue_count(line.db)


def count_due(line: Line, stopping: Event, due: Event) -> int | None:
    """Count if that was queued; return how many libraries were done, or None if it was not.

    What is left over when ``stopping`` or ``due`` is set is queued again.
    """
    with held_if_due(line.db, KIND) as is_ours:
        if not is_ours:
            return None
        done = 0
        for _ in counting.count_next(line.db, stopping):
            done += 1
            if due.is_set():
                break
        if stopping.is_set() or due.is_set():
            # Queued before it is finished: a kill in between does no harm.
            queue_count(line.db)
    _log.info("The records of %d libraries were looked at for how complete they are.", done)
    return done
