"""What the hub does for itself by the clock: a table, so that whatever comes next is one line more.

A chore has a kind, the words by which it is due unless the settings say others, and how it is put
into the queue; a worker does it. Each is a setting of ``[scheduler]`` by the name of its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalogue.database import Database
from scheduler import dumps, housekeeping, quality, reindexing, reports
from scheduler.timetable import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """One kind of work that no source asks for."""

    kind: str
    usual: str
    """The words of its schedule where nothing else is set."""
    queue: Callable[[Database], object]
    """Puts it into the queue, once however often it is called."""

    def words(self, timetable: Timetable) -> str:
        """Return its schedule; empty: never."""
        return timetable.chores.get(self.kind, self.usual)


CHORES = (
    Chore(kind=housekeeping.KIND, usual=housekeeping.AT, queue=housekeeping.queue_prune),
    Chore(kind=reindexing.KIND, usual=reindexing.AT, queue=reindexing.queue_reindex),
    Chore(kind=dumps.KIND, usual=dumps.AT, queue=dumps.queue_scheduled),
    Chore(kind=reports.KIND, usual=reports.AT, queue=reports.queue_monthly),
    Chore(kind=quality.KIND, usual=quality.AT, queue=quality.queue_count),
)
