"""The search itself: all servers at once, what is known shown whenever more of it is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from queue import Empty, Queue

from catalogue import crosswalks
from catalogue.database import Database
from catalogue.search import Request, engine, planned
from catalogue.search.model import Hits
from provider.errors import OutOfTime
from provider.federation import asking
from provider.federation.asking import Listener, Told
from provider.federation.merging import facets, merged
from provider.federation.model import Asked, Copy, LiveTarget, Publication, Sight, State, Status

_GATHER = 0.02
"""Seconds in which what comes is taken together: to merge costs more than to wait."""


def search(database: Database, asked: Asked, targets: Sequence[LiveTarget]) -> Iterator[Sight]:
    """Yield what is found, again whenever there is more; the last sight is marked as that.

    The union is asked first. Raises QueryError where the union cannot carry out the query, and
    ViewNotSearched. Servers that are not through in time are left, with what came of them.
    """
    found = _Found(database, asked, targets)
    shelf = crosswalks.shelf(database)
    told: Queue[Told] = Queue()
    deadline = time.monotonic() + asked.limits.seconds
    asking.begin(targets, asked, shelf, Listener(told.put, deadline))
    while found.is_open:
        yield found.sight()
        some = _heard(told, deadline - time.monotonic())
        if not some:
            break
        found.take(some)
    found.end()
    yield found.sight(is_last=True)


class _Found:
    """What is known by now."""

    def __init__(self, database: Database, asked: Asked, targets: Sequence[LiveTarget]) -> None:
        self._database = database
        self._asked = asked
        self._hits = _union(database, asked)
        self._statuses = {each.name: Status(target=each.name) for each in targets}
        self._copies: list[Copy] = []
        self._publications: tuple[Publication, ...] | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether a server is still being asked."""
        return any(each.state is State.ASKING for each in self._statuses.values())

    def take(self, told: Iterable[Told]) -> None:
        """Take in what was told."""
        for each in told:
            self._statuses[each.status.target] = each.status
            if each.copies:
                self._copies += each.copies
                self._publications = None

    def end(self) -> None:
        """Leave those that are not through."""
        limits = self._asked.limits
        for name, status in self._statuses.items():
            if status.state is State.ASKING:
                late = OutOfTime(target=name, seconds=f"{limits.seconds:g}")
                self._statuses[name] = replace(
                    status, state=State.SILENT, seconds=limits.seconds, why=late
                )

    def sight(self, *, is_last: bool = False) -> Sight:
        """Return all of it."""
        if self._publications is None:
            hits = self._hits.hits
            self._publications = merged(self._database, hits, self._copies, self._asked.view)
        publications = self._publications
        return Sight(
            statuses=tuple(self._statuses.values()),
            publications=publications,
            total=self._hits.clusters,
            facets=facets(publications) if is_last else (),
            is_last=is_last,
        )


def _union(database: Database, asked: Asked) -> Hits:
    request = Request(
        wanted=planned(asked.query),
        view=asked.view,
        by_work=False,
        limit=asked.limits.records,
        see=True,
    )
    return engine(database).search(request)


def _heard(told: Queue[Told], seconds: float) -> list[Told]:
    """Return what is told next, with all that follows close upon it; nothing when time is up."""
    try:
        some = [told.get(timeout=seconds) if seconds > 0 else told.get_nowait()]
    except Empty:
        return []
    time.sleep(_GATHER if seconds > _GATHER else 0)
    while not told.empty():
        some.append(told.get_nowait())
    return some
