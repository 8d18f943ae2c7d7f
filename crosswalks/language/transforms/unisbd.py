"""Fields of MARC 21 as those of UNIMARC: the punctuation of ISBD says which subfield begins.

The tables are those of the way there (see isbd.py), read backwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from crosswalks.language.transforms.isbd import AREAS
from crosswalks.language.transforms.registry import into_subfields, of_field
from crosswalks.language.transforms.unimarc import uncoded
from crosswalks.model import Field, Subfield

_HEADINGS = ("person", "body", "meeting", "family", "heading")
_FREE = ":;=/+"
_FILL_100 = "y50      ba"


class _Reading(NamedTuple):
    """An area backwards: which code a mark before a subfield calls for, and without any."""

    by_mark: dict[tuple[str, str], str]
    first: dict[str, str]
    marks: dict[str, frozenset[str]]
    split: dict[str, re.Pattern[str]]
    brackets: dict[str, str]


def _backwards(area: str) -> _Reading:
    by_mark: dict[tuple[str, str], str] = {}
    first: dict[str, str] = {}
    # What may be said again has its own code only where no other subfield has that mark.
    for code, piece in sorted(AREAS[area].items(), key=lambda each: each[0].endswith("+")):
        plain = code.rstrip("+")[-1]
        first.setdefault(piece.to, plain)
        by_mark.setdefault((piece.to, piece.mark.strip()), plain)
    marks = {to: frozenset(m for at, m in by_mark if at == to and m) for to in first}
    split = {to: _between(found) for to, found in marks.items()}
    brackets = {code: piece.around for code, piece in AREAS[area].items() if piece.around}
    return _Reading(by_mark, first, marks, split, brackets)


def _between(marks: frozenset[str]) -> re.Pattern[str]:
    """Return what cuts a subfield at marks that stand free; those behind a word may be its own."""
    free = "".join(mark for mark in sorted(marks) if mark in _FREE)
    return re.compile(rf"\s+([{re.escape(free)}])\s+" if free else r"(?!)()")


_READINGS = {area: _backwards(area) for area in AREAS}


@of_field("unimarc-title")
def _title(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 200 of a title (245)."""
    return read("title", field.subfields)


