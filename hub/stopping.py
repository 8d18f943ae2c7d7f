"""How Ctrl-C and a service manager's stop end a command: at its own next moment, all closed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue

_LOOK = 0.5
"""Seconds."""


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` at the first SIGINT or SIGTERM; a second one ends the process at once."""
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def restore() -> None:
        for kind, handler in before.items():
            signal.signal(kind, handler)

    def handle(*_: object) -> None:
        restore()
        stop()

    for kind in kinds:
        signal.signal(kind, handle)
    try:
        yield
    finally:
        restore()


class Stop:
    """What a signal sets, for the thread that handlers run in to wait for.

    An Event may lock itself up when it is set from the thread that waits for it; this may not. And
    a handler runs between two steps of its thread only: one whose signal comes just before a wait,
    or to another thread, runs after it. So the wait is cut in pieces.
    """

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """End the wait, whichever thread is in it."""
        self._told.put(None)

    def wait(self) -> None:
        """Wait until it is set."""
        while True:
            with suppress(Empty):
                return self._told.get(timeout=_LOOK)


def wait_until_stopped(ready: Callable[[], None]) -> None:
    """Call ``ready``, then return at the first SIGINT or SIGTERM."""
    stop = Stop()
    with stopped_by_signals(stop.set):
        ready()
        stop.wait()


@contextmanager
def interrupted_by_terminate() -> Iterator[None]:
    """Let SIGTERM end a block as Ctrl-C does, so that everything in it is closed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
