"""Which record of its library a record is: what it says of itself, or else what its bytes are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from crosswalks.formats import Readable
from crosswalks.formats.iso2709_variants import plain
from crosswalks.model import Element, Problem, Record, Severity
from crosswalks.reading import read_as
from harvester.files.errors import BadPlace
from harvester.files.model import Cut
from harvester.files.seen import Seen
from harvester.model import FileSettings

_USUAL = "001, dc:identifier, recordInfo/recordIdentifier, identifier"
_CONTROL = re.compile(r"00[1-9]")
_SUBFIELD = re.compile(r"([0-9A-Za-z]{3})\$([0-9A-Za-z])")
_OTHER = re.compile(r"[^,$]+")
_HASH = 32
_SAMPLE = 80

_FIRST_IS_001 = (b"001", 24, 36)
_QUICK = {
    "marcxml": re.compile(
        rb"<(?:[\w.-]+:)?controlfield\s+tag\s*=\s*[\"']001[\"']\s*>([^<>]*)</", re.ASCII
    ),
    "mrk": re.compile(rb"^=001  ([^{}\\\r\n]*)\r?$", re.MULTILINE),
    "tagged": re.compile(rb"^#001 ([^\r\n]*)\r?$", re.MULTILINE),
}
_ISO = ("iso2709", "unimarc")
_LEADER, _ENTRY, _FIELD_END = 24, 12, b"\x1e"
_DIGITS = 14
"""Of a base address, and of a length with an address."""


class Place(NamedTuple):
    """Where an identifier may stand: a tag with a code perhaps, or the names of elements."""

    name: str
    code: str = ""


def places(settings: FileSettings) -> tuple[Place, ...]:
    """Return where to look, the first that has something counts; raise BadPlace."""
    text = settings.identifier.strip() or _USUAL
    return tuple(_place(each.strip(), settings.identifier) for each in text.split(","))


def damage(form: Readable, body: bytes) -> tuple[Record | None, tuple[Problem, ...]]:
    """Return a record, or None with the Problem that tells of a region which is none."""
    record, problems = read_as(form, body)
    if record is not None:
        return record, ()
    why = next((each.detail for each in problems if each.severity is Severity.ERROR), "")
    sample = body[:_SAMPLE].decode("latin-1")
    told = Problem(code="damaged-region", severity=Severity.ERROR, sample=sample, detail=why)
    return None, (told,)


def missing(form: Readable, body: bytes) -> tuple[Problem, ...]:
    """Return the Problem of a record that has neither the length nor the fields that it says.

    Bytes were lost then, and perhaps the record behind it with them.
    """
    if form.NAME not in _ISO or len(body) < _LEADER or not (body[:5] + body[12:17]).isdigit():
        return ()
    if int(body[:5]) == len(body):
        return ()
    entries = (int(body[12:17]) - _LEADER) // _ENTRY
    if plain(body)[0].count(_FIELD_END) == entries + 1:
        return ()
    detail = f"it should have {int(body[:5])} bytes and {entries} fields"
    return (Problem(code="bytes-missing", severity=Severity.WARNING, detail=detail),)


def quick(form: Readable, body: bytes) -> str:
    """Return field 001 by the bytes alone, or nothing where that takes a closer look."""
    if form.NAME in _ISO:
        return _in_directory(body)
    pattern = _QUICK.get(form.NAME)
    found = pattern.search(body) if pattern else None
    if found is None:
        return ""
    try:
        text = found[1].decode()
    except UnicodeDecodeError:
        return ""
    return (unescape(text) if form.NAME == "marcxml" else text).strip()


def said(record: Record, wanted: Iterable[Place]) -> str:
    """Return what a record says its identifier is; nothing where it does not."""
    return next(filter(None, (_at(record, place) for place in wanted)), "")


def of_bytes(body: bytes) -> str:
    """Return the identifier of a record that has none: the same for the same bytes."""
    return f"sha256:{hashlib.sha256(body).hexdigest()[:_HASH]}"


def _place(text: str, whole: str) -> Place:
    if _CONTROL.fullmatch(text):
        return Place(text)
    if found := _SUBFIELD.fullmatch(text):
        return Place(found[1], found[2])
    if _OTHER.fullmatch(text):
        return Place(text)
    raise BadPlace(text=whole)


def _in_directory(body: bytes) -> str:
    """Return what the first entry of a directory leads to, where it is 001 and sound."""
    tag, begin, end = _FIRST_IS_001
    entry = body[begin:end]
    base, length, start = body[12:17], entry[3:7], entry[7:12]
    numbers = base + length + start
    if entry[:3] != tag or len(numbers) != _DIGITS or not numbers.isdigit():
        return ""
    at = int(base) + int(start)
    field = body[at : at + int(length)]
    # Any doubt about where the field ends, and the record is read as a whole.
    if field.find(b"\x1e") != len(field) - 1 or body[at - 1 : at] != b"\x1e" or not field.isascii():
        return ""
    return field[:-1].decode().strip()


def _at(record: Record, place: Place) -> str:
    if place.code:
        return next(filter(None, map(str.strip, record.values(place.name, place.code))), "")
    if value := record.control(place.name).strip():
        return value
    name, _, below = place.name.partition("/")
    found = (_text(each, below) for each in record.elements(name))
    return next(filter(None, found), "")


def _text(element: Element, path: str) -> str:
    """Return the text of an element, or of the first below it that a path of names leads to."""
    if not path:
        return element.text.strip()
    name, _, below = path.partition("/")
    found = (_text(each, below) for each in element.children if each.name == name)
    return next(filter(None, found), "")


def told_apart(one: Cut, seen: Seen) -> Cut:
    """Return a record under the identifier it is kept by: no other one of the list has it."""
    if one.deleted:
        return one
    if not one.identifier:
        return replace(one, identifier=of_bytes(one.body))
    version = seen.version(one.identifier, one.body)
    if version == 1:
        return one
    problem = Problem(
        code="identifier-repeated",
        severity=Severity.WARNING,
        sample=one.identifier,
        detail=f"{version}",
    )
    return replace(one, identifier=f"{one.identifier}~{version}", problems=(*one.problems, problem))
