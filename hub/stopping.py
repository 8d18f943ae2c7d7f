"""How Ctrl-C and a service manager's stop end a command: at its own next moment, all closed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue


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


def wait_until_stopped(ready: Callable[[], None]) -> None:
    """Call ``ready``, then return at the first SIGINT or SIGTERM."""
    # An Event may lock itself up when it is set from the thread that waits; this queue may not.
    stopped: SimpleQueue[None] = SimpleQueue()
    with stopped_by_signals(lambda: stopped.put(None)):
        ready()
        stopped.get()


@contextmanager
def interrupted_by_terminate() -> Iterator[None]:
    """Let SIGTERM end a block as Ctrl-C does, so that everything in it is closed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
