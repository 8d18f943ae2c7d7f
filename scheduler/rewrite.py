"""Stored forms made anew after a crosswalk out of MARC 21 was published, in the background.

How far it is is noted with every step, so whoever goes on after a kill begins there. Placements
make forms by the new version from the moment of publishing on, so one walk through all is enough.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any

from catalogue import forms, queue
from catalogue.clock import wall_clock
from catalogue.cluster import rewrite
from catalogue.cluster.rewrite import Anew, Outdated, Place, Rewritten, Writer
from catalogue.crosswalks import REWRITE
from catalogue.errors import CrosswalksChanged
from catalogue.model import Lease
from crosswalks.shelf import Shelf
from scheduler.heartbeat import heartbeat
from scheduler.model import Line
from scheduler.shelves import Shelves

Tell = Callable[[Rewritten], None]
"""Hears what has been done so far."""

_CROSSWALKS = {kind.prefix: kind.crosswalk for kind in forms.KINDS}


def rewrite_due(
    line: Line, stopping: Event, tell: Tell = lambda _: None, step: int = rewrite.STEP
) -> Rewritten | None:
    """Do the work that publishing queued, if there is any; return what came of it.

    Once ``stopping`` is set it ends after the step at hand, of which there is always one, and is
    queued again. Raises LeaseLost.
    """
    if queue.next_due(line.db, REWRITE) is None:
        return None
    lease = queue.claim(line.db, REWRITE, REWRITE, anew=False)
    if lease is None:
        return None
    work = _Work(line, lease, step)
    with heartbeat(line.db, lease):
        is_over = work.is_done_already()
        while not is_over:
            is_over = work.step()
            tell(work.done)
            if stopping.is_set():
                break
    if is_over:
        line.db.writing(lambda connection: queue.finish(connection, lease))
    else:
        queue.put_back(line.db, lease)
    return work.done


def queue_if_outdated(line: Line) -> None:
    """Queue the work where the crosswalks that are shipped are others than they were.

    Whoever publishes queues it with the publication; a new version of the program does not.
    """
    state, noted = queue.latest(line.db, REWRITE)
    if state in ("queued", "running"):
        return
    walk = _Walk.noted(noted)
    versions = forms.versions(Shelves(line.db).now())
    if state != "done" or walk is None or walk.versions != versions:
        queue.enqueue(line.db, REWRITE, REWRITE, wall_clock())


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A walk through all forms: by which crosswalks, and how far it is."""

    edition: int
    """The edition it began with."""
    versions: Mapping[str, str]
    after: Place | None = None

    @classmethod
    def noted(cls, text: str) -> _Walk | None:
        """Return what was noted of a walk, or None."""
        found: dict[str, Any] = json.loads(text)
        if not found:
            return None
        after = found.pop("after")
        return cls(**found, after=Place(*after) if after else None)

    def note(self) -> str:
        """Return what has to be noted."""
        told = {"edition": self.edition, "versions": self.versions, "after": self.after}
        return json.dumps(told, ensure_ascii=False)


class _Work:
    """One worker's part of the job."""

    def __init__(self, line: Line, lease: Lease, step: int) -> None:
        self._database, self._lease, self._step = line.db, lease, step
        self._shelves = Shelves(line.db)
        self._walk = _Walk.noted(queue.payload(line.db, lease))
        self.done = Rewritten(0, 0, 0)

    def is_done_already(self) -> bool:
        """Tell whether the job before took in what this one was queued for."""
        if self._walk is not None:
            return False
        state, noted = queue.latest(self._database, REWRITE, self._lease)
        before, shelf = _Walk.noted(noted), self._shelves.now()
        if state != "done" or before is None or before.edition != shelf.edition:
            return False
        self._walk = _Walk(edition=shelf.edition, versions=forms.versions(shelf))
        if before.versions != self._walk.versions:
            return False
        self._note()
        return True

    def step(self) -> bool:
        """Make the next forms anew; tell whether nothing is left."""
        shelf = self._shelves.now()
        walk = self._walk_by(shelf)
        looked = rewrite.look(self._database, walk.versions, walk.after, self._step)
        if looked.last is None:
            self._note()
            return True
        before, walk.after = walk.after, looked.last
        made = [_made(each, walk.versions, shelf) for each in looked.outdated]
        writer = Writer(self._lease, shelf.edition, walk.note())
        try:
            done = rewrite.put_again(self._database, writer, made)
        except CrosswalksChanged:
            # What is left now is asked for anew, by what holds now.
            walk.after = before
        else:
            self.done = Rewritten(*map(sum, zip(self.done, done, strict=True)))
        return False

    def _walk_by(self, shelf: Shelf) -> _Walk:
        """Return the walk under way, or another where something else was published for it."""
        versions = forms.versions(shelf)
        if self._walk is None or self._walk.versions != versions:
            self._walk = _Walk(edition=shelf.edition, versions=versions)
        return self._walk

    def _note(self) -> None:
        text = self._walk.note() if self._walk else "{}"
        self._database.writing(lambda connection: queue.note(connection, self._lease, text))


def _made(before: Outdated, versions: Mapping[str, str], shelf: Shelf) -> Anew:
    prefix = before.place.prefix
    made = forms.make(forms.undated(before.record), _CROSSWALKS[prefix], shelf)
    return Anew(before, versions[prefix], made)
