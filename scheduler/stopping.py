"""Why a harvest ends before its list does: its process has to, or somebody stops this one run."""

from __future__ import annotations

import time
from threading import Event

from catalogue import queue
from catalogue.database import Database
from catalogue.model import RunHandle
from crosswalks.errors import Error
from scheduler.errors import StoppedBySomebody
from scheduler.quiet import LeftAlone

_LOOK_SECONDS = 0.5


class Stop(Event):
    """Set once a harvest has to end after its page; ``process`` is set for all of its process."""

    def __init__(self, process: Event) -> None:
        super().__init__()
        self._process = process
        self._run: RunHandle | None = None

    def is_set(self) -> bool:
        """Tell whether the harvest has to end."""
        return super().is_set() or self._process.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the harvest has to end, or so many seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = _LOOK_SECONDS if until is None else until - time.monotonic()
            if left <= 0:
                break
            # Two may set it, and only one can be waited for.
            super().wait(min(left, _LOOK_SECONDS))
        return self.is_set()

    def look(self, database: Database, run: RunHandle) -> bool:
        """Tell whether the harvest has to end, seeing whether somebody wants this run to."""
        if not self.is_set() and queue.is_stopping(database, run.lease):
            self._run = run
            self.set()
        return self.is_set()

    def reason(self) -> Error | None:
        """Return what to tell of a run that somebody stopped, or whose source is left alone now."""
        if self._run:
            return StoppedBySomebody(run=self._run.run_id)
        return self._process.reason() if isinstance(self._process, LeftAlone) else None
