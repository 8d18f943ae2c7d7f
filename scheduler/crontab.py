"""Schedules as a line of crontab has them: minute, hour, day of month, month, day of week.

The numbers mean what they mean there (POSIX, crontab): 0 and 7 are Sunday, and where both kinds of
day are named, either will do. One that begins with a star has no such say, as cron programs have
it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from scheduler.errors import BadCron

WORD = "cron"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LEAP = 2000
_SUNDAY = 7
_PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class _Field:
    least: int
    most: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31),
    _Field(1, 12, _MONTHS),
    _Field(0, _SUNDAY, _WEEKDAYS),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A line of crontab: how it is written, with the word before it, and what that comes to."""

    words: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...] | None
    """Of the month; None where any will do."""
    months: tuple[int, ...]
    weekdays: tuple[int, ...] | None
    """0 for Monday to 6 for Sunday; None where any will do."""
    either: bool
    """Where both kinds of day are named: whether one of them is enough."""


def parse(words: str) -> Cron:
    """Return what ``cron M H D M W`` means. Raises BadCron."""
    fields = words.strip().lower().split()
    if fields[0] != WORD or len(fields) != len(_FIELDS) + 1:
        raise BadCron(words=words, part=" ".join(fields[1:]))
    written = fields[1:]
    minutes, hours, days, months, weekdays = (
        _numbers(text, field, words) for text, field in zip(written, _FIELDS, strict=True)
    )
    either = not any(text.startswith("*") for text in (written[2], written[4]))
    if not (either or _is_ever(days, months)):
        raise BadCron(words=words, part=" ".join(written[2:4]))
    return Cron(
        words=" ".join(fields),
        minutes=minutes,
        hours=hours,
        days=None if written[2] == "*" else days,
        months=months,
        weekdays=None if written[4] == "*" else tuple(sorted({(day - 1) % 7 for day in weekdays})),
        either=either,
    )


def _is_ever(days: tuple[int, ...], months: tuple[int, ...]) -> bool:
    return any(days[0] <= monthrange(_LEAP, month)[1] for month in months)


def _numbers(text: str, field: _Field, words: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        span = _span(part, field)
        if not span:
            raise BadCron(words=words, part=part or text)
        found.update(span)
    return tuple(sorted(found))


def _span(part: str, field: _Field) -> range | None:
    """Return the numbers of ``*``, ``a``, ``a-b``, each perhaps with ``/step``; None if unfit."""
    found = _PART.fullmatch(part)
    if found is None:
        return None
    star, first, last, step = found.groups()
    begin = field.least if star else _number(first, field)
    end = field.most if star or (step and not last) else _number(last or first, field)
    if begin is None or end is None or begin > end:
        return None
    beat = int(step or 1)
    return range(begin, end + 1, beat) if beat else None


def _number(text: str, field: _Field) -> int | None:
    if text in field.names:
        return field.names.index(text) + field.least
    number = int(text) if text.isascii() and text.isdigit() else -1
    return number if field.least <= number <= field.most else None
