"""A harvest that failed for what may pass is tried again by itself, each time after a longer wait.

How often it failed is read from the history of runs, so whoever harvests it next, by hand or on
another machine, goes on in the same row. What a person has to see to first is not tried again: a
wrong address, a password, a certificate.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from catalogue import runs
from catalogue.clock import wall_clock
from catalogue.errors import DatabaseUnreachable
from catalogue.model import RunStatus
from crosswalks.errors import Error
from harvester.errors import (
    HarvestError,
    HttpStatus,
    ListShort,
    PageBroken,
    TooSlow,
    Trickle,
    UnknownHost,
)
from scheduler.control import queue_resumed
from scheduler.model import HarvestOptions, HarvestOutcome, Line
from scheduler.quiet import named_free_from

FIRST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
TRIES = 8
"""After so many failures in a row only the schedule, or a person, has it tried again."""
_FAILED = (RunStatus.FAILED, RunStatus.INCOMPLETE)
_MAY_PASS = (UnknownHost, TooSlow, Trickle, PageBroken, ListShort, DatabaseUnreachable)


def queue_again(line: Line, outcome: HarvestOutcome, options: HarvestOptions) -> bool:
    """Queue a harvest that failed for what may pass; tell whether it was queued."""
    if outcome.status not in _FAILED or not may_pass(outcome.error):
        return False
    failures = _failures(line, outcome.source)
    if failures > TRIES:
        return False
    due = datetime.fromtimestamp(wall_clock(), UTC) + wait_after(failures)
    over = named_free_from(line.db, outcome.source, line.zone, due)
    rest = options.rest(outcome.counts.pages)
    return queue_resumed(line.db, outcome.source, rest, over or due)


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    return min(FIRST * (1 << max(0, failures - 1)), LONGEST)


def may_pass(error: Error | None) -> bool:
    """Tell whether a harvest that this ended may well succeed later."""
    if isinstance(error, HttpStatus):
        status = int(str(error.details["status"]))
        passing = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT)
        return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in passing
    return isinstance(error, _MAY_PASS) or (isinstance(error, HarvestError) and error.transient)


def _failures(line: Line, name: str) -> int:
    """Return how many of the latest runs in a row failed."""
    found = runs.all(line.db, source=name, limit=TRIES + 1)
    for count, run in enumerate(found):
        if run.status not in _FAILED:
            return count
    return len(found)
