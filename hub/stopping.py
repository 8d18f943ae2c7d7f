"""How Ctrl-C and a service manager's stop end a command: at its own next moment, all closed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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


@contextmanager
def interrupted_by_terminate() -> Iterator[None]:
    """Let SIGTERM end a block as Ctrl-C does, so that everything in it is closed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
