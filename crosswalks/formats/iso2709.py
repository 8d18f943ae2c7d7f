"""ISO 2709 as MARC 21 uses it, in UTF-8 or MARC-8, written back byte for byte where it was sound.

Text is taken as UTF-8 where leader/09 says so or the bytes are; the leader alone is not trusted.
A field without subfields under a data tag is kept whole as a Control (local 9XX of some systems).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, TypeAlias

from crosswalks.errors import FormatError
from crosswalks.formats import leader as leaders
from crosswalks.formats import marc8
from crosswalks.formats.salvage import salvage
from crosswalks.model import Control, Field, Problem, Record, Schema, Severity, Subfield

NAME = "iso2709"
NAMES: tuple[str, ...] = (NAME, "usmarc", "application/marc")
SCHEMA = Schema.MARC21
OPENING = BETWEEN = CLOSING = b""

_SUBFIELD = "\x1f"
_FIELD_END = b"\x1e"
_RECORD_END = b"\x1d"
_ESCAPE = b"\x1b"
_ENTRY = 12
_LONGEST_FIELD = 9_999
_LONGEST_RECORD = 99_999
_BETWEEN_RECORDS = b"\r\n\t \x00\x1a"
_CHUNK = 1 << 20
_BAD_TEXT = "text in another encoding than leader/09 says"
_HOPELESS = 64 << 20
_DELIMITERS = dict.fromkeys((0x1D, 0x1E, 0x1F))

Decoder: TypeAlias = Callable[[bytes], str]

# For speed: the loop over subfields runs in C.
_SUBFIELDS = re.compile(f"{_SUBFIELD}(.)([^{_SUBFIELD}]*)", re.DOTALL).findall
_NO_CODE = re.compile(b"\x1f[\x1d-\x1f]").search


def sniff(data: bytes) -> bool:
    """Tell whether the bytes begin with a length and hold the end of a directory."""
    return data[:5].isdigit() and data.find(_FIELD_END, leaders.LENGTH) > 0


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a stream, the last one perhaps without its end.

    Where the stated length does not end in 1D, the next 1D ends the record: one lie costs nothing
    but itself. Line ends and fill between records are skipped.
    """
    held = b""
    offset = 0
    while chunk := stream.read(_CHUNK):
        held += chunk
        start = 0
        while (found := _next_record(held, start, last=False)) is not None:
            begin, start = found
            yield offset + begin, held[begin:start]
        held, offset = held[start:], offset + start
    start = 0
    while (found := _next_record(held, start, last=True)) is not None:
        begin, start = found
        yield offset + begin, held[begin:start]


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where structure or encoding is not sound."""
    body = _checked_body(data)
    try:
        leader = data[:24].decode("ascii")
        directory = data[24 : int(data[12:17]) - 1].decode("ascii")
        pieces = body.split(_FIELD_END)
        if not _in_place(directory, pieces):
            pieces = _by_directory(directory, body)
        tags = [directory[at : at + 3] for at in range(0, len(directory), _ENTRY)]
        fields = _fields(tags, _texts(data, pieces))
    except UnicodeError as error:
        raise FormatError(schema=NAME, reason=f"{_BAD_TEXT}: {error}") from error
    except ValueError as error:
        raise FormatError(schema=NAME, reason=f"the directory: {error}") from error
    return Record(schema=Schema.MARC21, leader=leader, fields=fields)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what was overlooked for it."""
    pairs = salvage(data)
    if not pairs:
        raise FormatError(schema=NAME, reason="no directory and fields in it")
    problems = _strict_problems(data)
    decode = _lenient_decoder([value for _, value in pairs], problems)
    fields = [_lenient_field(tag, decode(value)) for tag, value in pairs]
    leader = data[: leaders.LENGTH].decode("latin-1")
    return Record(schema=Schema.MARC21, leader=leader, fields=tuple(fields)), tuple(problems)


