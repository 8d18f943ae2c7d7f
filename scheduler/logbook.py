"""The log of a harvest under way: what happened is gathered, and written down every few seconds.

Not with each page, whose transaction holds up nobody: who dies loses the lines of a few seconds,
and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

from catalogue import logs
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.logs import Kind, LogLine
from catalogue.model import RunHandle
from crosswalks.errors import Error, Said
from crosswalks.model import Page
from harvester.model import Wait

EVERY_SECONDS = 2.0
_MOST = 100
"""Lines that are gathered at most."""
_LONG = 1.0
"""Seconds: before a wait as long as this all is written down, so that one sees why."""


class Logbook:
    """What happens in one run."""

    def __init__(self, database: Database, run: RunHandle) -> None:
        self._database = database
        self._run = run
        self._number = 0
        self._gathered: list[LogLine] = []
        self._written = time.monotonic()

    def page(self, page: Page, problems: int) -> None:
        """Note that a page came and is stored."""
        facts = {
            "page": page.number,
            "records": len(page.records),
            "problems": problems,
            "total": page.total,
            "url": page.url[:500],
        }
        self._note(Kind.PAGE, facts)
        if time.monotonic() - self._written > EVERY_SECONDS or len(self._gathered) >= _MOST:
            self.write()

    def wait(self, wait: Wait) -> None:
        """Note that a server is waited for, and why."""
        self._note(Kind.WAIT, {"seconds": round(wait.seconds, 1)}, wait.cause)
        if wait.seconds >= _LONG:
            self.write()

    def fault(self, error: Error) -> None:
        """Note what ended the reading early."""
        self._note(Kind.FAULT, {}, error)

    def close(self) -> None:
        """Write down what is left, and forget the logs of runs that are long over."""
        self.write()
        with suppress(DatabaseUnreachable):
            logs.forget(self._database, self._run.source_id)

    def write(self) -> None:
        """Write down what was gathered; later where the database is away, which ends no harvest."""
        self._written = time.monotonic()
        with suppress(DatabaseUnreachable):
            logs.write(self._database, self._run.run_id, self._gathered)
            self._gathered = []
        del self._gathered[: -logs.MOST]

    def _note(
        self, kind: Kind, facts: Mapping[str, object], cause: Error | Said | None = None
    ) -> None:
        self._number += 1
        now = time.time_ns() // 1_000_000
        self._gathered.append(logs.line(self._number, now, kind, facts, cause))
