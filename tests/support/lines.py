"""A hub whose clock and workers run in threads, beside the endpoints that they harvest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest

from catalogue import queue, runs, sources
from catalogue.database import Database
from catalogue.model import HubIdentity, Source
from catalogue.raw import FolderRawStore
from catalogue.store.run import KIND, job_key
from scheduler.model import HarvestOutcome, Line
from scheduler.worker import work
from support.harvesting import LOOPBACK
from support.loopback import replying
from support.oai_source import Repository

LONG_AGO = 1
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
REST_SECONDS = 0.02
PATIENCE_SECONDS = 60


def wait_until(done: Callable[[], object], what: str = "") -> None:
    """Wait until something has come about, and fail where it never does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            pytest.fail(what or f"it never came about: {done}")
        time.sleep(REST_SECONDS)


@contextmanager
def beside(part: Callable[[Event], None]) -> Iterator[Event]:
    """Run something in a thread until the block ends, or the event given is set."""
    stopping = Event()
    thread = Thread(target=part, args=(stopping,))
    thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        thread.join()


class Hub:
    """A hub on a database of its own."""

    def __init__(self, database: Database, folder: Path, ending: ExitStack) -> None:
        self.database = database
        self.outcomes: list[HarvestOutcome] = []
        self._ending = ending
        self.line = Line(
            db=database,
            raw_store=FolderRawStore(folder / "raw"),
            identity=HubIdentity(),
            http=LOOPBACK,
        )

    def add(self, name: str, repository: Repository, schedule: str = "") -> None:
        """Add a source and start its endpoint."""
        url = self._ending.enter_context(replying(repository))
        source = Source(
            name=name, library=name.upper(), protocol="oai-pmh", url=url, schedule=schedule
        )
        sources.add(self.database, source)

    def enqueue(self, *names: str) -> int:
        """Queue a harvest of each source; return how many were queued."""
        return sum(queue.enqueue(self.database, KIND, job_key(name), LONG_AGO) for name in names)

    def work(self, stopping: Event) -> None:
        """Run a worker."""
        work(self.line, self.outcomes.append, stopping, REST_SECONDS)

    def statuses(self, name: str = "") -> list[str]:
        """Return how the runs ended, oldest first."""
        return [run.status.value for run in reversed(runs.all(self.database, name))]
