"""MARC as eMicLib exports it for people: ``#245 10 $aDế mèn phiêu lưu ký``, ``##`` after a record.

``$`` and a small letter or digit begin a subfield; the form has no way to say a ``$`` itself, so
what would be read otherwise than it was meant is refused when writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from crosswalks.errors import FormatError
from crosswalks.formats import linefile
from crosswalks.model import Control, Element, Field, Problem, Record, Schema

NAME = "tagged"
NAMES: tuple[str, ...] = (NAME, "emiclib")
SCHEMA = Schema.MARC21
OPENING = BETWEEN = CLOSING = b""

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*Ldr [0-9 ]{5}")
_LINE = re.compile(r"#([0-9A-Za-z]{3})(?: (.*))?")
_DATA = re.compile(r"(..) (\$[a-z0-9].*)")
# The script of East Asian fields is called $1, after a stroke (MARC 21 appendix A, 880 $6).
_SUBFIELD = re.compile(r"\$([a-z0-9])((?:[^$]|\$(?![a-z0-9])|(?<=/)\$(?=1))*)").findall
_END = "##"
_LEADER = "Ldr "


def sniff(data: bytes) -> bool:
    """Tell whether the bytes begin with a leader as this form has it."""
    return bool(_HEAD.match(data))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file: up to ``##`` or the next leader."""
    return linefile.blocks(
        stream,
        lambda line: line.startswith(_LEADER.encode()),
        lambda line: line.strip() in (_END.encode(), b""),
    )


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where a line is not a field, or not in UTF-8."""
    return linefile.sound(NAME, *read_leniently(data))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read, and what was overlooked; raise FormatError without any field."""
    text, problems = linefile.text_of(data)
    leader = ""
    fields: list[Control | Field] = []
    for line in (each.removesuffix("\r") for each in text.split("\n")):
        found = _LINE.fullmatch(line)
        if found:
            fields.append(_field(found[1], found[2] or ""))
        elif line.startswith(_LEADER):
            leader = line.removeprefix(_LEADER)
        elif line.strip() not in ("", _END):
            problems.append(linefile.odd_line(line))
    if not fields and not leader:
        raise FormatError(schema=NAME, reason="no line of it is a field")
    return Record(schema=SCHEMA, leader=leader, fields=tuple(fields)), tuple(problems)


def write(record: Record) -> bytes:
    """Return the lines of one record, in UTF-8; raise FormatError for what would read otherwise."""
    lines = [f"{_LEADER}{record.leader}"] if record.leader else []
    lines.extend([_line(field) for field in record.fields if not isinstance(field, Element)])
    return "".join(f"{line}\n" for line in (*lines, _END)).encode("utf-8", "replace")


def _field(tag: str, text: str) -> Control | Field:
    found = _DATA.fullmatch(text) if not tag.startswith("00") else None
    return Field(tag, found[1], tuple(_SUBFIELD(found[2]))) if found else Control(tag, text)


def _line(field: Control | Field) -> str:
    if isinstance(field, Control):
        text = field.value
    else:
        subfields = "".join(f"${code}{value}" for code, value in field.subfields)
        text = f"{field.indicators:2.2} {subfields}"
    line = f"#{field.tag} {text}"
    found = _LINE.fullmatch(line)
    if not found or line.endswith("\r") or (field.tag, text) != (found[1], found[2]):
        raise FormatError(schema=NAME, reason=f"field {field.tag} does not fit into a line")
    if _field(field.tag, text) != field:
        raise FormatError(schema=NAME, reason=f"field {field.tag} would be read otherwise: {text}")
    return line
