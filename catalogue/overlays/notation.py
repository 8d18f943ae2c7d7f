"""A field as one line that people write: ``650 #7 $a Văn học $2 bkt``, or ``008 240101s2024 ...``.

Positions of the leader or of 008 stand in place of the tag: ``LDR/06 a``, ``008/35-37 vie``, with
``#`` for a blank, as MARC 21 writes them.

``#`` is a blank indicator, ``$`` begins a subfield with the code that follows it; ``{dollar}`` is
the character itself, as in the line formats of MARC editors. What is written is brought to NFC.
"""

from __future__ import annotations

import re

from catalogue.overlays.errors import BadFieldLine
from catalogue.overlays.model import LEADER, AnyField
from catalogue.overlays.parts import span_of
from crosswalks.errors import Said
from crosswalks.model import Control, Field
from crosswalks.text import is_storable, nfc

_TAG = re.compile(r"(?:[0-9]{3}|LDR)\Z")
_INDICATORS = re.compile(r"[0-9a-z#\\_]{2}\Z")
_CODE = re.compile(r"[0-9a-z]\Z")
_DOLLAR = "{dollar}"
_HASH = "#"
LONGEST = 9_999
"""Bytes of a field that ISO 2709 can give out, its indicators and delimiters with it."""


def write(field: AnyField) -> str:
    """Return a field as one line."""
    if isinstance(field, Control):
        blanks = _HASH if span_of(field.tag) else " "
        return f"{field.tag} {field.value.replace(' ', blanks)}"
    indicators = field.indicators.replace(" ", "#")
    told = "".join(f" ${code} {value.replace('$', _DOLLAR)}" for code, value in field.subfields)
    return f"{field.tag} {indicators}{told}"


def as_line(field: AnyField | None) -> str:
    """Return a field as one line, nothing for none."""
    return "" if field is None else write(field)


def read(text: str) -> AnyField:
    """Return the field that a line tells. Raises BadFieldLine."""
    line = nfc(text).strip("\r\n")
    tag, _, rest = line.lstrip().partition(" ")
    if "/" in tag:
        return _positions(tag, rest, line)
    if not _TAG.match(tag):
        raise BadFieldLine(text=line, reason=_NO_TAG)
    if not is_storable(line) or any(ord(sign) < ord(" ") for sign in line):
        raise BadFieldLine(text=line, reason=_SIGNS)
    field = Control(tag, rest) if tag < "010" or tag == LEADER else _data(tag, rest, line)
    if len(write(field).encode()) > LONGEST:
        raise BadFieldLine(text=line[:80], reason=_LONG)
    return field


def _positions(tag: str, rest: str, line: str) -> Control:
    """Return positions with what is to stand there. Raises BadFieldLine."""
    span, value = span_of(tag), rest.replace(_HASH, " ")
    if span is None:
        raise BadFieldLine(text=line, reason=_NO_POSITIONS)
    if len(value) != span.end - span.start or not (value.isascii() and value.isprintable()):
        raise BadFieldLine(text=line, reason=_WIDTH)
    return Control(span.name, value)


def _data(tag: str, rest: str, line: str) -> Field:
    head, *parts = rest.split("$")
    indicators = re.sub(r"[#\\_]", " ", head.strip().ljust(2, "#") if head.strip() else "##")
    if not _INDICATORS.fullmatch(indicators.replace(" ", "#")):
        raise BadFieldLine(text=line, reason=_INDICATOR)
    if not parts:
        raise BadFieldLine(text=line, reason=_NO_SUBFIELD)
    return Field(tag, indicators, tuple(_subfield(part, line) for part in parts))


def _subfield(part: str, line: str) -> tuple[str, str]:
    code, value = part[:1], part[1:].strip().replace(_DOLLAR, "$")
    if not _CODE.match(code):
        raise BadFieldLine(text=line, reason=_BAD_CODE)
    if not value:
        raise BadFieldLine(text=line, reason=Said("subfield ${code} is empty", {"code": code}))
    return code, value


_NO_TAG = Said("it does not begin with a tag of three digits and a space", {})
_NO_POSITIONS = Said("positions are written LDR/06, 008/35-37: two digits each, from 00", {})
_WIDTH = Said("as many characters as there are positions come after them, # for a blank", {})
_SIGNS = Said("it holds signs that no record can", {})
_LONG = Said("it is longer than a field can be", {})
_INDICATOR = Said("two indicators come after the tag, digits, small letters or # for none", {})
_NO_SUBFIELD = Said("it has no subfield: write $a and its text", {})
_BAD_CODE = Said(
    "after $ comes the code of a subfield, a digit or a small letter; for the sign itself"
    " write {sign}",
    {"sign": "{dollar}"},
)
