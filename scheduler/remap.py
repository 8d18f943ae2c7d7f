"""Records mapped again after a crosswalk was published: in the background, a page at a time.

The job has no memory and needs none: a record tells by which version it was mapped, so whoever goes
on after a kill finds what is left. Readers see a cluster as it was until it is placed anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Event
from typing import NamedTuple

from catalogue import queue, sources
from catalogue.clock import wall_clock
from catalogue.crosswalks import REMAP
from catalogue.errors import CrosswalksChanged, NoSuchSource, SourceChanged
from catalogue.model import Lease
from catalogue.store import remap
from catalogue.store.remap import Remapped, Writer
from crosswalks.shelf import Shelf
from scheduler.heartbeat import heartbeat
from scheduler.mapping import current_versions, map_page
from scheduler.model import Line
from scheduler.retry import retry_beside_live
from scheduler.shelves import Shelves

Tell = Callable[[Remapped], None]
"""Hears what has been done so far."""


def remap_due(
    line: Line, stopping: Event, tell: Tell = lambda _: None, step: int = remap.STEP
) -> Remapped | None:
    """Do the work that publishing queued, if there is any; return what came of it.

    Once ``stopping`` is set it ends after the page at hand and is queued again. Raises LeaseLost.
    """
    if queue.next_due(line.db, REMAP) is None:
        return None
    lease = queue.claim(line.db, REMAP, REMAP, anew=False)
    if lease is None:
        return None
    shelves = Shelves(line.db)
    noted = json.dumps(_versions(shelves.now()))
    with heartbeat(line.db, lease):
        done = _all(_Job(line, lease, shelves, step), stopping, tell)
    if not stopping.is_set():
        line.db.writing(lambda connection: queue.note(connection, lease, noted))
    # Queued before it is finished: a kill in between does it twice, and never leaves it out.
    if stopping.is_set():
        queue.enqueue(line.db, REMAP, REMAP, 0)
    line.db.writing(lambda connection: queue.finish(connection, lease))
    return done


def queue_if_outdated(line: Line) -> None:
    """Queue the work where the crosswalks that are shipped are others than they were.

    Whoever publishes queues it with the publication; a new version of the program does not.
    """
    state, noted = queue.latest(line.db, REMAP)
    current = _versions(Shelves(line.db).now())
    if state not in ("queued", "running") and json.loads(noted or "{}") != current:
        queue.enqueue(line.db, REMAP, REMAP, wall_clock())


def _versions(shelf: Shelf) -> list[str]:
    """Return the versions of all crosswalks by which stored records are mapped."""
    return sorted(map(shelf.version, shelf.into_pivot()))


class _Job(NamedTuple):
    """What all of the work is done with."""

    line: Line
    lease: Lease
    shelves: Shelves
    step: int


def _all(job: _Job, stopping: Event, tell: Tell) -> Remapped:
    done = Remapped(0, 0, 0)
    for source in sources.all(job.line.db):
        try:
            work = _Work(job, source.name)
            while not stopping.is_set() and (page := work.step()) is not None:
                done = Remapped(*map(sum, zip(done, page, strict=True)))
                tell(done)
            retry_beside_live(job.line, job.lease, job.shelves, source.name, stopping)
        except NoSuchSource:
            continue
    return done


class _Work:
    """What there is to do for one source."""

    def __init__(self, job: _Job, name: str) -> None:
        self._job, self._name = job, name
        self._after = 0

    def step(self) -> Remapped | None:
        """Map the next records again; return None where none are left."""
        while True:
            try:
                return self._step(self._job.shelves.now())
            except (CrosswalksChanged, SourceChanged):
                # What is left now is asked for anew, by what holds now.
                self._after = 0

    def _step(self, shelf: Shelf) -> Remapped | None:
        database = self._job.line.db
        found = remap.configured(database, self._name)
        current = current_versions(found.source, shelf)
        held = remap.outdated(database, found.id, current, self._after, self._job.step)
        if not held:
            return None
        page = remap.page_of(held)
        mapped = map_page(page, found.source, (), None, shelf)
        writer = Writer(self._job.lease, found, shelf.edition)
        done = remap.put_again(database, writer, page, mapped.records, mapped.problems)
        self._after = held[-1].id
        return done
