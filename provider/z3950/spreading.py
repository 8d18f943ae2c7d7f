"""One listening socket, several processes: each connection is handed on to the least busy one.

Accepting stays in one place, so that the bounds on sessions, in all and for each address, are what
they say however many processes there are, and a process that dies takes no more with it than its
own sessions. Sockets are handed on over a pair of Unix sockets (SCM_RIGHTS), the other end of which
is ``doors.Handed``.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol, TypeAlias

from provider.errors import WorkersFailed
from provider.z3950.counting import Connected, address_of
from provider.z3950.doors import MESSAGE, READY
from provider.z3950.model import Limits

_log = logging.getLogger(__name__)
_AT_ONCE = 64
_GRACE = 8.0
_STEADY = 10.0
"""A process that lived that long is started again at once."""
_PAUSES = (0.5, 30.0)
_ACCEPT_AGAIN = 1.0


class Process(Protocol):
    """A process of the operating system, as ``multiprocessing`` has them."""

    @property
    def pid(self) -> int | None:
        """Return its number."""
        ...

    @property
    def exitcode(self) -> int | None:
        """Return how it ended, None as long as it runs."""
        ...

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


Start: TypeAlias = Callable[[socket.socket], Process]
"""Starts a process that serves what is handed on over a socket, until that is closed."""


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, our end of the sockets between us, and the connections it has, with addresses."""

    process: Process
    control: socket.socket
    began: float
    is_ready: bool = False
    has: dict[int, str] = field(default_factory=dict)


class Spreader:
    """Accepts clients and hands them on to so many processes, until it is told to stop."""

    def __init__(self, listener: socket.socket, limits: Limits, start: Start, count: int) -> None:
        self._listener = listener
        self._connected = Connected(limits)
        self._start = start
        self._count = count
        self._workers: list[_Worker] = []
        self._last = READY
        self._pause = _PAUSES[0]
        self._settled = Event()
        self._failed = False
        self._is_accepting = False

    def run(self, stopping: Event) -> None:
        """Serve until the event is set."""
        asyncio.run(self._run(stopping))

    def wait(self) -> None:
        """Wait until all processes are ready. Raises WorkersFailed where one of them ends first."""
        self._settled.wait()
        if self._failed:
            raise WorkersFailed

    async def _run(self, stopping: Event) -> None:
        self._listener.setblocking(False)
        for _ in range(self._count):
            self._begin()
        await asyncio.to_thread(stopping.wait)
        self._accept(is_wanted=False)
        self._settled.set()
        workers, self._workers = self._workers, []
        await asyncio.to_thread(_end, workers)

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            process = self._start(theirs)
        ours.setblocking(False)
        worker = _Worker(process, ours, time.monotonic())
        self._workers.append(worker)
        asyncio.get_running_loop().add_reader(ours, self._hear, worker)

    def _hear(self, worker: _Worker) -> None:
        """Take what a process tells: that it is ready, that a client of its has left."""
        try:
            data = worker.control.recv(MESSAGE.size * _AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost(worker)
            return
        # Each message is sent whole, and they are much shorter than what a socket cuts.
        for number, _ in MESSAGE.iter_unpack(data):
            if number == READY:
                self._ready(worker)
            elif number in worker.has:
                self._connected.leave(worker.has.pop(number))

    def _ready(self, worker: _Worker) -> None:
        worker.is_ready = True
        self._accept(is_wanted=True)
        if all(each.is_ready for each in self._workers):
            self._settled.set()

    def _lost(self, worker: _Worker) -> None:
        """Have another process in place of one that is gone."""
        if worker not in self._workers:
            return
        self._workers.remove(worker)
        loop = asyncio.get_running_loop()
        loop.remove_reader(worker.control)
        worker.control.close()
        for address in worker.has.values():
            self._connected.leave(address)
        if not self._settled.is_set():
            self._failed = True
            self._settled.set()
        if not any(each.is_ready for each in self._workers):
            self._accept(is_wanted=False)
        lived = time.monotonic() - worker.began
        self._pause = _PAUSES[0] if lived > _STEADY else min(2 * self._pause, _PAUSES[1])
        loop.call_later(self._pause, self._again, worker)

    def _again(self, worker: _Worker) -> None:
        worker.process.join(timeout=0)
        _log.warning(
            "z3950: process %s ended (%s) and takes its sessions with it; another one is started",
            worker.process.pid,
            worker.process.exitcode,
        )
        worker.process.kill()
        self._begin()

    def _accept(self, *, is_wanted: bool) -> None:
        loop = asyncio.get_running_loop()
        if is_wanted and not self._is_accepting:
            loop.add_reader(self._listener, self._came)
        elif self._is_accepting and not is_wanted:
            loop.remove_reader(self._listener)
        self._is_accepting = is_wanted

    def _came(self) -> None:
        """Hand on those who wait."""
        for _ in range(_AT_ONCE):
            try:
                client, peer = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                # No file descriptors left, mostly: whoever waits goes on waiting.
                _log.warning("z3950: %s", error)
                self._accept(is_wanted=False)
                loop = asyncio.get_running_loop()
                loop.call_later(_ACCEPT_AGAIN, self._accept_again)
                return
            with client:
                self._hand_on(client, address_of(peer))

    def _accept_again(self) -> None:
        self._accept(is_wanted=any(each.is_ready for each in self._workers))

    def _hand_on(self, client: socket.socket, address: str) -> None:
        """Give a client to the process that has the fewest; with no process left it is dropped."""
        ready = [each for each in self._workers if each.is_ready]
        if not ready:
            return
        worker = min(ready, key=lambda each: len(each.has))
        self._last += 1
        has_room = self._connected.enter(address)
        try:
            message = MESSAGE.pack(self._last, has_room)
            socket.send_fds(worker.control, [message], [client.fileno()])
        except OSError:
            # It is gone, which is heard of at once, or takes nothing: the client may try again.
            self._connected.leave(address)
        else:
            worker.has[self._last] = address


def _end(workers: list[_Worker]) -> None:
    """Have processes end: those that take too long at once."""
    for worker in workers:
        with suppress(OSError):
            worker.control.shutdown(socket.SHUT_WR)
    until = time.monotonic() + _GRACE
    for worker in workers:
        worker.process.join(max(0.0, until - time.monotonic()))
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        worker.control.close()
