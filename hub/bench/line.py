"""The whole line, once: from the moment the harvests are let go until all is placed and indexed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import NamedTuple, TypeAlias

from catalogue import queue
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.store.run import KIND, job_key
from crosswalks.errors import Said
from hub.bench.hub import Measured
from hub.bench.memory import Moment, Watch
from hub.bench.worker import Harvested, Ready, Spent, Worker
from hub.errors import LineStopped
from scheduler.placing import anything_waits
from web.language import mark

_LOOK = 0.1
"""Seconds between two looks at whether anything waits."""
_COUNT = 5.0
"""Seconds between two counts of what waits: counting a million takes a processor from the line."""
HARVESTING, PLACING = mark("harvesting"), mark("placing")

Tell: TypeAlias = Callable[[str, int, int], None]
"""Hears a stage, how many are done in it, and of how many."""


class Wanted(NamedTuple):
    """What the line has to bring in."""

    sources: Sequence[str]
    entries: int
    """Of their lists, all together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What it took."""

    seconds: float
    """By the clock on the wall, until nothing waited any more."""
    harvest_seconds: float
    """Until the last list was at its end."""
    delivered: int
    pages: int
    workers: tuple[Spent, ...]
    peak_mib: float
    """The most that all workers held together."""
    course: tuple[Moment, ...]
    """What they held together over time."""

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all workers."""
        return sum(each.cpu_seconds for each in self.workers)

    @property
    def stages(self) -> Counter[str]:
        """Processor time of all workers by stage."""
        found: Counter[str] = Counter()
        for each in self.workers:
            found.update(each.stages)
        return found


def harvest_and_place_all(
    hub: Measured, db: Database, wanted: Wanted, processes: int, tell: Tell
) -> Passed:
    """Bring in all sources by so many workers, and wait until nothing waits.

    This is the one place that decides how a hub is filled: sources are queued, and workers claim
    them and place what has come as ``lienthong worker`` does. Raises LineStopped.
    """
    for name in wanted.sources:
        queue.enqueue(db, KIND, job_key(name), 0)
    with _workers(hub, processes) as workers:
        for worker in workers:
            if not isinstance(worker.hear(), Ready):
                raise LineStopped(reason=Said(mark("a worker ended"), {}))
        with Watch([each.process.pid or 0 for each in workers]) as watch:
            began = time.monotonic()
            for worker in workers:
                worker.tell()
            harvested = _harvested(workers, wanted, tell)
            at_end = time.monotonic()
            _placed(db, workers, wanted.entries, tell)
            over = time.monotonic()
        spent = tuple(map(_ended, workers))
    return Passed(
        seconds=over - began,
        harvest_seconds=at_end - began,
        delivered=sum(each.delivered for each in harvested),
        pages=sum(each.pages for each in harvested),
        workers=spent,
        peak_mib=watch.peak_mib,
        course=tuple(watch.course()),
    )


@contextmanager
def _workers(hub: Measured, count: int) -> Iterator[list[Worker]]:
    workers: list[Worker] = []
    try:
        for _ in range(count):
            workers.append(Worker(hub.told))  # noqa: PERF401 - those begun are ended, come what may
        yield workers
    finally:
        for worker in workers:
            worker.end()


def _harvested(workers: Sequence[Worker], wanted: Wanted, tell: Tell) -> list[Harvested]:
    """Wait until each source was harvested; return what came of them."""
    found: list[Harvested] = []
    by_control = {worker.control: worker for worker in workers}
    while len(found) < len(wanted.sources):
        for control in wait(list(by_control)):
            said = by_control[control].hear()  # type: ignore[index] # what was waited for
            if not isinstance(said, Harvested):
                raise LineStopped(reason=Said(mark("a worker ended"), {}))
            if not said.succeeded:
                why = Said(mark("{source}: {problem}"), said._asdict())
                raise LineStopped(reason=why)
            found.append(said)
            tell(HARVESTING, sum(each.delivered for each in found), wanted.entries)
    return found


def _placed(db: Database, workers: Sequence[Worker], most: int, tell: Tell) -> None:
    """Wait until nothing waits to be placed, matched or indexed."""
    due = time.monotonic()
    while anything_waits(db):
        if time.monotonic() >= due:
            tell(PLACING, most - waiting(db), most)
            due = time.monotonic() + _COUNT
        for worker in workers:
            # A worker says nothing more unless it ends.
            if worker.control.poll():
                raise LineStopped(reason=Said(mark("a worker ended"), {}))
        time.sleep(_LOOK)


def _ended(worker: Worker) -> Spent:
    worker.tell()
    said = worker.hear()
    if not isinstance(said, Spent):
        raise LineStopped(reason=Said(mark("a worker ended"), {}))
    return said