def write(record: Record) -> bytes:
    """Return the record in UTF-8; raise FormatError where it is too long for ISO 2709 (s4.3)."""
    directory: list[str] = []
    parts: list[bytes] = []
    start = 0
    for tag, value in _values(record):
        part = value.encode("utf-8", "replace") + _FIELD_END
        directory.append(f"{tag}{len(part):04}{start:05}")
        parts.append(part)
        start += len(part)
        if len(part) > _LONGEST_FIELD:
            raise FormatError(
                schema=NAME,
                reason=f"field {tag} has {len(part)} bytes, the most is {_LONGEST_FIELD}",
            )
    body = b"".join(parts)
    base = 24 + _ENTRY * len(parts) + 1
    length = base + len(body) + 1
    if length > _LONGEST_RECORD:
        raise FormatError(
            schema=NAME, reason=f"the record has {length} bytes, the most is {_LONGEST_RECORD}"
        )
    leader = _leader(record.leader, length, base, coded=body.isascii())
    return f"{leader}{''.join(directory)}".encode() + _FIELD_END + body + _RECORD_END


def _next_record(held: bytes, start: int, *, last: bool) -> tuple[int, int] | None:
    """Return where the next whole record begins and ends, or None if more bytes are needed."""
    while start < len(held) and held[start] in _BETWEEN_RECORDS:
        start += 1
    stated = held[start : start + 5]
    if stated.isdigit() and held[start + int(stated) - 1 : start + int(stated)] == _RECORD_END:
        return start, start + int(stated)
    if not last and stated.isdigit() and start + int(stated) > len(held):
        return None
    end = held.find(_RECORD_END, start) + 1
    if end:
        return start, end
    if last or len(held) - start > _HOPELESS:
        return (start, len(held)) if start < len(held) else None
    return None


def _checked_body(data: bytes) -> bytes:
    """Return the bytes from the base address on, if lengths and end marks agree."""
    if not data[:5].isdigit() or not data[12:17].isdigit():
        raise FormatError(schema=NAME, reason="no leader and directory")
    if int(data[:5]) != len(data) or data[-1:] != _RECORD_END:
        raise FormatError(
            schema=NAME, reason=f"the leader says {int(data[:5])} bytes, there are {len(data)}"
        )
    base = int(data[12:17])
    if data[base - 1 : base] != _FIELD_END or (base - 25) % _ENTRY:
        raise FormatError(
            schema=NAME, reason="the directory does not end at the base address", position=base
        )
    if _NO_CODE(data):
        raise FormatError(schema=NAME, reason="a subfield without a code")
    return data[base:]


def _in_place(directory: str, pieces: list[bytes]) -> bool:
    """Tell whether the fields stand one after the other as the directory has them."""
    if pieces.pop() != _RECORD_END or len(pieces) * _ENTRY != len(directory):
        return False
    start = 0
    at = 3
    for piece in pieces:
        length = len(piece) + 1
        if int(directory[at : at + 9]) != length * 100_000 + start:
            return False
        start += length
        at += _ENTRY
    return True


def _by_directory(directory: str, body: bytes) -> list[bytes]:
    """Return the fields where the directory is in another order than they are."""
    pieces = []
    for at in range(3, len(directory), _ENTRY):
        start = int(directory[at + 4 : at + 9])
        end = start + int(directory[at : at + 4])
        if body[end - 1 : end] != _FIELD_END or (start and body[start - 1 : start] != _FIELD_END):
            raise FormatError(schema=NAME, reason=f"no field at {start} to {end}")
        pieces.append(body[start : end - 1])
    return pieces


def _texts(data: bytes, pieces: list[bytes]) -> list[str]:
    decode = _decoder(data)
    if decode is _utf8:
        # One call for all: decoding each field takes three times as long.
        return _FIELD_END.join(pieces).decode().split("\x1e") if pieces else []
    return [decode(piece) for piece in pieces]


def _decoder(data: bytes) -> Decoder:
    """Return the decoder of a sound record; raise UnicodeError where leader/09 lies."""
    if data[9:10] == b"a":
        return _utf8
    if _ESCAPE in data:
        return _marc8
    try:
        data.decode()
    except UnicodeDecodeError:
        return _marc8
    return _utf8


def _utf8(value: bytes) -> str:
    return value.decode()


