"""Reports made in the background, by the clock, or here and now; each period one at a time.

Counting takes no lock that placing would wait for: it reads a snapshot. Who is killed over it
leaves the job to the next, which counts anew.
"""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, tzinfo
from importlib.metadata import version
from typing import NamedTuple

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.model import Lease
from catalogue.reports import periods, store
from catalogue.reports.counting import DEFINITIONS, count
from catalogue.reports.errors import PeriodToCome
from catalogue.reports.model import Report
from catalogue.reports.periods import Period
from scheduler.errors import ReportBusy
from scheduler.heartbeat import heartbeat, held
from scheduler.model import Line

KIND = "report"
AT = "first of the month 02:15"
"""Soon after the month is over: what is counted as it stands cannot be counted later."""

_LATER_SECONDS = 300
_log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    """Who asked for a report, and which one was the latest that they had seen."""

    author: str = ""
    """Empty: the clock."""
    seen: int | None = None


def queue_monthly(database: Database) -> bool:
    """Queue the report of the last month, unless it is queued already."""
    return queue.enqueue(database, KIND, KIND, 0)


def make_now(database: Database, zone: tzinfo, period: Period, author: str) -> Report:
    """Make a report of a period here and now.

    Raises PeriodToCome, or ReportBusy while another process makes one of it.
    """
    _check(period, zone)
    lease = queue.claim(database, KIND, _key(period))
    if lease is None:
        raise ReportBusy(name=period.name)
    with held(database, lease):
        return _make(database, zone, period, lease, _Asked(author))


def ask_for(
    database: Database, zone: tzinfo, period: Period, author: str, seen: int | None = None
) -> bool:
    """Have a worker make a report; tell whether that was not asked for before.

    Where a report of the period was made after that with the id ``seen``, none is asked for. Raises
    PeriodToCome.
    """
    _check(period, zone)
    last = store.latest(database, period)
    if seen is not None and last is not None and last.id > seen:
        return False
    if queue.is_running(database, _key(period)):
        return False
    told = json.dumps(_Asked(author, seen)._asdict(), ensure_ascii=False)
    return queue.ask(database, KIND, _key(period), told)


def under_way(database: Database) -> list[Period]:
    """Return the periods of which a worker makes reports, or is to."""
    with database.reading() as connection:
        running = [key for key in queue.living(connection) if key.startswith(f"{KIND}:")]
    keys = {*running, *queue.waiting(database, KIND)} - {KIND}
    return sorted(periods.parse(key.partition(":")[2]) for key in keys)


def make_next(line: Line) -> Report | None:
    """Make the report that was asked for next, or that is due by the clock; None if none is."""
    key = queue.next_due(line.db, KIND)
    lease = queue.claim(line.db, KIND, key, anew=False) if key is not None else None
    if key is None or lease is None:
        return None
    try:
        with heartbeat(line.db, lease):
            made = _make_claimed(line, key, lease)
    except DatabaseUnreachable:
        # Else the report of a month would be made by nobody.
        queue.put_back(line.db, lease, wall_clock() + _LATER_SECONDS)
        raise
    except Exception:
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
        raise
    line.db.writing(lambda connection: queue.finish(connection, lease))
    if made is not None:
        _log.info("Report %s was made.", made.name)
    return made


def _make_claimed(line: Line, key: str, lease: Lease) -> Report | None:
    if key == KIND:
        return _make_monthly(line.db, line.zone, lease)
    asked = _Asked(**json.loads(queue.payload(line.db, lease)))
    period = periods.parse(key.partition(":")[2])
    return _make(line.db, line.zone, period, lease, asked)


def today(zone: tzinfo) -> date:
    """Return which day it is in a time zone."""
    return datetime.fromtimestamp(wall_clock(), zone).date()


def _make_monthly(database: Database, zone: tzinfo, lease: Lease) -> Report | None:
    """Make the report of the last month, unless one was made since the month was over."""
    period = periods.month_before(today(zone))
    if store.made_since(database, period, period.moments(zone)[1]):
        return None
    return _make(database, zone, period, lease, _Asked())


def _make(database: Database, zone: tzinfo, period: Period, lease: Lease, asked: _Asked) -> Report:
    made = Report(
        period=period,
        made=wall_clock(),
        author=asked.author,
        program=version("lienthong"),
        definitions=DEFINITIONS,
        zone=str(zone),
        figures=count(database, period, zone),
    )
    return store.keep(database, lease, made, asked.seen)


def _check(period: Period, zone: tzinfo) -> None:
    if period.first > today(zone):
        raise PeriodToCome(name=period.name)


def _key(period: Period) -> str:
    return f"{KIND}:{period.name}"
