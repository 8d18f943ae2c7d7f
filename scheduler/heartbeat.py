"""Keeping a lease alive through long waits: for a slow page, a busy server, another's placing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
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
def heartbeat(database: Database, lease: Lease, seconds: float = RENEW_SECONDS) -> Iterator[None]:
    """Renew a lease every so many seconds for as long as the block runs."""
    over = Event()
    thread = Thread(target=_beat, args=(database, lease, seconds, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        # It may be waiting for a database that an interrupted write still holds.
        thread.join(timeout=_LONGEST_JOIN)


def _beat(database: Database, lease: Lease, seconds: float, over: Event) -> None:
    while not over.wait(seconds):
        try:
            database.writing(lambda connection: queue.renew(connection, lease))
        except LeaseLost:
            # The block learns it by its own next write.
            return
        except DatabaseUnreachable as error:
            _log.warning("%s", error)
