"""One source taking over from another: found and shown first, then carried out, or called off.

It holds the leases of both sources' harvests meanwhile. What was begun, a worker or the same
command goes on with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import NamedTuple

from catalogue import queue, runs
from catalogue.cluster.place import BATCH
from catalogue.errors import LeaseLost, NeedsDecision
from catalogue.guards import judge
from catalogue.model import Asked, Run, RunHandle, RunStatus
from catalogue.store import close_run, complete, held, open_run
from catalogue.store.run import SUCCESSION, job_key
from catalogue.succession import pairing, steps
from catalogue.succession.errors import NothingApplied, SuccessionBusy
from catalogue.succession.pairing import Rule
from catalogue.succession.setting import State
from catalogue.succession.steps import Succession
from catalogue.succession.work import Work
from scheduler.ending import carry_out
from scheduler.heartbeat import heartbeat
from scheduler.heartbeat import held as kept
from scheduler.model import Line
from scheduler.placing import Placer

SUCCEED = "succeed"
LOOK, PAIR = "look", "pair"

_log = logging.getLogger(__name__)


class Progress(NamedTuple):
    """How far it is."""

    stage: str
    """``look`` while nothing is changed yet, ``pair`` while pairs are carried over."""
    records: int


Tell = Callable[[Progress], None]


def _silent(_: Progress) -> None:
    pass


@contextmanager
def looking(line: Line, succession: Succession) -> Iterator[Work]:
    """Give what pairs may be found with; harvests go on meanwhile. Raises SuccessionBusy."""
    with _taken(line, succession, [_key(succession)]) as work:
        yield work


@contextmanager
def taken(line: Line, succession: Succession) -> Iterator[Work]:
    """Give what a succession can be carried out with: nothing else is done with its sources.

    Raises SuccessionBusy where something is.
    """
    names = (succession.old, succession.new)
    with _taken(line, succession, [_key(succession), *map(job_key, names)]) as work:
        yield work


def find(line: Line, work: Work, tell: Tell = _silent) -> list[Rule]:
    """Pair the records of both sources; nothing of the catalogue is changed. Raises LeaseLost."""
    return pairing.find(line.db, work, lambda looked: tell(Progress(LOOK, looked)))


def apply(
    line: Line, work: Work, succession: Succession, stopping: Event, tell: Tell = _silent
) -> bool:
    """Let the pairs that were found go on as one record each, and the new source take over.

    Returns whether all is done; once ``stopping`` is set it ends after a step. Raises LeaseLost.
    """
    if succession.state is not State.APPLYING:
        steps.begin(line.db, work, succession)
    done = 0
    with Placer(line.db, line.identity) as placer:
        placing = _Placing(placer)
        while (step := steps.go_on(line.db, work)).pairs:
            done += step.pairs
            tell(Progress(PAIR, done))
            placing.placed(step.dirty)
            if stopping.is_set():
                return False
        return _release(line, work, State.APPLIED, stopping, placing)


def cancel(line: Line, work: Work, succession: Succession, stopping: Event) -> bool:
    """Call it off: what waits in the new source becomes records like any others.

    Returns whether all is done. Raises AlreadyApplied or LeaseLost.
    """
    if succession.state is not State.CANCELLING:
        steps.begin_cancelling(line.db, work, succession)
    with Placer(line.db, line.identity) as placer:
        return _release(line, work, State.CANCELLED, stopping, _Placing(placer))


def go_on_next(line: Line, stopping: Event) -> bool:
    """Go on with what somebody began and did not end; tell whether there was anything."""
    for each in steps.begun(line.db):
        try:
            with taken(line, each) as work:
                if each.state is State.APPLYING:
                    apply(line, work, each, stopping)
                else:
                    cancel(line, work, each, stopping)
        except (SuccessionBusy, LeaseLost) as error:
            _log.info("%s", error)
        else:
            return True
    return False


def delete_unpaired(line: Line, succession: Succession, stopping: Event) -> Run:
    """Hold the deletion of the old source's records that are left, and judge it as any other.

    Returns the run that holds them, or has carried them out. Raises NothingApplied, SuccessionBusy.
    """
    if succession.state is not State.APPLIED:
        raise NothingApplied(old=succession.old, new=succession.new)
    asked = Asked({SUCCESSION: succession.new})
    run = open_run(line.db, succession.old, moves_checkpoint=False, asked=asked)
    if run is None:
        raise SuccessionBusy(old=succession.old, new=succession.new)
    with heartbeat(line.db, run.lease):
        after: int | None = 0
        while after is not None:
            after = held.hold_absent(line.db, run, run.run_id, after, by_name=False)
        doubt = judge(complete.figures(line.db, run), run.source.guards)
        _end(line, run, doubt, stopping)
    return runs.get(line.db, run.run_id)


def _end(line: Line, run: RunHandle, doubt: NeedsDecision | None, stopping: Event) -> None:
    if doubt is not None:
        close_run(line.db, run, RunStatus.WAITING, doubt)
        return
    with Placer(line.db, line.identity) as placer:
        done = carry_out(line, run, _Placing(placer).placed, stopping)
    close_run(line.db, run, RunStatus.SUCCEEDED if done else RunStatus.INCOMPLETE)


def _key(succession: Succession) -> str:
    return f"{SUCCEED}:{succession.new}"


@contextmanager
def _taken(line: Line, succession: Succession, keys: list[str]) -> Iterator[Work]:
    old, new = steps.sides(line.db, succession)
    with ExitStack() as stack:
        leases = []
        for key in keys:
            lease = queue.step_in(line.db, SUCCEED, key)
            if lease is None:
                raise SuccessionBusy(old=succession.old, new=succession.new)
            stack.enter_context(kept(line.db, lease))
            leases.append(lease)
        yield Work(tuple(leases), succession.key, old.id, new.id)


def _release(line: Line, work: Work, state: State, stopping: Event, placing: _Placing) -> bool:
    """Let all that waits count as any others, and write down that it ended so."""
    while True:
        after: int | None = 0
        while after is not None:
            after, dirty = steps.release(line.db, work, after)
            placing.placed(dirty)
            if stopping.is_set():
                return False
        if steps.end(line.db, work, state):
            return True


class _Placing:
    """What has to be placed, placed as it gathers."""

    def __init__(self, placer: Placer) -> None:
        self._placer = placer
        self._dirty = 0

    def placed(self, dirty: int) -> None:
        self._dirty += dirty
        while self._dirty >= BATCH and (placed := self._placer.step()):
            self._dirty -= placed
        self._placer.step_aside()
