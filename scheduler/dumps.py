"""Dumps made in the background, by the clock, or here and now; each series one at a time.

What was begun and broke off goes on at its last part, by whoever looks next: nothing of that is
kept in the queue.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from threading import Event
from typing import Any

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.model import Lease
from crosswalks.errors import Error
from scheduler.dumper import Asked, Dumper
from scheduler.errors import DumpBusy
from scheduler.heartbeat import heartbeat, held
from scheduler.model import Line

KIND = "dump"
AT = ""
"""Never, unless somebody wants it: a dump of a large hub fills disks."""

_LATER_SECONDS = 300
_log = logging.getLogger(__name__)


def queue_scheduled(database: Database) -> bool:
    """Queue the dumps of the settings, unless they are queued already."""
    return queue.enqueue(database, KIND, KIND, 0)


def ask_for(database: Database, asked: Asked) -> bool:
    """Have a worker make a dump; tell whether that was not asked for before."""
    key = _key(asked.series)
    if queue.is_running(database, key):
        return False
    return queue.ask(database, KIND, key, json.dumps(asdict(asked)))


def under_way(database: Database) -> list[str]:
    """Return the series that a worker is making dumps of, or is to."""
    with database.reading() as connection:
        running = [key for key in queue.living(connection) if key.startswith(f"{KIND}:")]
    keys = {*running, *queue.waiting(database, KIND)} - {KIND}
    return sorted(key.partition(":")[2] for key in keys)


def last_failure(database: Database) -> Mapping[str, Any] | None:
    """Return what the last job said if it failed: ``series``, ``template`` and ``details``."""
    state, told = queue.latest(database, KIND)
    found = json.loads(told) if state == "failed" else {}
    return found if "template" in found else None


@contextmanager
def alone(database: Database, series: str) -> Iterator[None]:
    """Let nobody else make a dump of this series meanwhile. Raises DumpBusy."""
    lease = queue.claim(database, KIND, _key(series))
    if lease is None:
        raise DumpBusy(name=series)
    with held(database, lease):
        yield


def make_next(line: Line, stopping: Event, resting: Event) -> bool:
    """Make the dump that was asked for next, or that is due by the clock; tell whether one was."""
    if line.dumper is None:
        return False
    key = queue.next_due(line.db, KIND)
    lease = queue.claim(line.db, KIND, key, anew=False) if key is not None else None
    if key is None or lease is None:
        return False
    if key == KIND:
        _ask_for_scheduled(line, line.dumper, lease)
        return True
    try:
        with heartbeat(line.db, lease):
            is_complete = line.dumper.make(_asked(line.db, key, lease), stopping, resting)
    except DatabaseUnreachable:
        queue.put_back(line.db, lease, wall_clock() + _LATER_SECONDS)
        raise
    except Error as error:
        _fail(line.db, lease, key, error)
        return True
    except Exception:
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
        raise
    if is_complete:
        line.db.writing(lambda connection: queue.finish(connection, lease))
    else:
        queue.put_back(line.db, lease)
    return is_complete


def _asked(database: Database, key: str, lease: Lease) -> Asked:
    told = json.loads(queue.payload(database, lease))
    return Asked(series=key.partition(":")[2], full=told.get("full"))


def _ask_for_scheduled(line: Line, dumper: Dumper, lease: Lease) -> None:
    for series in dumper.scheduled:
        queue.enqueue(line.db, KIND, _key(series), 0)
    line.db.writing(lambda connection: queue.finish(connection, lease))


def _fail(database: Database, lease: Lease, key: str, error: Error) -> None:
    _log.warning("%s", error)
    said = {
        "series": key.partition(":")[2],
        "template": error.template(),
        "details": {name: str(value) for name, value in error.details.items()},
    }
    told = json.dumps(said, ensure_ascii=False)
    database.writing(lambda connection: queue.note(connection, lease, told))
    database.writing(lambda connection: queue.finish(connection, lease, "failed"))


def _key(series: str) -> str:
    return f"{KIND}:{series}"
