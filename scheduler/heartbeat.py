"""Keeping a lease alive through long waits: for a slow page, a busy server, another's placing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from catalogue import queue
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable, LeaseLost
from catalogue.model import Lease
from scheduler.turn import RENEW_SECONDS

_LONGEST_JOIN = 5.0
_log = logging.getLogger(__name__)


@contextmanager
def heartbeat(
    database: Database,
    lease: Lease,
    seconds: float = RENEW_SECONDS,
    beaten: Callable[[], object] = lambda: None,
) -> Iterator[None]:
    """Renew a lease every so many seconds for as long as the block runs; then call ``beaten``."""
    over = Event()

    def beat() -> None:
        database.writing(lambda connection: queue.renew(connection, lease))
        beaten()

    thread = Thread(target=_beat, args=(beat, seconds, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        # It may be waiting for a database that an interrupted write still holds.
        thread.join(timeout=_LONGEST_JOIN)


@contextmanager
def held(database: Database, lease: Lease, failed: str = "failed") -> Iterator[None]:
    """Keep a lease alive for as long as the block runs, and end its job with it.

    ``failed`` is the state that a block which raises leaves the job in.
    """
    with failing(database, lease, failed), heartbeat(database, lease):
        yield
    database.writing(lambda connection: queue.finish(connection, lease))


@contextmanager
def held_if_due(database: Database, kind: str) -> Iterator[bool]:
    """Hold the one job of a kind for as long as the block, if it is due; give whether it is."""
    is_due = queue.next_due(database, kind) is not None
    lease = queue.claim(database, kind, kind, anew=False) if is_due else None
    if lease is None:
        yield False
        return
    with held(database, lease):
        yield True


@contextmanager
def failing(database: Database, lease: Lease, failed: str = "failed") -> Iterator[None]:
    """End the job in that state if the block raises."""
    try:
        yield
    except Exception:
        # Not on a KeyboardInterrupt: it may have come in the middle of a write, and a second
        # write would wait for it.
        database.writing(lambda connection: queue.finish(connection, lease, failed))
        raise


def _beat(beat: Callable[[], None], seconds: float, over: Event) -> None:
    while not over.wait(seconds):
        try:
            beat()
        except LeaseLost:
            # The block learns it by its own next write.
            return
        except DatabaseUnreachable as error:
            _log.warning("%s", error)
