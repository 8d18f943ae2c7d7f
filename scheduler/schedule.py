"""When a schedule comes round.

Intervals are counted from a fixed moment, so that a clock that starts again, or another that takes
over, goes on in the same beat.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.crontab import Cron
from scheduler.wording import LAST, Every, Monthly, Schedule, Weekly, parse


def trigger(words: str, zone: tzinfo) -> BaseTrigger:
    """Return what tells when a schedule comes round, in a time zone.

    The words are those of ``scheduler.wording``. Raises BadSchedule, NoSuchDay or BadCron.
    """
    return _trigger(parse(words), zone)


class Later(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """The rounds of another trigger, all of them so much later."""

    __slots__ = ("_by", "_rounds")

    def __init__(self, rounds: BaseTrigger, by: timedelta) -> None:
        self._rounds, self._by = rounds, by

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """Return the first round that comes after both moments."""
        before = previous_fire_time.astimezone(UTC) - self._by if previous_fire_time else None
        found: datetime | None = self._rounds.get_next_fire_time(
            before, now.astimezone(UTC) - self._by
        )
        return found.astimezone(UTC) + self._by if found else None


@lru_cache(maxsize=4096)
def _trigger(schedule: Schedule, zone: tzinfo) -> BaseTrigger:
    match schedule:
        case Every():
            beat = {schedule.unit: schedule.count}
            start = datetime(2000, 1, 1, tzinfo=zone)
            return IntervalTrigger(**beat, start_date=start, timezone=zone)
        case Weekly():
            return _at(schedule.at, zone, day_of_week=_listed(schedule.days))
        case Monthly():
            last = schedule.days == (LAST,)
            return _at(schedule.at, zone, day="last" if last else _listed(schedule.days))
        case Cron():
            return _cron(schedule, zone)


def _at(at: Any, zone: tzinfo, **days: str) -> BaseTrigger:
    return CronTrigger(hour=at.hour, minute=at.minute, timezone=zone, **days)


def _cron(cron: Cron, zone: tzinfo) -> BaseTrigger:
    usual = {
        "minute": _listed(cron.minutes),
        "hour": _listed(cron.hours),
        "month": _listed(cron.months),
    }
    days = {"day": _listed(cron.days)} if cron.days else {}
    weekdays = {"day_of_week": _listed(cron.weekdays)} if cron.weekdays else {}
    if days and weekdays and cron.either:
        # One trigger takes both for a condition.
        either = (CronTrigger(**usual, **each, timezone=zone) for each in (days, weekdays))
        return OrTrigger(list(either))
    return CronTrigger(**usual, **days, **weekdays, timezone=zone)


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
