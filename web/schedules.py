"""Schedules in the language of who reads them; what is said here can be typed again."""

from __future__ import annotations

from datetime import time

from scheduler import wording
from scheduler.crontab import Cron
from scheduler.errors import BadSchedule
from scheduler.wording import ALL_DAYS, LAST, Every, Monthly, Schedule, Weekly
from web.language import Translate, mark

_DAYS = (
    mark("Mondays"),
    mark("Tuesdays"),
    mark("Wednesdays"),
    mark("Thursdays"),
    mark("Fridays"),
    mark("Saturdays"),
    mark("Sundays"),
)
_ORDINALS = {
    "st": mark("{number}st"),
    "nd": mark("{number}nd"),
    "rd": mark("{number}rd"),
    "th": mark("{number}th"),
}
_SINGLE = {"minutes": mark("every minute"), "hours": mark("every hour")}
_MANY = {"minutes": mark("every {count} minutes"), "hours": mark("every {count} hours")}
_DAY = 24


def in_words(words: str, translate: Translate) -> str:
    """Return a stored schedule in a language; one that cannot be read stays as it is."""
    if not words:
        return translate("by hand")
    try:
        return said(wording.parse(words), translate)
    except BadSchedule:
        return words


def said(schedule: Schedule, translate: Translate) -> str:
    """Return a schedule in a language."""
    match schedule:
        case Every():
            return _beat(schedule, translate)
        case Weekly(days=days) if days == ALL_DAYS:
            return translate("daily at {time}").format(time=_clock(schedule.at))
        case Weekly():
            named = ", ".join(translate(_DAYS[day]) for day in schedule.days)
            return translate("{days} at {time}").format(days=named, time=_clock(schedule.at))
        case Monthly():
            return _monthly(schedule, translate)
        case Cron():
            return schedule.words


def _beat(schedule: Every, translate: Translate) -> str:
    days, rest = divmod(schedule.count, _DAY)
    if schedule.unit == "hours" and not rest:
        if days == 1:
            return translate("every day")
        return translate("every {count} days").format(count=days)
    if schedule.count == 1:
        return translate(_SINGLE[schedule.unit])
    return translate(_MANY[schedule.unit]).format(count=schedule.count)


def _monthly(schedule: Monthly, translate: Translate) -> str:
    at = _clock(schedule.at)
    if schedule.days == (1,):
        return translate("first of the month at {time}").format(time=at)
    if schedule.days == (LAST,):
        return translate("last of the month at {time}").format(time=at)
    days = ", ".join(
        translate(_ORDINALS[wording.ordinal(day)[-2:]]).format(number=day) for day in schedule.days
    )
    return translate("on the {days} of the month at {time}").format(days=days, time=at)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
