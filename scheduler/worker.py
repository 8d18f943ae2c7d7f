"""A worker: harvests what is due, else maps again and places what waits.

Any number of them may run, on any number of machines; what one leaves unfinished another goes on
with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.cluster.place import waiting
from catalogue.errors import NoSuchSource
from catalogue.model import RunStatus
from catalogue.store.run import KIND, source_of
from scheduler.loop import repeat
from scheduler.model import HarvestOptions, HarvestOutcome, Line
from scheduler.pipeline import harvest
from scheduler.placing import Placer
from scheduler.remap import remap_due

REST_SECONDS = 2.0

_log = logging.getLogger(__name__)

Told = Callable[[HarvestOutcome], None]


def work(line: Line, told: Told, stopping: Event, rest_seconds: float = REST_SECONDS) -> None:
    """Work until told to stop; ``told`` hears what came of each harvest.

    A harvest under way ends after its page and is queued again; so is mapping again, which also
    makes way for a harvest that is due.
    """

    def turn() -> bool:
        harvested = _harvest_next(line, told, stopping)
        remapped = not harvested and remap_due(line, _OrDue(line, stopping)) is not None
        return _place(line, stopping) or harvested or remapped

    repeat(turn, stopping, rest_seconds)


class _OrDue(Event):
    """Set once the worker has to stop, and while a harvest is due."""

    def __init__(self, line: Line, stopping: Event) -> None:
        super().__init__()
        self._line, self._stopping = line, stopping

    def is_set(self) -> bool:
        """Tell whether there is something better to do."""
        if not super().is_set() and (
            self._stopping.is_set() or queue.next_due(self._line.db, KIND) is not None
        ):
            self.set()
        return super().is_set()


def _harvest_next(line: Line, told: Told, stopping: Event) -> bool:
    key = queue.next_due(line.db, KIND)
    lease = queue.claim(line.db, KIND, key, anew=False) if key else None
    if key is None or lease is None:
        return False

    try:
        options = HarvestOptions(lease=lease, settle=False)
        outcome = harvest(line, source_of(key), options, stopping=stopping)
        if outcome.status is RunStatus.CANCELLED and outcome.error is None:
            queue.enqueue(line.db, KIND, key, wall_clock())
        told(outcome)
    except NoSuchSource as error:
        _log.warning("%s", error)
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
    return True


def _place(line: Line, stopping: Event) -> bool:
    """Place a batch, and more until a harvest is due; tell whether anything was placed."""
    if not waiting(line.db, 1):
        return False
    with Placer(line.db, line.identity) as placer:
        placed = placer.step()
        more = placed
        while more and not stopping.is_set() and queue.next_due(line.db, KIND) is None:
            more = placer.step()
    return bool(placed)
