"""The time that a report is about: a month, a quarter, a year, or from one day to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from catalogue.reports.errors import BadPeriod

_DAY = timedelta(days=1)
_MONTHS = 12
_QUARTER = 3
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_WHOLE = re.compile(
    r"(?P<year>\d{4})(?:-(?:q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII
)
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days, both named ones among them."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """Return the shortest word for it, which ``parse`` reads: 2026-10, 2026-q3, 2026."""
        year = self.first.year
        for months in (1, _QUARTER, _MONTHS):
            if (self.first.month - 1) % months == 0 and self == _months(self.first, months):
                number = (self.first.month - 1) // months + 1
                return {1: f"{year}-{number:02}", _QUARTER: f"{year}-q{number}"}.get(
                    months, f"{year}"
                )
        return f"{self.first}..{self.last}"

    def moments(self, zone: tzinfo) -> tuple[int, int]:
        """Return where it begins and where it is over in a time zone, in epoch seconds."""
        return _midnight(self.first, zone), _midnight(self.last + _DAY, zone)


def parse(text: str) -> Period:
    """Return the period that a word names. Raises BadPeriod."""
    word = text.strip().lower()
    try:
        found = _whole(word) or _from_to(word)
    except ValueError:
        found = None
    if found is None or not _FIRST_YEAR <= found.first.year <= found.last.year <= _LAST_YEAR:
        raise BadPeriod(name=text)
    return found


def month_before(day: date) -> Period:
    """Return the last month that was over on a day."""
    return _months((day.replace(day=1) - _DAY).replace(day=1), 1)


def lately(day: date) -> tuple[Period, ...]:
    """Return what somebody is likely to want on a day: the last month, quarter and year first."""
    month = month_before(day)
    this = day.replace(day=1)
    start = this.replace(month=(day.month - 1) // _QUARTER * _QUARTER + 1)
    quarter = _months(month_before(start).first.replace(day=1), 1)
    quarter = _months(quarter.first.replace(month=quarter.first.month - _QUARTER + 1), _QUARTER)
    year = date(day.year - 1, 1, 1)
    running = (_months(this, 1), _months(start, _QUARTER), _months(date(day.year, 1, 1), _MONTHS))
    return (month, quarter, _months(year, _MONTHS), *running)


def _whole(word: str) -> Period | None:
    found = _WHOLE.fullmatch(word)
    if found is None:
        return None
    year = int(found["year"])
    if found["quarter"]:
        return _months(date(year, (int(found["quarter"]) - 1) * _QUARTER + 1, 1), _QUARTER)
    if found["month"]:
        return _months(date(year, int(found["month"]), 1), 1)
    return _months(date(year, 1, 1), _MONTHS)


def _from_to(word: str) -> Period | None:
    found = _DAYS.fullmatch(word)
    if found is None:
        return None
    first, last = map(date.fromisoformat, found.groups())
    return Period(first, last) if first <= last else None


def _months(first: date, count: int) -> Period:
    """Return so many months from the one that begins on a day."""
    first = first.replace(day=1)
    after = first.month - 1 + count
    return Period(first, date(first.year + after // _MONTHS, after % _MONTHS + 1, 1) - _DAY)


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())
