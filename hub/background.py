"""Clock and worker as threads: by themselves, or beside the web server, in one process.

A thread is told to stop and ends at its own next moment. One that takes too long, in the middle of
a slow page, ends with the process; its lease dies with it, and another worker goes on there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from typing import TypeAlias

from catalogue.database import Database
from hub import logs
from hub.alerting import teller_of
from hub.harvesting import in_words, line_of, report_failure, timetable_of
from hub.instance import Hub
from hub.memory import set_program_apart
from scheduler.alerts.telling import keep_telling
from scheduler.clock import Clock
from scheduler.model import HarvestOutcome
from scheduler.validations import keep_validating
from scheduler.worker import work

Part: TypeAlias = Callable[[Event], None]
"""Something that runs until the event is set."""

_GRACE = 10.0
"""Seconds that parts get to end."""


def clock(hub: Hub, db: Database) -> Part:
    """Return this hub's clock."""
    return Clock(db, timetable_of(hub.settings)).run


def worker(hub: Hub, db: Database) -> Part:
    """Return a worker of this hub, which tells each harvest on standard error."""

    def told(outcome: HarvestOutcome) -> None:
        named = {"source": outcome.source, "run": outcome.run, "status": outcome.status.value}
        logs.tell(in_words(hub, outcome), **named)
        report_failure(hub, outcome)

    set_program_apart()
    return partial(work, line_of(hub, db), told)


def worker_and_teller(hub: Hub, db: Database) -> tuple[Part, ...]:
    """Return a worker, and what tells people of its sources in a thread of its own.

    So no mail waits for a long harvest, and no harvest for a mail server; nor does either wait for
    a check of a member's server.
    """
    validator = partial(keep_validating, line_of(hub, db))
    return worker(hub, db), partial(keep_telling, teller_of(hub, db)), validator


@contextmanager
def beside(*parts: Part) -> Iterator[None]:
    """Run parts in threads for as long as the block, then end them."""
    stopping = Event()
    threads = [Thread(target=part, args=(stopping,), daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        deadline = time.monotonic() + _GRACE
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
