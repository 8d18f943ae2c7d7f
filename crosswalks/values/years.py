"""Dates of publication as imprints write them: copyright, doubtful, in decades, by reign.

A system's time stamp is no date of publication, and a year that is not sure is not equal to one
that is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from crosswalks import dates, tables
from crosswalks.text import nfc, word_key
from crosswalks.values import numerals
from crosswalks.values.words import bare

_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
_MARK = r"(?:©|℗|\(c\)|\bcop(?:yright)?\.?|\bbản quyền|\b[cp](?=\d))"
_COPYRIGHT = re.compile(rf"{_MARK}\s*(\d{{4}})(?!\d)", re.IGNORECASE)
_CORRECTED = re.compile(
    r"\[\s*(?:i\.\s*e\.|tức(?: là)?|đúng ra(?: là)?)\s*(\d{4})\s*\]", re.IGNORECASE
)
_DAY_FIRST = re.compile(
    r"(?:ngày\s*)?(\d{1,2})\s*(?:[-/.]|tháng)\s*(\d{1,2})\s*(?:[-/.]|năm)\s*(\d{4})"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_COMPACT = re.compile(r"((?:1[4-9]|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_MONTH = re.compile(r"(?:tháng|th\.?|t\.?)?\s*(\d{1,2})\s*(?:[-/.]|năm)\s*(\d{4})")
_PLAIN = re.compile(r"(?:năm\s*)?(\d{4})")
_DOUBT = re.compile(r"[?]|\bca?\.\s*(?=\d)|\bcirca\b|khoảng|\bapprox")
_AROUND = " .,;:[]()<>"
_MONTHS, _DAYS = 12, 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date of publication: its years as 008 has them (``u``: not told), and how sure it is."""

    first: str
    last: str = ""
    """``9999`` for what still goes on."""
    month: int = 0
    day: int = 0
    copyright: str = ""
    """The year of copyright, if told beside or instead of that of publication."""
    doubtful: bool = False
    reign: str = ""
    """The reign whose year ``first`` was reckoned from: the lunar year ends in the next one."""

    @property
    def coded(self) -> dates.Coded:
        """Return the date as 008/06-14 codes it: ``t`` has the year of copyright behind."""
        if self.copyright and self.copyright != self.first:
            return dates.Coded("t", self.first, self.copyright)
        if self.last == "9999":
            return dates.Coded("c", self.first, self.last)
        return dates.Coded("m" if self.last else "s", self.first, self.last)

    def is_same(self, other: Date) -> bool:
        """Tell whether both are one date: a month or a day told once is no difference."""
        return (
            (self.first, self.last, self.doubtful) == (other.first, other.last, other.doubtful)
            and bool(self.first)
            and _agree(self.month, other.month)
            and _agree(self.day, other.day)
        )


@lru_cache(maxsize=1 << 12)
def read(text: str) -> Date | None:
    """Return the date of publication in 26X $c or dc:date, or None where none can be read."""
    text = nfc(text).strip().lower()
    if _STAMP.match(text):
        return None
    if corrected := _CORRECTED.search(text):
        return Date(first=corrected[1])
    marked = _COPYRIGHT.search(text)
    if marked:
        published = read(_COPYRIGHT.sub("", text, count=1))
        year = published.first if published else marked[1]
        return Date(first=year, copyright=marked[1])
    doubtful = _DOUBT.search(text) is not None
    plain = _DOUBT.sub("", text).strip(_AROUND)
    return _day(plain, doubtful=doubtful) or _reign(plain) or _coded(text, doubtful=doubtful)


def _agree(one: int, other: int) -> bool:
    return not one or not other or one == other


def _day(text: str, *, doubtful: bool) -> Date | None:
    if found := _PLAIN.fullmatch(text):
        return Date(first=found[1], doubtful=doubtful)
    if found := _DAY_FIRST.fullmatch(text):
        return _calendar(found[3], found[2], found[1])
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _calendar(found[1], found[2], found[3] or "0")
    if found := _MONTH.fullmatch(text):
        return _calendar(found[2], found[1], "0")
    return None


def _calendar(year: str, month: str, day: str) -> Date | None:
    if int(month) > _MONTHS or int(month) == 0 or int(day) > _DAYS:
        return None
    return Date(first=year, month=int(month), day=int(day))


def _coded(text: str, *, doubtful: bool) -> Date | None:
    """Return ranges, decades and centuries, as coded for 008/06-14."""
    found = dates.coded(text.strip(" .,;:[]()"))
    if found is None:
        return None
    if found.first.isdecimal() and not found.last and not _YEAR_ALONE.fullmatch(text):
        return None
    unsure = doubtful and found.first.isdecimal()
    return Date(first=found.first, last=found.last, doubtful=unsure)


_YEAR_ALONE = re.compile(r"[^\w]*(?:năm|in|xuất bản|xb\.?)?[^\w]*\d{4}[^\w]*")


def _reigns() -> dict[str, tuple[int, int]]:
    return {word_key(name): (int(a), int(b)) for name, a, b in tables.rows("vn-reigns.tsv")}


_REIGNS = _reigns()
_COUNTING = frozenset(("nam", "thu"))
_IN_BRACKETS = re.compile(r"[(\[]\s*(\d{4})[)\]]?")


def _reign(text: str) -> Date | None:
    """Return a reign's year in ours: ``Tự Đức 15`` is 1862; one in brackets is believed."""
    told = _IN_BRACKETS.search(text)
    if told:
        reckoned = _reign(_IN_BRACKETS.sub("", text))
        return replace(reckoned, first=told[1]) if reckoned else None
    words = word_key(text).split()
    for length in range(min(3, len(words) - 1), 1, -1):
        name = " ".join(words[:length])
        if name in _REIGNS:
            said = [word for word in words[length:] if bare(word) not in _COUNTING]
            number = numerals.of_key(" ".join(said))
            begin, end = _REIGNS[name]
            year = begin + int(number) - 1 if number.isdecimal() else 0
            return Date(first=str(year), reign=name) if begin <= year <= end else None
    return None
