"""Schedules in plain words, Vietnamese and English alike, and the one form in which they are kept.

What people write is read without regard to capitals, marks and spaces, so that a schedule is
understood however it was typed; ``canonical`` is what is stored, exported and given to scripts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import TypeAlias

from crosswalks.text import fold, nfc
from scheduler import crontab
from scheduler.crontab import Cron
from scheduler.errors import BadSchedule, NoSuchDay

LAST = 0
"""The day of a month that is its last."""
DAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
_DAY = 24
_LAST_SURE = 28
"""The last day that each month has."""
_LAST_EVER = 31
_LONGEST = 200
_MOST = 9999
_KNOWN_DATES: dict[tuple[int, ...], str] = {
    (1,): "first of the month",
    (LAST,): "last of the month",
}
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_BEATS = {
    **dict.fromkeys(("minute", "minutes", "phut"), ("minutes", 1)),
    **dict.fromkeys(("hour", "hours", "gio", "tieng"), ("hours", 1)),
    **dict.fromkeys(("day", "days", "ngay"), ("hours", _DAY)),
}
_NAMES = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mondays", "mon", "thu hai", "thu 2", "t 2"),
            ("tuesday", "tuesdays", "tue", "thu ba", "thu 3", "t 3"),
            ("wednesday", "wednesdays", "wed", "thu tu", "thu 4", "t 4"),
            ("thursday", "thursdays", "thu", "thu nam", "thu 5", "t 5"),
            ("friday", "fridays", "fri", "thu sau", "thu 6", "t 6"),
            ("saturday", "saturdays", "sat", "thu bay", "thu 7", "t 7"),
            ("sunday", "sundays", "sun", "chu nhat", "cn"),
        )
    )
    for name in names
}
_AT = r" (?:at |luc )?(\d{1,2}) (?:: (\d\d)|(?:h|g|gio)(?: (\d\d))?)"
_EVERY = re.compile(r"(?:every|moi) (?:(\d{1,4}) )?([a-z]+)|(?:cu )?(\d{1,4}) ([a-z]+) mot lan")
_DAILY = re.compile(r"(?:daily|every day|hang ngay|moi ngay)" + _AT)
_WEEKLY = re.compile(r"(?:every |on |moi |hang tuan |vao )?(.+?)(?: hang tuan)?" + _AT)
_FIRST = re.compile(
    r"(?:on )?(?:the )?(first|last) (?:day )?of (?:the|each|every) month"
    + _AT
    + r"|(?:vao )?ngay (dau|cuoi)(?: hang| moi)? thang"
    + _AT
)
_MONTHLY = re.compile(
    r"on (?:the )?(\d.*?)(?: of (?:the|each|every) month)?"
    + _AT
    + r"|(?:vao )?(?:cac )?ngay (\d.*?) (?:hang|moi) thang"
    + _AT
)
_JOINT = re.compile(r" ?(?:[,;&]|\band\b|\bva\b) ?")
_NUMBER = re.compile(r"(\d{1,2})(?: (?:st|nd|rd|th))?")


@dataclass(frozen=True, slots=True)
class Every:
    """A steady beat, counted from a fixed moment: ``unit`` is ``minutes`` or ``hours``."""

    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Weekly:
    """Some days of the week, 0 for Monday to 6 for Sunday, in order; all of them: daily."""

    days: tuple[int, ...]
    at: time


@dataclass(frozen=True, slots=True)
class Monthly:
    """Some days of the month, 1 to 28 in order, or ``LAST`` alone."""

    days: tuple[int, ...]
    at: time


Schedule: TypeAlias = Every | Weekly | Monthly | Cron
ALL_DAYS = tuple(range(len(DAYS)))


@lru_cache(maxsize=4096)
def parse(words: str) -> Schedule:
    """Return what a schedule in words means. Raises BadSchedule, NoSuchDay or BadCron."""
    if len(words) > _LONGEST:
        raise BadSchedule(words=words[:_LONGEST])
    if words.strip().lower().startswith(crontab.WORD):
        return crontab.parse(words)
    plain = _plain(words)
    for read in (_every, _daily, _first, _monthly, _weekly):
        found = read(plain, words)
        if found is not None:
            return found
    raise BadSchedule(words=words)


def canonical(words: str) -> str:
    """Return a schedule in the form it is kept in; empty stays empty. Raises as ``parse``."""
    return said_plainly(parse(words)) if words.strip() else ""


def said_plainly(schedule: Schedule) -> str:
    """Return a schedule in the form it is kept in."""
    match schedule:
        case Every():
            return f"every {schedule.count} {schedule.unit}"
        case Cron():
            return schedule.words
        case Weekly():
            days = ", ".join(DAYS[day] for day in schedule.days)
            days = "daily" if schedule.days == ALL_DAYS else days
        case Monthly():
            days = f"on the {', '.join(map(ordinal, schedule.days))}"
            days = _KNOWN_DATES.get(schedule.days, days)
    return f"{days} {schedule.at:%H:%M}"


def ordinal(day: int) -> str:
    """Return a day of the month as English counts it."""
    teens = day // 10 == 1
    return f"{day}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _plain(words: str) -> str:
    """Return words, numbers and signs with one space between them, without capitals and marks."""
    composed = nfc(unicodedata.normalize("NFC", words))
    return " ".join(fold(token) or token for token in _TOKEN.findall(composed))


def _every(plain: str, _: str) -> Schedule | None:
    found = _EVERY.fullmatch(plain)
    if found is None:
        return None
    unit, times = _BEATS.get(found[2] or found[4], ("", 0))
    count = int(found[1] or found[3] or 1) * times
    return Every(count, unit) if 0 < count <= _MOST else None


def _daily(plain: str, _: str) -> Schedule | None:
    found = _DAILY.fullmatch(plain)
    at = _time(*found.groups()) if found else None
    return Weekly(ALL_DAYS, at) if at else None


def _weekly(plain: str, _: str) -> Schedule | None:
    found = _WEEKLY.fullmatch(plain)
    at = _time(*found.groups()[1:]) if found else None
    if found is None or at is None:
        return None
    days = [_NAMES.get(name.strip()) for name in _JOINT.split(found[1])]
    known = sorted({day for day in days if day is not None})
    return Weekly(tuple(known), at) if None not in days else None


def _first(plain: str, _: str) -> Schedule | None:
    found = _FIRST.fullmatch(plain)
    if found is None:
        return None
    which, *at = _halves(found.groups())
    moment = _time(*at)
    return Monthly((1 if which in ("first", "dau") else LAST,), moment) if moment else None


def _monthly(plain: str, words: str) -> Schedule | None:
    found = _MONTHLY.fullmatch(plain)
    if found is None:
        return None
    listed, *at = _halves(found.groups())
    numbers = [_NUMBER.fullmatch(part.strip()) for part in _JOINT.split(listed or "")]
    moment = _time(*at)
    if moment is None or None in numbers:
        return None
    days = sorted({int(each[1]) for each in numbers if each})
    if _LAST_SURE < days[-1] <= _LAST_EVER:
        raise NoSuchDay(words=words, day=days[-1])
    return Monthly(tuple(days), moment) if days[0] and days[-1] <= _LAST_SURE else None


def _halves(groups: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return the groups of whichever of two ways to say it was used."""
    middle = len(groups) // 2
    return groups[:middle] if groups[0] is not None else groups[middle:]


def _time(hour: str | None, minute: str | None, other: str | None) -> time | None:
    try:
        return time(int(hour or ""), int(minute or other or 0))
    except ValueError:
        return None
