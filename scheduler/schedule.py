"""Schedules in plain words, as staff write them beside a source.

Intervals are counted from a fixed moment, so that a clock that starts again, or another that takes
over, goes on in the same beat.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.errors import BadSchedule

_EVERY = re.compile(r"every ([1-9]\d{0,3}) (minutes|hours)")
_DAILY = re.compile(r"daily ([01]?\d|2[0-3]):([0-5]\d)")


def trigger(words: str, zone: tzinfo) -> BaseTrigger:
    """Return what tells when a schedule comes round, in a time zone. Raises BadSchedule.

    The words: ``every N minutes``, ``every N hours``, ``daily HH:MM``.
    """
    every = _EVERY.fullmatch(str(words))
    if every is not None:
        beat = {every[2]: int(every[1])}
        return IntervalTrigger(**beat, start_date=datetime(2000, 1, 1, tzinfo=zone), timezone=zone)
    daily = _DAILY.fullmatch(str(words))
    if daily is not None:
        return CronTrigger(hour=int(daily[1]), minute=int(daily[2]), timezone=zone)
    raise BadSchedule(words=words)
