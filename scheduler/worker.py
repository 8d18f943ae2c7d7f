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
from scheduler.rewrite import queue_if_outdated, rewrite_due

REST_SECONDS = 2.0

_log = logging.getLogger(__name__)

Told = Callable[[HarvestOutcome], None]


def work(line: Line, told: Told, stopping: Event, rest_seconds: float = REST_SECONDS) -> None:
    """Work until told to stop; ``told`` hears what came of each harvest.

    A harvest under way ends after its page and is queued again; so is mapping again, or making
    forms anew, which also make way for a harvest that is due.
    """
    is_looked_after = False

    def turn() -> bool:
        nonlocal is_looked_after
        if not is_looked_after:
            queue_if_outdated(line)
            is_looked_after = True
        harvested = _harvest_next(line, told, stopping)
        done = harvested or _do_again(line, stopping)
        return _place(line, stopping) or done

    repeat(turn, stopping, rest_seconds)


def _do_again(line: Line, stopping: Event) -> bool:
    """Do what publishing a crosswalk made necessary; tell whether there was anything."""
    if remap_due(line, _OrDue(line, stopping)) is not None:
        return True
    return rewrite_due(line, _OrDue(line, stopping, placing=True)) is not None


class _OrDue(Event):
    """Set once the worker has to stop, and while a harvest is due or, if told, records wait."""

    def __init__(self, line: Line, stopping: Event, *, placing: bool = False) -> None:
        super().__init__()
        self._line, self._stopping, self._placing = line, stopping, placing

    def is_set(self) -> bool:
        """Tell whether there is something better to do."""
        if not super().is_set() and (self._stopping.is_set() or self._is_due()):
            self.set()
        return super().is_set()

    def _is_due(self) -> bool:
        database = self._line.db
        if queue.next_due(database, KIND) is not None:
            return True
        return self._placing and waiting(database, 1) > 0


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
