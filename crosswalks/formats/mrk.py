r"""MARC as lines for people to read: ``=245  10$aDế mèn phiêu lưu ký /$cTô Hoài``.

Blanks in coded places are ``\``, and what would be read as markup has a name: ``{dollar}``. Line
breaks in a text are the one thing that is lost: they become spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from crosswalks.errors import FormatError
from crosswalks.formats import linefile
from crosswalks.model import Control, Element, Field, Problem, Record, Schema, Subfield
from crosswalks.tables import rows

NAME = "mrk"
NAMES: tuple[str, ...] = (NAME, "marcmaker")
SCHEMA = Schema.MARC21
OPENING = CLOSING = b""
BETWEEN = b"\n"

_MEANT = str.maketrans({"$": "{dollar}", "{": "{lcub}", "}": "{rcub}", "\n": " ", "\r": " "})
_CODED = str.maketrans({**_MEANT, ord(" "): "\\", ord("\\"): "{bsol}"})
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*=(?:LDR|000|00[1-9]|[0-9]{3})  ")
_LINE = re.compile(r"=(LDR|...)  (.*)")
_NAME = re.compile(r"\{([A-Za-z]+)\}")
_NAMED = {name: chr(int(code, 16)) for name, code, _ in rows("mrk-mnemonics.tsv")}
_MARKS = frozenset(name for name, _, mark in rows("mrk-mnemonics.tsv") if mark)
_LEADERS = frozenset({"LDR", "000"})


def sniff(data: bytes) -> bool:
    """Tell whether the bytes begin with a line like ``=LDR  ``."""
    return bool(_HEAD.match(data))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file: up to a blank line or the next leader."""
    return linefile.blocks(
        stream, lambda line: line.startswith((b"=LDR", b"=000")), lambda line: not line.strip()
    )


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where a line is not a field, or not in UTF-8."""
    return linefile.sound(NAME, *read_leniently(data))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read, and what was overlooked; raise FormatError without any field."""
    text, problems = linefile.text_of(data)
    leader = ""
    fields: list[Control | Field] = []
    for line in filter(str.strip, text.split("\n")):
        found = _LINE.fullmatch(line.removesuffix("\r"))
        if found is None:
            problems.append(linefile.odd_line(line))
        elif found[1] in _LEADERS:
            leader = found[2].replace("\\", " ")
        else:
            fields.append(_field(found[1], found[2]))
    if not fields and not leader:
        raise FormatError(schema=NAME, reason="no line of it is a field")
    return Record(schema=SCHEMA, leader=leader, fields=tuple(fields)), tuple(problems)


def write(record: Record) -> bytes:
    """Return one line for the leader and each field, in UTF-8; DC elements as ``name: text``."""
    lines = [f"=LDR  {record.leader}"] if record.leader else []
    lines.extend(_line(field) for field in record.fields)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _field(tag: str, text: str) -> Control | Field:
    indicators, *parts = text.split("$")
    if tag.startswith("00") or not parts or len(indicators) != 2:  # noqa: PLR2004 - MARC 21 has two
        return Control(tag, _meant(text.replace("\\", " ")))
    subfields: list[Subfield] = [(part[0], _meant(part[1:])) for part in parts if part]
    return Field(tag, indicators.replace("\\", " "), tuple(subfields))


def _meant(text: str) -> str:
    """Return text with the characters that mnemonics name; a mark goes behind its letter."""
    if "{" not in text:
        return text
    pieces, marks, at = [], "", 0
    for found in _NAME.finditer(text):
        if found[1] not in _NAMED:
            continue
        marks, between = _placed(marks, text[at : found.start()])
        pieces.append(between)
        if found[1] in _MARKS:
            marks += _NAMED[found[1]]
        else:
            pieces.append(_NAMED[found[1]] + marks)
            marks = ""
        at = found.end()
    marks, rest = _placed(marks, text[at:])
    return "".join([*pieces, rest, marks])


def _placed(marks: str, text: str) -> tuple[str, str]:
    """Return marks still without a letter, and the text with those that have one."""
    return ("", text[0] + marks + text[1:]) if text and marks else (marks, text)


def _line(field: Control | Field | Element) -> str:
    if isinstance(field, Control):
        return f"={field.tag}  {field.value.translate(_CODED)}"
    if isinstance(field, Element):
        return f"{field.name}: {field.text.translate(_MEANT)}"
    subfields = "".join(f"${code}{value.translate(_MEANT)}" for code, value in field.subfields)
    return f"={field.tag}  {field.indicators.replace(' ', chr(92))}{subfields}"
