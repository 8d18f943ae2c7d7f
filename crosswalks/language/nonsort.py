"""Words that are passed over in sorting: UNIMARC puts marks around them, MARC 21 counts them.

A crosswalk that says ``nonsort`` turns the one into the other, and leaves no marks in MARC 21: a
reader would see them as boxes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from crosswalks import tables
from crosswalks.language.syntax import Script
from crosswalks.model import Control, Element, Field, Record, Schema, Subfield

Map = Callable[[Record], Record]

_BEGIN, _END = "\x98", "\x9c"
"""NSB and NSE of ISO 6630, where Unicode keeps them; ISO 5426 had them at 88 and 89."""
_MARKS = dict.fromkeys(map(ord, "\x88\x89\x98\x9c"))
_AT_START = re.compile(
    "[\x88\x98](?P<marked>[^\x89\x9c]*)[\x89\x9c]"
    r"|<<(?P<double>[^<>]+)>>"
    r"|<(?P<single>[^<>]{1,15}[\s'’])>(?=\S)"
)
_SORTED_AS = re.compile(r"<(\d+)= *\d+>")
_MOST = 9
_COUNTS = {tag: int(place) - 1 for tag, place in tables.rows("marc21-nonfiling.tsv")}


def nonsorting(script: Script, mapped: Map) -> Map:
    """Return a crosswalk that minds such words, if it says so."""
    if not script.nonsort:
        return mapped
    if script.target is Schema.MARC21:
        return lambda record: _over_fields(mapped(record), _counted)
    return lambda record: mapped(_over_fields(record, _marked))


def _over_fields(record: Record, change: Callable[[Field], Field]) -> Record:
    fields = [change(each) if isinstance(each, Field) else each for each in record.fields]
    return replace(record, fields=tuple[Control | Field | Element, ...](fields))


def _counted(field: Field) -> Field:
    """Return a MARC 21 field without marks, with what they enclosed counted in its indicator."""
    if not any(map(_may_be_marked, field.subfields)):
        return field
    place = _COUNTS.get(field.tag)
    code, text = field.subfields[0]
    clean, count = _without_marks(text)
    others = [(code, _without_marks(value)[0]) for code, value in field.subfields[1:]]
    field = field._replace(subfields=((code, clean), *others))
    return field if place is None or not count else _with_count(field, place, count)


def _may_be_marked(subfield: Subfield) -> bool:
    text = subfield[1]
    return "<" in text or not text.isprintable()


def _without_marks(text: str) -> tuple[str, int]:
    """Return a text without marks, and how many characters to pass over at its start."""
    found = _AT_START.match(text)
    count = 0
    if found:
        passed = found["marked"] or found["double"] or found["single"] or ""
        rest = text[found.end() :]
        count = len(passed) + len(rest) - len(rest.lstrip(" "))
        text = passed + rest
    return _SORTED_AS.sub(r"\1", text).translate(_MARKS), count


def _with_count(field: Field, place: int, count: int) -> Field:
    before = f"{field.indicators:2.2}"
    digit = str(count) if count <= _MOST else "0"
    return field._replace(indicators=before[:place] + digit + before[place + 1 :])


def _marked(field: Field) -> Field:
    """Return a MARC 21 field with marks around what its indicator says is passed over."""
    place = _COUNTS.get(field.tag)
    digit = "" if place is None else field.indicators[place : place + 1]
    if digit not in set("123456789"):
        return field
    count = int(digit)
    at = next((at for at, (code, _) in enumerate(field.subfields) if code == "a"), -1)
    if at < 0 or len(field.subfields[at][1]) <= count:
        return field
    text = field.subfields[at][1]
    marked = ("a", _BEGIN + text[:count] + _END + text[count:])
    return field._replace(subfields=(*field.subfields[:at], marked, *field.subfields[at + 1 :]))
