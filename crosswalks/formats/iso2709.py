"""ISO 2709 as MARC 21 uses it, in UTF-8 or MARC-8, written back byte for byte where it was sound.

Text is taken as UTF-8 where leader/09 says so or the bytes are; the leader alone is not trusted.
What Vietnamese and CDS/ISIS systems call ISO 2709 is split and sniffed too, and read leniently.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate
from typing import TypeAlias

from crosswalks.errors import FormatError
from crosswalks.formats import directory, legacy, marc8
from crosswalks.formats import leader as leaders
from crosswalks.formats.iso2709_file import looks_like_record, split
from crosswalks.formats.iso2709_variants import plain
from crosswalks.formats.marcfields import (
    SUBFIELD,
    SUBFIELDS,
    bare_field,
    fields_of,
    lenient_field,
    without_subfields,
)
from crosswalks.formats.salvage import salvage
from crosswalks.model import Control, Field, Problem, Record, Schema, Severity

__all__ = ["BETWEEN", "CLOSING", "NAME", "NAMES", "OPENING", "SCHEMA", "read", "read_leniently"]
__all__ += ["sniff", "split", "write"]

NAME = "iso2709"
NAMES: tuple[str, ...] = (NAME, "usmarc", "application/marc")
SCHEMA = Schema.MARC21
OPENING = BETWEEN = CLOSING = b""

_ESCAPE = b"\x1b"
_FOUR = [f"{number:04}" for number in range(10_000)]
_FIVE = [f"{number:05}" for number in range(20_000)]
# Record's own __init__ takes as long as five fields.
_blank = object.__new__
_set_schema, _set_leader, _set_fields = (
    vars(Record)[name].__set__ for name in ("schema", "leader", "fields")
)
_NO_CODE = re.compile("\x1f[\x1e\x1f]").search
_BAD_TEXT = "text in another encoding than leader/09 says"

Decoder: TypeAlias = Callable[[bytes], str]


def sniff(data: bytes) -> bool:
    """Tell whether the bytes begin with a leader and a directory, or nearly so."""
    return looks_like_record(data)


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where structure or encoding is not sound."""
    return _common(data) or _careful(data)


def _common(data: bytes) -> Record | None:
    """Return a record as nearly all are, or None on any doubt; all in one place for its speed.

    Common is: UTF-8 or ASCII, tags of digits, fields in the order of the directory.
    """
    end, length = data.find(b"\x1e"), len(data)
    head, body = data[:end].decode("latin-1"), data[end + 1 : -2]
    entries = head[24:]
    new, control, field, subfields = tuple.__new__, Control, Field, SUBFIELDS
    try:
        # Numbers are compared as text: to look a text up is quicker than to read a number.
        if head[:5] != _FIVE[length] or head[12:17] != _FIVE[end + 1] or not entries.isdigit():
            return None
        text = body.decode()
        texts = text.split("\x1e")
        pieces = texts if len(text) == len(body) else body.split(b"\x1e")
        tags, numbers = directory.slices(len(entries) // 12)
        sizes = [len(piece) + 1 for piece in pieces]
        places = zip(sizes, accumulate(sizes, initial=0), strict=False)
        if numbers(entries) != tuple([_FOUR[size] + _FIVE[at] for size, at in places]):
            return None
        fields = [
            new(control, (tag, text))
            if tag < "010"
            else new(field, (tag, text[:2], tuple(subfields(text))))
            if text[2] == "\x1f"
            else without_subfields(tag, text, NAME)
            for tag, text in zip(tags(entries), texts, strict=True)
        ]
    except (UnicodeDecodeError, IndexError):
        return None
    if b"\x1b" in body or _NO_CODE(text) or text[-1] == "\x1f" or data.find(b"\x1d") != length - 1:
        return None
    record = _blank(Record)
    _set_schema(record, SCHEMA)
    _set_leader(record, head[:24])
    _set_fields(record, tuple(fields))
    return record


def _careful(data: bytes) -> Record:
    leader, tags, body = directory.parts(data, NAME)
    try:
        text = body.decode() if leader[9] == "a" else _undeclared(body)
    except UnicodeError as error:
        raise FormatError(schema=NAME, reason=f"{_BAD_TEXT}: {error}") from error
    return Record(schema=SCHEMA, leader=leader, fields=fields_of(tags, text, NAME))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what was overlooked for it."""
    data, problems = plain(data)
    pairs = salvage(data)
    if not pairs:
        raise FormatError(schema=NAME, reason="no directory and fields in it")
    leader = data[: directory.LEADER].decode("latin-1")
    problems += _strict_problems(data)
    decode = _lenient_decoder([value for _, value in pairs], problems)
    field = bare_field if _is_bare(leader, pairs, problems) else lenient_field
    fields = tuple([field(tag, decode(value)) for tag, value in pairs])
    return Record(schema=SCHEMA, leader=leader, fields=fields), tuple(problems)


def write(record: Record) -> bytes:
    """Return the record in UTF-8; raise FormatError where it is too long for ISO 2709 (s4.3)."""
    written = directory.joined(record.fields, NAME)
    leader = leaders.sound(record.leader)
    # UTF-8 is told where it matters; plain ASCII is both.
    scheme = leader[9] if written.fields.isascii() else "a"
    return directory.record(f"{leader[:9]}{scheme}{leader[10:]}", written)


def _undeclared(body: bytes) -> str:
    """Return text without a word in leader/09: MARC-8 by the standard, or UTF-8 if it is."""
    if _ESCAPE not in body:
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    return marc8.decode_fields(body)


def _is_bare(leader: str, pairs: list[tuple[str, bytes]], problems: list[Problem]) -> bool:
    """Tell whether leader/10 is right to say that there are no indicators."""
    if leader[10:11] != "0" or any(value[2:3] == SUBFIELD.encode() for _, value in pairs):
        return False
    problems.append(_problem("no-indicators", "leader/10 says so, as CDS/ISIS does"))
    return True


def _lenient_decoder(values: list[bytes], problems: list[Problem]) -> Decoder:
    """Return the first decoder that can read all of it; the last resort shows what it lost."""
    whole = directory.FIELD_END.join(values)
    for decode in (bytes.decode, marc8.decode_fields):
        try:
            decode(whole)
        except UnicodeError:
            continue
        return decode
    if page := legacy.guess(whole):
        problems.append(_problem("other-encoding", f"neither UTF-8 nor MARC-8, read as {page}"))
        return lambda value: value.decode(page, "replace")
    problems.append(_problem("damaged-text", "neither UTF-8 nor MARC-8; U+FFFD marks the losses"))
    return _lossy(whole)


def _lossy(data: bytes) -> Decoder:
    """Return the decoder that loses least: UTF-8 unless hardly any of it is."""
    as_utf8 = data.decode("utf-8", "replace")
    as_marc8 = _lossy_marc8(data)
    if as_utf8.count("\ufffd") <= as_marc8.count("\ufffd"):
        return lambda value: value.decode("utf-8", "replace")
    return _lossy_marc8


def _lossy_marc8(value: bytes) -> str:
    return SUBFIELD.join([marc8.decode(part, lossy=True) for part in value.split(b"\x1f")])


def _strict_problems(data: bytes) -> list[Problem]:
    """Return why the strict reader refuses the record."""
    try:
        read(data)
    except FormatError as error:
        code = "bad-encoding" if error.reason.startswith(_BAD_TEXT) else "bad-structure"
        return [_problem(code, error.reason)]
    return []


def _problem(code: str, detail: str) -> Problem:
    return Problem(code=code, severity=Severity.WARNING, detail=detail)
