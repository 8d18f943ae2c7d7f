"""A worker: harvests what is due, else maps again and places what waits.

Any number of them may run, on any number of machines; what one leaves unfinished another goes on
with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from threading import Event

from catalogue import clockwork, daily, problem_figures, public_figures, queue, sources
from catalogue.errors import DatabaseUnreachable, NoSuchRun, NoSuchSource
from catalogue.membership.suppressing import expire
from catalogue.model import Lease, RunStatus, Source
from catalogue.store.run import KIND, source_of
from scheduler import (
    budget,
    bulk,
    crosswalk_effects,
    dumps,
    policies,
    previewing,
    quality,
    remap,
    reports,
    rewrite,
    succession,
)
from scheduler.again import queue_again
from scheduler.arriving import go_on
from scheduler.control import asked_for, queue_resumed, to_replay
from scheduler.deciding import carry_out_next
from scheduler.errors import StoppedBySomebody
from scheduler.housekeeping import prune_due
from scheduler.intake import check_next
from scheduler.joining import techcheck
from scheduler.loop import repeat
from scheduler.model import HarvestOptions, HarvestOutcome, Line
from scheduler.pipeline import harvest
from scheduler.placing import Placer, anything_waits
from scheduler.quiet import LeftAlone, named_free_from, quiet_until
from scheduler.rebuilding import is_due as rebuild_is_due
from scheduler.rebuilding import rebuild_due
from scheduler.reindexing import reindex_due
from scheduler.remap import remap_due
from scheduler.replay import again
from scheduler.rewrite import rewrite_due

REST_SECONDS = 2.0
_AT_ONCE = 100
"""Jobs looked into together."""

_log = logging.getLogger(__name__)

Told = Callable[[HarvestOutcome], None]


def work(line: Line, told: Told, stopping: Event, rest_seconds: float = REST_SECONDS) -> None:
    """Work until told to stop; ``told`` hears what came of each harvest.

    A harvest under way ends after its page and is queued again; so is mapping again, or making
    forms anew, which also make way for a harvest that is due.
    """
    is_looked_after = False
    worker = _Worker(line, told, stopping)

    def turn() -> bool:
        nonlocal is_looked_after
        worker.let_go()
        if not is_looked_after:
            rewrite.queue_if_outdated(line)
            remap.queue_if_outdated(line)
            quality.queue_if_never(line)
            is_looked_after = True
        harvested = worker.harvest_next()
        done = harvested or _do_again(line, stopping)
        if expire(line.db) or _place(line, stopping) or done:
            return True
        # Only by who has nothing else to do, and is not on the way out.
        return not stopping.is_set() and (
            daily.count_if_due(line.db)
            or problem_figures.count_if_due(line.db)
            or public_figures.count_if_due(line.db)
        )

    repeat(turn, stopping, rest_seconds)


def _do_again(line: Line, stopping: Event) -> bool:
    """Do what people decided or published a crosswalk for; tell whether there was anything."""
    if carry_out_next(line, stopping) or succession.go_on_next(line, stopping):
        return True
    if check_next(line, stopping) or techcheck.check_next(line) or rebuild_due(line) is not None:
        return True
    if prune_due(line) is not None or reindex_due(line) is not None:
        return True
    looked = crosswalk_effects.work_out_next(line, _OrDue(line, stopping, placing=True))
    if (
        looked
        or bulk.work_next(line, _OrDue(line, stopping))
        or policies.work_out_next(line)
        or previewing.work_out_next(line, _OrDue(line, stopping, placing=True))
        or reports.make_next(line) is not None
        or quality.count_due(line, stopping, _OrDue(line, stopping)) is not None
    ):
        return True
    if remap_due(line, _OrDue(line, stopping)) is not None:
        return True
    anew = rewrite_due(line, _OrDue(line, stopping, placing=True))
    return anew is not None or dumps.make_next(line, stopping, _OrDue(line, stopping))


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
        if any(True for _ in ready(self._line)):
            return True
        return self._placing and anything_waits(database)


def ready(line: Line) -> Iterator[tuple[str, Source]]:
    """Yield what is due and may be harvested now, with the keys of the jobs.

    Looked up by the hundred: where a thousand sources wait for something, each look would be
    thousands of queries.
    """
    if clockwork.maintenance(line.db) is not None:
        return
    now, keys = datetime.now(UTC), queue.due(line.db, KIND)
    for start in range(0, len(keys), _AT_ONCE):
        some = {key: source_of(key) for key in keys[start : start + _AT_ONCE]}
        with line.db.reading() as connection:
            known = sources.some(connection, some.values())
            taken = queue.living(connection)
        for key, name in some.items():
            if name not in known:
                _log.warning("%s", NoSuchSource(name=name))
                _drop(line, key)
            elif _may_begin(known[name], line.zone, now, taken):
                yield key, known[name]


def _may_begin(source: Source, zone: tzinfo, now: datetime, taken: Collection[str]) -> bool:
    waits = source.rests or quiet_until(source, zone, now) is not None
    return not waits and budget.is_free(source, taken)


class _Worker:
    """One that harvests, and knows which jobs it could not bring to an end."""

    def __init__(self, line: Line, told: Told, stopping: Event) -> None:
        self._line, self._told, self._stopping = line, told, stopping
        self._left: list[Lease] = []

    def let_go(self) -> None:
        """Leave to anybody what a database that was away kept us from ending."""
        while self._left:
            queue.let_go(self._line.db, self._left[-1])
            self._left.pop()

    def harvest_next(self) -> bool:
        """Harvest what is due first; tell whether there was anything."""
        line = self._line
        for key, source in ready(line):
            with budget.place(line.db, source) as placed:
                lease = queue.claim(line.db, KIND, key, anew=False) if placed else None
                if lease is not None:
                    self._harvest(source, lease)
                    return True
        return False

    def _harvest(self, source: Source, lease: Lease) -> None:
        try:
            _harvest(self._line, source, lease, self._told, self._stopping)
        except DatabaseUnreachable:
            self._left.append(lease)
            raise


def _harvest(line: Line, source: Source, lease: Lease, told: Told, stopping: Event) -> None:
    until = LeftAlone(line.db, source.name, line.zone, stopping)
    try:
        asked = _asked(line, source.name, lease)
        options = replace(asked, lease=lease, settle=False)
        outcome = harvest(line, source.name, options, stopping=until)
    except (NoSuchSource, NoSuchRun) as error:
        _log.warning("%s", error)
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
        return
    if outcome.run is None:
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
    if outcome.status is RunStatus.CANCELLED and not isinstance(outcome.error, StoppedBySomebody):
        rest = options.rest(outcome.counts.pages)
        over = named_free_from(line.db, source.name, line.zone, datetime.now(UTC))
        queue_resumed(line.db, source.name, rest, over)
    queue_again(line, outcome, options)
    if outcome.status is RunStatus.SUCCEEDED and outcome.counts.delivered:
        go_on(line, source.name)
    told(outcome)


def _asked(line: Line, name: str, lease: Lease) -> HarvestOptions:
    """Return what a queued harvest was asked for, the replay of a run among others."""
    number = to_replay(line.db, lease)
    return asked_for(line.db, name, lease) if number is None else again(line, number)[1]


def _drop(line: Line, key: str) -> None:
    lease = queue.claim(line.db, KIND, key, anew=False)
    if lease is not None:
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))


def _place(line: Line, stopping: Event) -> bool:
    """Place or match a batch, and more until a harvest is due; tell whether anything was done."""
    if not anything_waits(line.db):
        return False
    with Placer(line.db, line.identity) as placer:
        if placer.many_are_new():
            # Of a first load all sources come before: what is placed at once is best all there is.
            if _is_better_due(line):
                return False
            placer.place_new(lambda _: None, stopping)
        placed = placer.step()
        more = placed
        while more and not stopping.is_set() and not _is_better_due(line):
            more = placer.step()
    return bool(placed)


def _is_better_due(line: Line) -> bool:
    """Tell whether a harvest waits, or a rebuild that spares most of what is placed now."""
    return queue.next_due(line.db, KIND) is not None or rebuild_is_due(line.db)
