"""MARCXML as nearly all of it is written, read by its bytes alone: no tree is built for it.

Nothing is taken for granted: every byte of the record has to be accounted for, tags are read by
lxml (once each, they recur), and at anything out of the common None is returned: lxml reads it all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from crosswalks.errors import FormatError
from crosswalks.formats.xml import parse
from crosswalks.model import Control, Field, Record, Schema

_OPENING = re.compile(r"<((?:[^\s<>/:!?]+:)?)record(?:\s[^<>]*)?>")
_START = re.compile(r"<([^\s<>/]*)datafield([^<>/]*)>")
# CR too: lxml makes LF of it (XML 1.0 s2.11).
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n")
_REFERENCE = re.compile("&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));|&")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LEGAL = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = " \t\n"
_LAST = 0x10FFFF
_MOST_REMEMBERED = 10_000

_Found = TypeVar("_Found")


class _Uncommon(Exception):
    """Something here is for lxml to read."""


class _Codes(dict[str, str]):
    """The codes of subfields, by the attributes that say them."""

    def __missing__(self, attributes: str) -> str:
        code = _attributes(attributes).get("code", "")
        if len(code) != 1:
            raise _Uncommon
        return _remembered(self, attributes, code)


class _Starts(dict[str, tuple[str, str]]):
    """Tags and indicators of data fields, by their start tags, with spaces around perhaps."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __missing__(self, text: str) -> tuple[str, str]:
        found = _START.fullmatch(text.strip(_SPACE))
        if found is None or found[1] != self.prefix:
            raise _Uncommon
        given = _attributes(found[2])
        indicators = (given.get("ind1") or " ") + (given.get("ind2") or " ")
        if not given.get("tag") or len(indicators) != 2:  # noqa: PLR2004 - MARC 21 has two
            raise _Uncommon
        return _remembered(self, text, (given["tag"], indicators))


class _Cut(NamedTuple):
    """What cuts a record with one prefix into pieces."""

    starts: _Starts
    first: str
    end: str
    heads: re.Pattern[str]
    subfields: re.Pattern[str]


def read_common(data: bytes) -> Record | None:
    """Return the one record of a document, or None on any doubt about it."""
    try:
        text = data.decode()
        opening = _OPENING.match(text)
        if opening is None or not _is_legal(data):
            return None
        cut = _opened(opening[0], opening[1])
        body, ended, after = text[opening.end() :].rpartition(f"</{opening[1]}record>")
        if not ended or after.strip(_SPACE):
            return None
        record = _record(body, cut)
    except (UnicodeDecodeError, FormatError, _Uncommon):
        return None
    return record


def _is_legal(data: bytes) -> bool:
    """Tell whether lxml would take all characters as they are (XML 1.0 s2.2)."""
    if b"]]>" in data or b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data:
        return False
    return len(data.translate(None, _CONTROLS)) == len(data)


def _record(body: str, cut: _Cut) -> Record:
    begin = body.find(cut.first)
    head, rest = (body[:begin], body[begin:]) if begin >= 0 else (body, "")
    leader, fields = _head(cut.heads.split(head))
    *pieces, after = rest.split(cut.end)
    if after.strip(_SPACE) or not (leader or fields or pieces):
        raise _Uncommon
    split, new, starts, code = cut.subfields.split, tuple.__new__, cut.starts, _codes.__getitem__
    for piece in pieces:
        parts = split(piece)
        subfields = tuple(zip(map(code, parts[1::3]), parts[2::3], strict=True))
        if not subfields or "".join(parts[3::3]).strip(_SPACE):
            raise _Uncommon
        fields.append(new(Field, (*starts[parts[0]], subfields)))
    if "&" in body:
        leader, fields = _text(leader), list(map(_unescaped, fields))
    return Record(schema=Schema.MARC21, leader=leader, fields=tuple(fields))


def _head(parts: Sequence[str]) -> tuple[str, list[Control | Field]]:
    """Return the leader and the control fields; between them may be white space."""
    if "".join(parts[::4]).strip(_SPACE):
        raise _Uncommon
    leader = ""
    controls: list[Control | Field] = []
    for kind, attributes, text in zip(parts[1::4], parts[2::4], parts[3::4], strict=True):
        tag = _tag(kind, attributes)
        if tag:
            controls.append(Control(tag, text))
        else:
            leader = text
    return leader, controls


@lru_cache(maxsize=256)
def _opened(opening: str, prefix: str) -> _Cut:
    """Return how to cut a record with this start tag, if it is sound."""
    parse(f"{opening[:-1]}/>".encode(), "marcxml")
    name = re.escape(prefix)
    return _Cut(
        starts=_Starts(prefix),
        first=f"<{prefix}datafield",
        end=f"</{prefix}datafield>",
        heads=re.compile(rf"<{name}(leader|controlfield)([^<>/]*)>([^<]*)</{name}\1>"),
        subfields=re.compile(rf"<{name}subfield([^<>/]*)>([^<]*)</{name}subfield>"),
    )


@lru_cache(maxsize=512)
def _tag(kind: str, attributes: str) -> str:
    """Return the tag of a control field, or an empty string for the leader."""
    given = _attributes(attributes)
    if kind == "leader":
        return ""
    if not given.get("tag"):
        raise _Uncommon
    return given["tag"]


_codes = _Codes()


def _remembered(memory: dict[str, _Found], key: str, found: _Found) -> _Found:
    if len(memory) > _MOST_REMEMBERED:
        memory.clear()
    memory[key] = found
    return found


def _attributes(text: str) -> dict[str, str]:
    found = parse(f"<a{text}/>".encode(), "marcxml")
    if found.tag != "a":
        raise _Uncommon
    return {str(name): str(value) for name, value in found.attrib.items()}


def _unescaped(field: Control | Field) -> Control | Field:
    if isinstance(field, Control):
        return Control(field.tag, _text(field.value))
    for _, value in field[2]:
        if "&" in value:
            subfields = tuple([(code, _text(value)) for code, value in field.subfields])
            return Field(field.tag, field.indicators, subfields)
    return field


def _text(value: str) -> str:
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _CHARACTERS[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal or -1)
    if not 0 <= code <= _LAST or not _LEGAL.match(chr(code)):
        raise _Uncommon
    return chr(code)
