"""The search index made again by the clock: whatever got into it wrongly, by hand or a fault, goes.

What is in it goes on being found meanwhile; workers index what waits, a little at a time.
"""

from __future__ import annotations

import logging

from catalogue import queue
from catalogue.database import Database
from catalogue.search import waiting
from scheduler.heartbeat import held_if_due
from scheduler.model import Line

KIND = "reindex"
AT = ""
"""Never, unless somebody wants it: nothing gets into the index wrongly by itself."""

_log = logging.getLogger(__name__)


def queue_reindex(database: Database) -> bool:
    """Queue making the index again, unless that is queued already."""
    return queue.enqueue(database, KIND, KIND, 0)


def reindex_due(line: Line) -> int | None:
    """Have all clusters wait to be indexed if that was queued; return how many they are."""
    with held_if_due(line.db, KIND) as is_ours:
        if not is_ours:
            return None
        count = waiting.begin_anew(line.db)
    _log.info("The search index is made again: %d records.", count)
    return count
