"""Which of several dates is the year of publication, and which only the machine's accession stamp.

DSpace gives dc:date three times, accession stamps first: the first one was the wrong year in 7,464
of 7,466 real records.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?"
)
_MIDNIGHT = re.compile(r"00:00(:00)?")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?=\d{4}(?!\d)|\D|$)")
_UNKNOWN_DAY = "000000"


def year(text: str) -> str:
    """Return the first year (1000 to 2099) in a date however written, or an empty string."""
    found = _YEAR.search(text)
    return found[1] if found else ""


def issued(dates: Sequence[str]) -> str:
    """Return the date of publication among several, or an empty string where none can be it.

    Time stamps are when a machine did something; only at midnight may one be a date in disguise.
    """
    plain = [date for date in dates if not _STAMP.fullmatch(date) and year(date)]
    return next(iter(plain), "") or next(iter(_midnights(dates)), "")


def entered(dates: Sequence[str]) -> str:
    """Return the accession date as yymmdd (008/00-05), or zeros."""
    stamps = sorted(found[1] for date in dates if (found := _STAMP.fullmatch(date)))
    return stamps[0][2:].replace("-", "") if stamps else _UNKNOWN_DAY


def _midnights(dates: Sequence[str]) -> list[str]:
    found = (_STAMP.fullmatch(date) for date in dates)
    return [stamp[1] for stamp in found if stamp and _MIDNIGHT.fullmatch(stamp[2])]
