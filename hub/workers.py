"""Several workers on one machine, each a process of its own so that they use all its processors.

One that dies is begun anew, sooner or later by how long it lived; what it had in hand another goes
on with. They end with the process that looks after them, however that one ends.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Event, Thread
from typing import NamedTuple

from crosswalks.errors import Error
from hub import background, logs
from hub.garbage import collect_seldom
from hub.instance import Hub
from hub.stopping import Stop, stopped_by_signals
from web.language import translator

_GRACE = 12.0
"""Seconds that workers get to end: what a page may take, and a little more."""
_PAUSES = (1.0, 60.0)
"""Seconds before one that died at once is begun anew: doubled each time, up to the second."""
_STEADY = 30.0
"""One that lived that long is begun anew at once."""
_LOOK = 1.0
_READY = b"ready"

_log = logging.getLogger(__name__)


class Told(NamedTuple):
    """What a worker has to know: the environment that settings are read from, and a language."""

    environment: Mapping[str, str]
    language: str


class _Worker(NamedTuple):
    process: BaseProcess
    control: Connection
    began: float


class Workers:
    """So many workers, looked after until told to stop."""

    def __init__(self, told: Told, count: int) -> None:
        self._told = told
        self._workers: list[_Worker | None] = [None] * count
        self._due = [0.0] * count
        self._pauses = [_PAUSES[0]] * count
        self._ready: set[int | None] = set()
        self._are_ready = Event()

    def run(self, stopping: Event) -> None:
        """Begin the workers, and those that die anew, until the event is set."""
        try:
            while not stopping.is_set():
                self._look()
                self._hear()
        finally:
            self._end()

    def wait(self, stopping: Event) -> None:
        """Return once each of them was ready, or the event is set."""
        while not stopping.is_set() and not self._are_ready.wait(_LOOK / 5):
            pass

    def _look(self) -> None:
        now = time.monotonic()
        for place, worker in enumerate(self._workers):
            if worker is None:
                if now >= self._due[place]:
                    self._workers[place] = _begin(self._told, now)
            elif not worker.process.is_alive():
                self._bury(place, worker, now)

    def _bury(self, place: int, worker: _Worker, now: float) -> None:
        worker.control.close()
        _log.warning(
            "Worker %s ended (%s); another begins.", worker.process.pid, worker.process.exitcode
        )
        steady = now - worker.began > _STEADY
        pause = _PAUSES[0] if steady else self._pauses[place]
        self._due[place] = now if steady else now + pause
        self._pauses[place] = min(pause * 2, _PAUSES[1])
        self._workers[place] = None

    def _hear(self) -> None:
        """Wait a moment for a worker to say that it is ready, or to die."""
        living = [each for each in self._workers if each is not None]
        if not living:
            time.sleep(_LOOK / 5)
        controls = {each.control: each.process.pid for each in living}
        for control in wait(list(controls), _LOOK):
            assert isinstance(control, Connection)
            with suppress(EOFError, OSError):
                control.recv_bytes()
                self._ready.add(controls[control])
        if len(self._ready.intersection(controls.values())) == len(self._workers):
            self._are_ready.set()

    def _end(self) -> None:
        living = [each for each in self._workers if each is not None]
        for worker in living:
            worker.control.close()
        deadline = time.monotonic() + _GRACE
        for worker in living:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                # In the middle of a slow page: its lease dies with it.
                worker.process.kill()
                worker.process.join()


def _begin(told: Told, now: float) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    # No daemon: those may begin no processes, and what is placed at once takes several.
    process = context.Process(target=_work, args=(told, theirs), name="worker")
    process.start()
    theirs.close()
    return _Worker(process, ours, now)


def _work(told: Told, control: Connection) -> None:
    """Work until the other end of the pipe is closed: by whoever looks after us, or its end."""
    stop = Stop()
    # Ctrl-C reaches all processes of a terminal: whoever looks after us has us end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.install(logs.form_of(told.environment))
    collect_seldom()
    Thread(target=_listen, args=(control, stop), daemon=True).start()
    hub = Hub(told.environment, translator(told.language))
    try:
        with (
            stopped_by_signals(stop.set),
            hub.catalogue() as db,
            background.beside(*background.worker_and_teller(hub, db)),
        ):
            control.send_bytes(_READY)
            stop.wait()
    except Error as error:
        _log.error("%s", error)
        raise SystemExit(1) from error


def _listen(control: Connection, stop: Stop) -> None:
    with suppress(EOFError, OSError):
        control.recv_bytes()
    stop.set()
