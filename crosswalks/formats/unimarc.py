"""UNIMARC in ISO 2709 and in MARCXchange, its character sets by 100 $a/26-29 and by the bytes.

Told from MARC 21 only where a record surely is UNIMARC: 200 and a 100 $a of coded data, and
neither 245 nor 008. Written as ISO 2709 in UTF-8, with 100 $a saying so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import IO

from crosswalks.errors import FormatError
from crosswalks.formats import damaged, directory, iso5426, legacy, marcxml
from crosswalks.formats import leader as leaders
from crosswalks.formats.damaged import Decoder
from crosswalks.formats.iso2709_common import read_common
from crosswalks.formats.iso2709_file import split as split_iso
from crosswalks.formats.marcfields import fields_of
from crosswalks.formats.salvage import Pairs
from crosswalks.formats.unimarc_signs import is_unimarc, is_xml
from crosswalks.model import Control, Element, Field, Problem, Record, Schema, Subfield
from crosswalks.tables import rows

NAME = "unimarc"
NAMES: tuple[str, ...] = (NAME, "unimarcxml", "rusmarc", "info:lc/xmlns/unimarcxml")
SCHEMA = Schema.UNIMARC
OPENING = BETWEEN = CLOSING = b""

_HEAD = 4096
_CODED = "100"
_SETS = slice(26, 30)
_LEAST = 30
_UTF8_SET = "50"
_READERS = {code: reader for code, reader, _ in rows("unimarc-charsets.tsv")}


def sniff(data: bytes) -> bool:
    """Tell whether the bytes surely are, or begin with, a UNIMARC record."""
    return is_unimarc(data)


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file of ISO 2709 or of XML."""
    head = stream.read(_HEAD)
    joined = _Joined(head, stream)
    yield from marcxml.split(joined) if is_xml(head) else split_iso(joined)  # type: ignore[arg-type]


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where structure or encoding is not sound."""
    if is_xml(data):
        return replace(marcxml.read(data), schema=SCHEMA)
    return read_common(data, SCHEMA) or _careful(data)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what was overlooked for it."""
    if is_xml(data):
        record, problems = marcxml.read_leniently(data)
        return replace(record, schema=SCHEMA), problems
    return damaged.read(data, SCHEMA, read, _lenient_decoder)


def write(record: Record) -> bytes:
    """Return the record in ISO 2709 and UTF-8; raise FormatError where it is too long for it."""
    written = directory.joined(record.fields, NAME)
    if not written.fields.isascii():
        written = directory.joined([_in_utf8(field) for field in record.fields], NAME)
    return directory.record(leaders.sound(record.leader), written)


def _careful(data: bytes) -> Record:
    leader, tags, body = directory.parts(data, NAME)
    codes = _declared(tags, body.split(directory.FIELD_END))
    try:
        text = _decoded(body, codes)
    except UnicodeError as error:
        reason = f"{damaged.BAD_TEXT} than 100 $a says ({' '.join(codes)}): {error}"
        raise FormatError(schema=NAME, reason=reason) from error
    return Record(schema=SCHEMA, leader=leader, fields=fields_of(tags, text, NAME))


def _declared(tags: Sequence[str], values: Sequence[bytes]) -> tuple[str, str]:
    """Return the two character sets that 100 $a names (UNIMARC 100 $a/26-29)."""
    value = next((value for tag, value in zip(tags, values, strict=True) if tag == _CODED), b"")
    coded = value.partition(b"\x1fa")[2].decode("latin-1")[_SETS]
    return coded[:2], coded[2:]


def _decoded(body: bytes, codes: tuple[str, str]) -> str:
    """Return text: UTF-8 if the bytes are, else in the extended set that 100 $a names."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        if _UTF8_SET in codes:
            raise
    readers = [_READERS.get(code, "") for code in codes]
    special = next((name for name in reversed(readers) if name not in ("", "ascii")), "ascii")
    if special == "iso5426":
        return iso5426.decode(body)
    return _cyrillic(body) if special == "basic-cyrillic" else body.decode(special)


def _cyrillic(body: bytes) -> str:
    """Return ISO registration 37: in the upper half its letters stand where KOI-8 has them."""
    if any(0x80 <= code < 0xC0 for code in set(body)):  # noqa: PLR2004 - before the letters
        raise UnicodeError("more than letters in the upper half")  # noqa: EM101, TRY003
    return body.decode("koi8-r")


def _lenient_decoder(pairs: Pairs, problems: list[Problem]) -> Decoder:
    """Return a decoder by 100 $a, by the bytes, or Latin-1, which at least loses nothing."""
    values = [value for _, value in pairs]
    whole = directory.FIELD_END.join(values)
    codes = _declared([tag for tag, _ in pairs], values)
    try:
        _decoded(whole, codes)
    except UnicodeError:
        page = legacy.guess(whole)
    else:
        return lambda value: _decoded(value, codes)
    if page:
        problems.append(damaged.problem("other-encoding", f"read as {page}"))
    else:
        page = "latin-1"
        problems.append(damaged.problem("damaged-text", "no encoding fits; read as latin-1"))
    return lambda value: value.decode(page, "replace")


def _in_utf8(field: Control | Field | Element) -> Control | Field | Element:
    """Return 100 with UTF-8 in $a/26-29, any other field as it is."""
    if isinstance(field, Field) and field.tag == _CODED:
        return field._replace(subfields=tuple([_told(subfield) for subfield in field.subfields]))
    return field


def _told(subfield: Subfield) -> Subfield:
    code, value = subfield
    if code != "a" or len(value) < _LEAST or value[_SETS][:2] == _UTF8_SET:
        return subfield
    return code, f"{value[: _SETS.start]}{_UTF8_SET}  {value[_SETS.stop :]}"


class _Joined:
    """A stream whose first bytes have been looked at already."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self.head = head
        self.stream = stream

    def read(self, size: int = -1) -> bytes:
        """Return some more bytes, about as many as asked for; none at the end."""
        data, self.head = self.head or self.stream.read(size), b""
        return data
