"""When, how long and on what carrier: the years, pages and physical form of a record."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalogue.match.tagged import Marc
from catalogue.match.words import (
    bare,
    bare_map,
    bare_set,
    bare_words,
    phrase_pattern,
    remembered,
    rows,
)
from crosswalks.values import places

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_COPYRIGHT = re.compile(r"[cp©℗]\s*$", re.IGNORECASE)
_UNITS = {row[0]: row[1] for row in rows("extent_units")}
_EXTENT = re.compile(r"(?<!\d)(\d[\d ,\[\]-]{0,39})(?:[ivxlc]{2,8}[\] ,]{1,3})?([^\W\d_]+)")
"""Sequences of pages before their unit: ``[3]-259, [1] p``, ``259, xx p``."""
_COUNT = re.compile(r"(?<!\d)\d{1,5}(?!\d)")
_QUESTIONABLE = 10
"""Years: what may be any of more says nothing."""
_SEQUENCES = 6
_NOBODY = bare_set("nobody")
_SAME_PLACES = {name: bare_words(same) for name, same in bare_map("place_aliases").items()}


def years(record: Marc) -> tuple[int, ...]:
    """Return the years of publication, the one that counts most first.

    A year said to be published comes before a copyright year, the imprint before 008.
    """
    published: dict[int, None] = {}
    copyrighted: dict[int, None] = {}
    for imprint in record.data("260", "264"):
        for text in imprint.all("c"):
            for match in _YEAR.finditer(text):
                marked = _COPYRIGHT.search(text, 0, match.start()) or imprint.indicators[1:] == "4"
                (copyrighted if marked else published)[int(match[0])] = None
    coded = coded_year(record)
    if coded:
        copyrighted[coded] = None
    return tuple(published | copyrighted)[:4]


def coded_year(record: Marc) -> int:
    """Return the first date of 008, or 0 where it is no year, or any of more than ten.

    A questionable date (008/06 ``q``) is the first and the last year that it may be.
    """
    said = record.control("008")
    coded, last = _YEAR.fullmatch(said[7:11]), _YEAR.fullmatch(said[11:15])
    if coded and last and said[6:7] == "q" and int(last[0]) - int(coded[0]) > _QUESTIONABLE:
        return 0
    return int(coded[0]) if coded else 0


def place(record: Marc) -> str:
    """Return the first place of publication, bare, or nothing where none is known."""
    for imprint in record.data("260", "264"):
        for text in imprint.all("a"):
            name = _place(text)
            if name:
                return name
    return ""


@remembered
def _place(text: str) -> str:
    name = next((bare(place.name) for place in places.read(text) if place.name), "")
    if name in _NOBODY:
        return ""
    return _SAME_PLACES.get(name, name)


def sequences(record: Marc) -> tuple[int, ...]:
    """Return the numbers of 300 $a as they stand, the first ones where there are many."""
    return _sequences(" ".join(record.values("300", "a")))


@remembered
def _sequences(said: str) -> tuple[int, ...]:
    return tuple(map(int, _COUNT.findall(said)[:_SEQUENCES]))


def extent(record: Marc) -> tuple[int, int]:
    """Return how many pages (the longest sequence) and how many volumes 300 $a counts, or 0."""
    pages, volumes = 0, 0
    for text in record.values("300", "a"):
        counted = _counted(text)
        pages, volumes = max(pages, counted[0]), max(volumes, counted[1])
    return pages, volumes


@remembered
def _counted(text: str) -> tuple[int, int]:
    counted = {"pages": 0, "volumes": 0}
    for said, unit in _EXTENT.findall(text.lower()):
        counts = _UNITS.get(unit)
        numbers = [int(number) for number in _COUNT.findall(said)] if counts else []
        if counts and numbers:
            number = max(numbers) if counts == "pages" else numbers[-1]
            counted[counts] = max(counted[counts], number)
    return counted["pages"], counted["volumes"]


_CODES = {(place, code): carrier for place, code, carrier in rows("carrier_codes")}
_WORDS = bare_map("carrier_words")
_SAID = phrase_pattern(_WORDS)
_TELLING = (("245", "h"), ("300", "a"), ("338", "a"), ("533", "a"))
"""Where words tell of a carrier: a record with 533 is of the reproduction, as 300 is of the print.
"""
_PRINT = frozenset(("print",))
_MAPS_AND_VISUAL = frozenset("efgkor")


class Carrier(NamedTuple):
    """``electronic``, ``microform`` or ``braille``, empty for print; and whether it is certain."""

    kind: str = ""
    sure: bool = False


def carrier(record: Marc) -> Carrier:
    """Return on what a publication is, and whether more than a code of 008 or a link says so.

    A link to the resource itself (856 40) counts only where nothing else tells of print; a link to
    a version of it or to something about it (856 41, 42) never does.
    """
    coded = _coded(record)
    said = (sorted(coded - _PRINT) if coded else []) or _worded(record)
    if said:
        return Carrier(said[0], sure=True)
    if record.leader[6:7] == "m":
        return Carrier("electronic", sure=True)
    form = _form(record)
    if form not in ("", "print"):
        return Carrier(form)
    linked = "40" in [link.indicators for link in record.data("856")]
    printed = form == "print" or "print" in coded or record.values("300", "c")
    return Carrier("electronic" if linked and not printed else "", sure="print" in coded)


def _coded(record: Marc) -> set[str]:
    said = [("007", code) for code in _codes007(record)]
    said += [("338", code) for code in record.values("338", "b")]
    return {_CODES[each] for each in said if each in _CODES}


def _form(record: Marc) -> str:
    place = 29 if record.leader[6:7] in _MAPS_AND_VISUAL else 23
    return _CODES.get(("form", record.control("008")[place : place + 1]), "")


def _codes007(record: Marc) -> tuple[str, ...]:
    value = record.control("007")
    return (value[:1], value[:2]) if value else ()


def _worded(record: Marc) -> list[str]:
    said = [value for tag, code in _TELLING for value in record.values(tag, code)]
    return _carriers(" ; ".join(said)) if said else []


@remembered
def _carriers(said: str) -> list[str]:
    match = _SAID.search(bare_words(said))
    return [_WORDS[match[0]]] if match else []