@of_field("unimarc-edition")
def _edition(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 205 of an edition (250)."""
    return read("edition", field.subfields)


@of_field("unimarc-imprint")
def _imprint(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 210 or 214 of an imprint (260, 264)."""
    return read("imprint", field.subfields)


@of_field("unimarc-extent")
def _extent(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 215 of a physical description (300)."""
    return read("extent", field.subfields)


@of_field("unimarc-series")
def _series(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 225 of a series statement (490)."""
    return read("series", field.subfields)


@of_field("unimarc-person")
def _person(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 600 or 70X of a person: surname and forenames apart, if there are both."""
    found = read("person", field.subfields)
    if field.indicators[:1] != "1":
        return found
    return tuple(_parted(found))


@of_field("unimarc-body")
def _body(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 601 or 71X of a corporate body or a meeting."""
    return read("body", field.subfields)


@of_field("unimarc-heading")
def _heading(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 500 or 605 of a uniform title."""
    return read("heading", field.subfields)


@of_field("unimarc-link")
def _link(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 4XX of a link to another record (760 to 787)."""
    return read("link", field.subfields)


@of_field("unimarc-traced")
def _traced(field: Field) -> tuple[Subfield, ...]:
    """Make UNIMARC's 410 of a traced series (830)."""
    return read("traced", field.subfields)


@into_subfields("unimarc-100")
def _general(text: str) -> tuple[Subfield, ...]:
    """Make UNIMARC's 100 of field 008."""
    value = f"{text:40.40}"
    entered = value[:6] if value[:6].isdecimal() else ""
    century = "19" if entered[:2] > "67" else "20"
    dates = (uncoded("date", value[6]) or "u") + _year(value[7:11]) + _year(value[11:15])
    audience = (uncoded("audience", value[22]) or "|").ljust(3, "|")
    government = uncoded("government", value[28]) or "|"
    modified = "1" if value[38] == "o" else "0"
    start = f"{century}{entered}" if entered else " " * 8
    return (("a", start + dates + audience + government + modified + "|||" + _FILL_100),)


@into_subfields("unimarc-105")
def _books(text: str) -> tuple[Subfield, ...]:
    """Make UNIMARC's 105 of the 008 of a book."""
    value = f"{text:40.40}"
    parts = (
        uncoded("illustrations", value[18:22].rstrip()).ljust(4),
        uncoded("contents", value[24:28].rstrip()).ljust(4),
        "".join(digit if digit in "01" else "|" for digit in value[29:32]),
        uncoded("literature", value[33]) or "|",
        uncoded("biography", value[34]) or "|",
    )
    return (("a", "".join(parts)),)


@into_subfields("unimarc-110")
def _serials(text: str) -> tuple[Subfield, ...]:
    """Make UNIMARC's 110 of the 008 of a serial."""
    value = f"{text:40.40}"
    parts = (
        uncoded("serial", value[21]) or "|",
        uncoded("frequency", value[18]) or "|",
        uncoded("regularity", value[19]) or "|",
        uncoded("serial-contents", value[24]) or "|",
        uncoded("serial-contents", value[25:28].rstrip()).ljust(3),
        value[29] if value[29] in "01" else "|",
    )
    return (("a", "".join(parts) + "|||"),)


def _year(text: str) -> str:
    return text if text.isdecimal() else text.replace("u", " ").replace("|", " ")


def read(area: str, subfields: tuple[Subfield, ...]) -> tuple[Subfield, ...]:
    """Return the subfields of UNIMARC that those of an area of MARC 21 were written from."""
    return tuple(_pieces(_READINGS[area], subfields, ends_bare=area in _HEADINGS))


def _pieces(
    reading: _Reading, subfields: tuple[Subfield, ...], *, ends_bare: bool
) -> Iterator[Subfield]:
    known = [each for each in subfields if each[0] in reading.first]
    mark = ""
    for at, (code, value) in enumerate(known):
        following = known[at + 1][0] if at + 1 < len(known) else ""
        text, after = _cut(value.strip(), reading.marks.get(following, frozenset()))
        if ends_bare and not following:
            text = text.rstrip(", ")
        first, *others = reading.split[code].split(text)
        yield from _piece(reading, code, mark, first)
        for between, piece in zip(others[::2], others[1::2], strict=True):
            yield from _piece(reading, code, between, piece)
        mark = after


def _piece(reading: _Reading, code: str, mark: str, text: str) -> Iterator[Subfield]:
    to = reading.by_mark.get((code, mark)) or reading.first[code]
    plain = _bare(text.strip(), reading.brackets.get(to, ""))
    if plain:
        yield to, plain


def _bare(text: str, brackets: str) -> str:
    """Return a text without the brackets that were put around it, whole or half of them."""
    begin, end = brackets[:1], {"(": ")", "[": "]"}.get(brackets[:1], "")
    if begin and text.startswith(begin) and text.count(begin) > text[:-1].count(end):
        text = text[1:]
    if end and text.endswith(end) and text.count(end) > text.count(begin):
        text = text[:-1]
    return text.strip()


def _cut(text: str, marks: frozenset[str]) -> tuple[str, str]:
    """Return a text without the mark that leads over to the next subfield, and that mark."""
    last = text[-1:]
    if last and last in marks:
        return text[:-1].rstrip(), last
    return text, ""


def _parted(subfields: tuple[Subfield, ...]) -> Iterator[Subfield]:
    for code, value in subfields:
        surname, comma, forenames = value.partition(", ")
        yield code, surname if code == "a" else value
        if code == "a" and comma:
            yield "b", forenames
