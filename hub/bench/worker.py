"""A worker of the hub that is measured: the scheduler's own, its stack looked at now and then."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from typing import NamedTuple

from catalogue.model import RunStatus
from crosswalks.errors import Error
from hub.bench.memory import own_peak_mib
from hub.bench.sampling import Sampler
from hub.bench.stages import CREW, stages
from hub.garbage import collect_seldom
from hub.harvesting import line_of
from hub.instance import Hub
from hub.memory import set_program_apart
from scheduler.model import HarvestOutcome
from scheduler.worker import work
from web.language import message, translator

_GRACE = 1.0
"""Seconds that a worker gets to end by itself: its hub is taken away, so it leaves nothing."""


class Told(NamedTuple):
    """What a worker has to know: the environment that settings are read from, and a language."""

    environment: Mapping[str, str]
    language: str


class Ready(NamedTuple):
    """That it has loaded all it needs."""


class Harvested(NamedTuple):
    """What came of one member's harvest."""

    source: str
    succeeded: bool
    delivered: int
    pages: int
    problem: str
    """Why it did not succeed, in the person's language."""


class Spent(NamedTuple):
    """What a worker used, from the moment it was let go to the moment it was told to end."""

    cpu_seconds: float
    """Its own, and that of processes which it began."""
    stages: Mapping[str, float]
    """Processor time by stage, without what looking took."""
    looking: float
    """Processor time that looking took."""
    looks: int
    peak_mib: float


Said = Ready | Harvested | Spent


class Worker:
    """A worker process and the way to speak with it."""

    def __init__(self, told: Told) -> None:
        context = multiprocessing.get_context("spawn")
        self.control, theirs = context.Pipe()
        # No daemon: it may begin processes of its own, for what is placed at once.
        self.process: BaseProcess = context.Process(target=_run, args=(theirs, told))
        self.process.start()
        theirs.close()

    def hear(self) -> Said | None:
        """Return what it says next; None once it has ended."""
        try:
            said: Said = self.control.recv()
        except (EOFError, OSError):
            return None
        return said

    def tell(self) -> None:
        """Let it go the first time, and have it end the second."""
        with suppress(OSError):
            self.control.send(None)

    def end(self) -> None:
        """End it, if it has not ended yet."""
        self.control.close()
        self.process.join(_GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _run(control: Connection, told: Told) -> None:
    """Work from one word of the other end to the next, or until it is closed."""
    # Ctrl-C reaches all processes of a terminal: whoever measures has us end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    hub = Hub(told.environment, translator(told.language), told.language)
    try:
        with hub.catalogue() as db, suppress(EOFError, BrokenPipeError):
            line, table = line_of(hub, db), stages()
            set_program_apart()
            control.send(Ready())
            control.recv()
            stopping, sampler = Event(), Sampler(table)
            Thread(target=_listen, args=(control, stopping), daemon=True).start()
            began = time.process_time()
            sampler.start()
            work(line, partial(_tell, hub, control), stopping)
            sampler.stop()
            own, others = time.process_time() - began, _of_children()
            control.send(
                Spent(
                    cpu_seconds=own + others,
                    stages=sampler.seconds | {CREW: others},
                    looking=sampler.cost,
                    looks=sampler.looks,
                    peak_mib=own_peak_mib(),
                )
            )
    except Error as error:
        hub.output.aside(message(error, hub.translate))
        raise SystemExit(1) from error


def _of_children() -> float:
    """Return the processor time of processes that this one began, and that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _listen(control: Connection, stopping: Event) -> None:
    with suppress(EOFError, OSError):
        control.recv()
    stopping.set()


def _tell(hub: Hub, control: Connection, outcome: HarvestOutcome) -> None:
    said = Harvested(
        source=outcome.source,
        succeeded=outcome.status is RunStatus.SUCCEEDED,
        delivered=outcome.counts.delivered,
        pages=outcome.counts.pages,
        problem=message(outcome.error, hub.translate)
        if outcome.error
        else hub.translate(outcome.status.value),
    )
    # Nobody hears it where the measure was stopped.
    with suppress(OSError):
        control.send(said)
