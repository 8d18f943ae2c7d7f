"""Carrying out what people approved: at once where they say it, else by a worker or a harvest.

It holds the lease of the source's harvests, so that none runs meanwhile; where one does, that one
carries it out at its end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from typing import NamedTuple

from catalogue import decisions, queue, runs
from catalogue.cluster.place import BATCH
from catalogue.errors import LeaseLost, SourceChanged
from catalogue.model import Run, RunStatus
from catalogue.store.run import job_key
from scheduler.about import working_at
from scheduler.ending import carry_out
from scheduler.heartbeat import held
from scheduler.model import Line
from scheduler.placing import Placer

DECIDE = "decide"

_log = logging.getLogger(__name__)


class Approved(NamedTuple):
    """What came of an approval."""

    run: Run
    is_done: bool
    """False where a harvest is under way, which carries it out at its end, or where it was stopped
    in the middle; a worker or the next harvest goes on.
    """


def approve(
    line: Line, run_id: int, stopping: Event, tell: Callable[[int], None] = lambda _: None
) -> Approved:
    """Approve what a run waits to do, and do it; again does no harm.

    ``tell`` hears how many deletions were carried out so far. Raises NoSuchRun, NothingToDecide,
    DecidedOtherwise or DecisionOutdated.
    """
    status = decisions.approve(line.db, run_id)
    done = True
    if status is RunStatus.WAITING:
        done = _carry_out(line, run_id, runs.get(line.db, run_id).source, stopping, tell)
    return Approved(runs.get(line.db, run_id), done)


def carry_out_next(line: Line, stopping: Event) -> bool:
    """Carry out what was approved and is not carried out; tell whether there was anything."""
    for run_id, source in decisions.decided(line.db):
        try:
            if _carry_out(line, run_id, source, stopping):
                return True
        except (LeaseLost, SourceChanged) as error:
            _log.warning("%s", error)
    return False


def _carry_out(
    line: Line,
    run_id: int,
    source: str,
    stopping: Event,
    tell: Callable[[int], None] = lambda _: None,
) -> bool:
    lease = queue.step_in(line.db, DECIDE, job_key(source))
    if lease is None:
        return False
    run, span = decisions.handle(line.db, run_id, lease)
    with (
        working_at(source=source, run=run_id),
        held(line.db, lease),
        Placer(line.db, line.identity) as placer,
    ):
        return carry_out(line, run, _Work(placer, tell).placed, stopping, span)


class _Work:
    """How much was done, placed as it gathers."""

    def __init__(self, placer: Placer, tell: Callable[[int], None]) -> None:
        self._placer, self._tell = placer, tell
        self._done = self._dirty = 0

    def placed(self, dirty: int) -> None:
        self._done += dirty
        self._dirty += dirty
        self._tell(self._done)
        while self._dirty >= BATCH and (placed := self._placer.step()):
            self._dirty -= placed
        self._placer.step_aside()