def _marc8(value: bytes) -> str:
    """Decode MARC-8 subfield by subfield: each begins with the default character sets."""
    if value.isascii() and _ESCAPE not in value:
        return value.decode("ascii")
    return _SUBFIELD.join([marc8.decode(part) for part in value.split(b"\x1f")])


def _lenient_decoder(values: list[bytes], problems: list[Problem]) -> Decoder:
    """Return the first decoder that can read all of it; the last resort shows what it lost."""
    for decode in (_utf8, _marc8):
        try:
            for value in values:
                decode(value)
        except UnicodeError:
            continue
        return decode
    problems.append(_problem("damaged-text", "neither UTF-8 nor MARC-8; U+FFFD marks the losses"))
    return _lossy(b"\x1e".join(values))


def _lossy(data: bytes) -> Decoder:
    """Return the decoder that loses least: UTF-8 unless hardly any of it is."""
    as_utf8 = data.decode("utf-8", "replace")
    as_marc8 = marc8.decode(data, lossy=True)
    if as_utf8.count("\ufffd") <= as_marc8.count("\ufffd"):
        return lambda value: value.decode("utf-8", "replace")
    return lambda value: _SUBFIELD.join(
        [marc8.decode(part, lossy=True) for part in value.split(b"\x1f")]
    )


def _fields(tags: list[str], texts: list[str]) -> tuple[Control | Field, ...]:
    new, subfields = tuple.__new__, _SUBFIELDS
    fields: list[Control | Field] = []
    for tag, text in zip(tags, texts, strict=True):
        if text[2:3] == _SUBFIELD and tag >= "010":
            fields.append(new(Field, (tag, text[:2], tuple(subfields(text)))))
        elif _SUBFIELD not in text or tag < "010":
            fields.append(new(Control, (tag, text)))
        else:
            raise FormatError(schema=NAME, reason=f"field {tag} has not two indicators")
    return tuple(fields)


def _lenient_field(tag: str, value: str) -> Control | Field:
    if _SUBFIELD not in value or tag < "010":
        return Control(tag, value)
    indicators, *parts = value.split(_SUBFIELD)
    subfields: list[Subfield] = [(part[0], part[1:]) for part in parts if part]
    if stray := indicators[2:].strip():
        subfields.insert(0, ("?", stray))
    return Field(tag, f"{indicators:2.2}", tuple(subfields))


def _strict_problems(data: bytes) -> list[Problem]:
    """Return why the strict reader refuses the record."""
    try:
        read(data)
    except FormatError as error:
        code = "bad-encoding" if error.reason.startswith(_BAD_TEXT) else "bad-structure"
        return [_problem(code, error.reason)]
    return []


def _values(record: Record) -> Iterator[tuple[str, str]]:
    """Yield each field as tag and text, free of characters that would end it early."""
    for field in record.fields:
        tag = f"{field[0]:3.3}"
        if isinstance(field, Field):
            inner = "".join([f"\x1f{code}{value}" for code, value in field.subfields])
            count = len(field.subfields)
            text = inner if inner.count(_SUBFIELD) == count else _undelimited(field)
            yield tag, _one_field(f"{field.indicators:2.2}{text}")
        elif isinstance(field, Control):
            yield tag, _one_field(field.value)


def _undelimited(field: Field) -> str:
    return "".join(
        f"{_SUBFIELD}{code}{value.translate(_DELIMITERS)}" for code, value in field.subfields
    )


def _one_field(text: str) -> str:
    return text.replace("\x1e", "").replace("\x1d", "")


def _leader(leader: str, length: int, base: int, *, coded: bool) -> str:
    """Return the leader with lengths filled in, and UTF-8 told in leader/09 where it matters."""
    sound = leader if len(leader) == leaders.LENGTH and leader.isascii() else leaders.valid(leader)
    scheme = sound[9] if coded else "a"
    return f"{length:05}{sound[5:9]}{scheme}{sound[10:12]}{base:05}{sound[17:]}"


def _problem(code: str, detail: str) -> Problem:
    return Problem(code=code, severity=Severity.WARNING, detail=detail)
