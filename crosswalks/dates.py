"""Which of several dates is that of publication, and how MARC 21 codes it, however it is written.

DSpace gives dc:date three times, accession stamps first: the first one was the wrong year in 7,464
of 7,466 real records. A stamp at a whole hour is a day in disguise (midnight somewhere, given in
UTC: bepress does so), and embargoes are no publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?"
)
_WHOLE_HOUR = re.compile(r"\d\d:00(:00)?")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?=\d{4}(?!\d)|\D|$)")
_DAYS_FIRST = re.compile(r"(?<!\d)[0-3]\d[01]\d(1[4-9]\d\d|20\d\d)(?!\d)")
_ISO_DAY = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d(?!\d)")
_EMBARGO = re.compile(r"info:eu-repo/date/embargoEnd/(\d{4}-\d{2}-\d{2})")

_TO = r"\s*(?:--|[-–—/]|\.\.|to|until|and|đến|tới)\s*"
_WHOLE = r"(?:[^\d]{0,20}(?:\d{1,2}[-./]){0,2})?(?P<first>1\d{3}|20\d\d)[-./\d]{0,6}\s*[?\])]*"
_RANGE = re.compile(
    rf"{_WHOLE}{_TO}[^\d]{{0,12}}(?:\d{{1,2}}[-./]){{0,2}}(?P<last>1\d{{3}}|20\d\d)\b"
)
_SHORT_RANGE = re.compile(
    r"\D{0,4}(?P<first>(?P<century>1\d|20)(?P<from>\d\d))[-–/](?P<last>\d\d)\D{0,3}"
)
_OPEN = re.compile(rf"{_WHOLE}\s*[-–—]+\s*\W*(?:present|now|nay)?\W*", re.IGNORECASE)
_DECADE = re.compile(
    r"\D*?(?P<decade>1\d\d|20\d)(?:\d?['’]?s|[-_u?x])(?:\W|$)"
    r"|.*thập (?:niên|kỷ) (?P<named>1\d\d|20\d)0",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    r"\W*(?P<digits>1\d|20)(?:--|__|uu|\?\?)\W*"
    r"|\D*(?P<ordinal>1\d|2[01])(?:st|th) century.*"
    r"|.*thế kỷ (?P<roman>[XVI]+|1\d|2[01])\b.*",
    re.IGNORECASE,
)
_DOUBTFUL = re.compile(r"between|giữa|before|trước|after|sau", re.IGNORECASE)
_ROMAN = {"XV": 15, "XVI": 16, "XVII": 17, "XVIII": 18, "XIX": 19, "XX": 20, "XXI": 21}
_MONTHS = 12
_YEAR_DIGITS = 4


class Coded(NamedTuple):
    """A date as 008/06-14 knows it: how sure, the first and the last year (``u``: not told)."""

    kind: str
    first: str
    last: str = ""


def year(text: str) -> str:
    """Return the first year (1000 to 2099) in a date however written, or an empty string."""
    if not _ISO_DAY.search(text) and (found := _DAYS_FIRST.search(text)):
        return found[1]
    found = _YEAR.search(text)
    return found[1] if found else ""


@lru_cache(maxsize=1 << 12)
def coded(text: str) -> Coded | None:
    """Return how sure a date is, and its years: s single, m several, q between, c still going on.

    "1990-1995", "1990-95", "2008-", "[199-?]", "1990s", "thế kỷ 19" are all understood.
    """
    found = _RANGE.match(text) or _SHORT_RANGE.fullmatch(text)
    if found and (made := _of_range(text, found)):
        return made
    if found := _OPEN.fullmatch(text):
        return Coded("c", found["first"], "9999")
    if found := _DECADE.match(text):
        return Coded("s", f"{found['decade'] or found['named']}u")
    if found := _CENTURY.fullmatch(text):
        return Coded("s", f"{_century(found):02}uu")
    first = year(text)
    return Coded("s", first) if first else None


def issued(dates: Sequence[str]) -> str:
    """Return the date of publication among several, or an empty string where none can be it.

    Time stamps are when a machine did something, and a date later than all of them has yet to
    come. Of those that are left it is the earliest: what comes later happened to the record. Only
    a stamp at a whole hour may be a date in disguise.
    """
    stamps = [found for date in dates if (found := _STAMP.fullmatch(date))]
    latest = max((found[1][:_YEAR_DIGITS] for found in stamps), default="")
    plain = [date for date in dates if is_plain(date)]
    due = [date for date in plain if not latest or _begin(date) <= latest]
    return min(due or plain, key=_begin, default="") or next(iter(_whole_hours(stamps)), "")


def entered(dates: Sequence[str]) -> str:
    """Return the accession date as yymmdd (008/00-05), or an empty string."""
    found = (_STAMP.fullmatch(date) for date in dates)
    days = [stamp[1] for stamp in found if stamp and not _WHOLE_HOUR.fullmatch(stamp[2])]
    return min(days)[2:].replace("-", "") if days else ""


def embargo_end(text: str) -> str:
    """Return the day an embargo ends, as yyyymmdd, from ``info:eu-repo/date/embargoEnd/...``."""
    found = _EMBARGO.fullmatch(text)
    return found[1].replace("-", "") if found else ""


def is_plain(date: str) -> bool:
    """Tell whether a date is one that people gave, and can be understood."""
    return not _STAMP.fullmatch(date) and not _EMBARGO.match(date) and coded(date) is not None


def _begin(date: str) -> str:
    found = coded(date)
    return found.first.replace("u", "0") if found else ""


def _whole_hours(stamps: Sequence[re.Match[str]]) -> list[str]:
    return [found[1] for found in stamps if _WHOLE_HOUR.fullmatch(found[2])]


def _of_range(text: str, found: re.Match[str]) -> Coded | None:
    """Return a range's coding, or None for a month behind a year, or years that run backwards."""
    first, last = found["first"], found["last"]
    if len(last) < _YEAR_DIGITS:
        consecutive = "/" in text and int(last) == int(first[2:]) + 1
        if int(last) <= _MONTHS and not consecutive:
            return None
        last = first[:2] + last
    if last < first:
        return None
    if last == first:
        return Coded("s", first)
    return Coded("q" if "?" in text or _DOUBTFUL.search(text) else "m", first, last)


def _century(found: re.Match[str]) -> int:
    if found["digits"]:
        return int(found["digits"])
    told = (found["ordinal"] or found["roman"]).upper()
    return (int(told) if told.isdecimal() else _ROMAN.get(told, 20)) - 1
