"""Extent and size: ``xii, 200tr. : minh hoạ ; 24cm`` counts pages in sequences, and centimetres."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from crosswalks import tables
from crosswalks.text import fold, nfc, word_key
from crosswalks.values import numerals
from crosswalks.values.words import phrases, spellings

_SIZE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[.,]\d)?)(?:\s*(?:cm|mm)?\s*[x×-]\s*(\d{1,3}(?:[.,]\d)?))?\s*(cm|mm)\b\.?"
)
_RANGE = re.compile(
    r"(?<!\w)(?P<unit>tr|trang|p|pp|page|pages|s|seite|seiten)\b\.?\s*(?P<first>\d{1,5})"
    r"(?:\s*[-–—]\s*(?P<last>\d{1,5}))?(?!\w)"
)
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])")
_UNITS = {
    word_key(spelling): row[0]
    for row in tables.rows("vn-extent-units.tsv")
    for spelling in spellings(row[1])
}
_UNITS |= {fold(key): unit for key, unit in _UNITS.items() if key.isascii()}
_LONGEST_UNIT = 3
_ROMAN = ("i", "v", "x")
"""Of single letters only these are numbers: l, c, d and m are words cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """What 300 says: each count with its unit, the pages an article is on, the size in cm."""

    counts: tuple[tuple[str, str], ...] = ()
    """(unit, number): ``("page", "xii")``, ``("page", "200")``, ``("volume", "3")``; in order."""
    pages: tuple[int, int] | None = None
    """The first and last page within a host (``tr. 15-20``)."""
    size: tuple[int, ...] = ()
    """Height, or both sides, in whole centimetres, rounded up; the longer last."""
    illustrated: bool = False
    rest: tuple[str, ...] = ()
    """Words that nothing else explains, as word_keys."""

    def is_same(self, other: Extent) -> bool:
        """Tell whether both measure the same; size and pictures may be told once only."""
        sizes = not self.size or not other.size or self.size == other.size
        counted = (self.counts, self.pages, self.rest)
        anything = any(counted) or (self.size and other.size)
        return bool(sizes and anything and counted == (other.counts, other.pages, other.rest))


@lru_cache(maxsize=1 << 12)
def read(text: str) -> Extent:
    """Return what an extent (300, or dc:format where it is one) counts and measures."""
    lowered = nfc(text).lower()
    size: tuple[int, ...] = ()
    if measured := _SIZE.search(lowered):
        size = _size(measured)
        lowered = _SIZE.sub(" ; ", lowered, count=1)
    pages = None
    if within := _RANGE.search(lowered):
        first = int(within["first"])
        pages = (first, int(within["last"] or first))
        lowered = _RANGE.sub(" ; ", lowered, count=1)
    counts, left = _counts(lowered)
    illustrated, rest = _pictures(left)
    return Extent(counts=counts, pages=pages, size=size, illustrated=illustrated, rest=rest)


def _size(found: re.Match[str]) -> tuple[int, ...]:
    tenth = 10 if found[3] == "mm" else 1
    sides = [float(side.replace(",", ".")) / tenth for side in found.groups()[:2] if side]
    return tuple(sorted(math.ceil(side) for side in sides))


def _counts(text: str) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """Return what is counted, and the words that are left.

    Numbers without a unit have that of the next one: ``xii, 200 tr.`` is twelve pages and 200.
    """
    counts: list[tuple[str, str]] = []
    waiting: list[str] = []
    left: list[str] = []
    tokens = word_key(_GLUED.sub(" ", text)).split()
    start = 0
    while start < len(tokens):
        unit = _unit(tokens, start) if waiting else None
        if unit:
            counts += [(unit[1], number) for number in waiting]
            waiting = []
        elif number := _number(tokens[start]):
            waiting.append(number)
        else:
            left.append(tokens[start])
        start += unit[0] if unit else 1
    counts += [("", number) for number in waiting]
    return tuple(counts), left


def _number(token: str) -> str:
    """Return a number as counts have it: digits, or Roman small letters."""
    if token.isascii() and token.isdecimal():
        return str(int(token))
    return token if numerals.roman(token) and (len(token) > 1 or token in _ROMAN) else ""


def _unit(tokens: list[str], start: int) -> tuple[int, str] | None:
    for length in range(min(_LONGEST_UNIT, len(tokens) - start), 0, -1):
        unit = _UNITS.get(" ".join(tokens[start : start + length]))
        if unit:
            return length, unit
    return None


def _pictures(words: list[str]) -> tuple[bool, tuple[str, ...]]:
    found = False
    rest: list[str] = []
    start = 0
    known = phrases("vn-extent-words.tsv")
    while start < len(words):
        phrase = known.at(tuple(words), start)
        if phrase:
            found = found or phrase[1] == "pictures"
        else:
            rest.append(words[start])
        start += phrase[0] if phrase else 1
    return found, tuple(rest)
