"""ISO 2709 whose text is in bytes of a known legacy encoding: a character for each byte, for now.

Only the directory tells where fields end: VISCII's Ỵ is 1E and VPS's Ữ is 1D, the delimiters.
"""

from __future__ import annotations

from crosswalks.encodings.codecs import as_seen
from crosswalks.formats import unimarc_signs
from crosswalks.formats.directory import ENTRY, FIELD_END, LEADER
from crosswalks.formats.marcfields import bare_field, lenient_field
from crosswalks.model import Control, Field, Record, Schema

_NO_INDICATORS = "0"


def read(data: bytes) -> Record | None:
    """Return a record by its directory, its text as Windows-1252 shows it; None if that lies."""
    base = data[12:17]
    if not data[:5].isdigit() or not base.isdigit() or not data[:LEADER].isascii():
        return None
    start = int(base)
    directory, body = data[LEADER : start - 1], data[start:]
    is_sound = data[start - 1 : start] == FIELD_END and len(directory) % ENTRY == 0
    if not is_sound or not directory.isascii():
        return None
    leader = data[:LEADER].decode("ascii")
    fields = []
    for place in range(0, len(directory), ENTRY):
        field = _field(directory[place : place + ENTRY].decode("ascii"), body, leader)
        if field is None:
            return None
        fields.append(field)
    schema = Schema.UNIMARC if unimarc_signs.is_unimarc(data) else Schema.MARC21
    return Record(schema=schema, leader=leader, fields=tuple(fields)) if fields else None


def _field(entry: str, body: bytes, leader: str) -> Control | Field | None:
    if not entry[3:].isdigit():
        return None
    length, start = int(entry[3:7]), int(entry[7:])
    piece = body[start : start + length]
    if len(piece) != length or piece[-1:] != FIELD_END:
        return None
    read_field = bare_field if leader[10] == _NO_INDICATORS else lenient_field
    return read_field(entry[:3], as_seen(piece[:-1]))
