"""ISO 2709 as nearly all of it is, read at the least cost: a record is a few splits and one loop.

Every number in leader and directory is still held against the bytes. What is out of the common
(MARC-8, tags of letters, fields in another order than their directory) is for others to read.
"""

from __future__ import annotations

import re

from crosswalks.formats import directory
from crosswalks.model import Control, Field, Record, Schema, Subfield, Undivided

_FOUR = [f"{number:04}" for number in range(10_000)]
_FIVE = [f"{number:05}" for number in range(20_000)]
_NO_CODE = re.compile("\x1f(?:[\x1e\x1f]|\\Z)").search
_MISPLACED = re.compile("\x1e(?![^\x1e\x1f]{2}\x1f)[^\x1e\x1f]*\x1f").search
"""What finds a field whose first subfield does not begin behind two indicators."""
# Record's own __init__ takes as long as five fields.
_blank = object.__new__
_set_schema, _set_leader, _set_fields = (
    vars(Record)[name].__set__ for name in ("schema", "leader", "fields")
)


def read_common(data: bytes, schema: Schema) -> Record | None:
    """Return the record, or None on any doubt about it.

    Common is: UTF-8 or ASCII, tags of digits, fields in the order of the directory.
    """
    apart = _apart(data)
    if apart is None:
        return None
    leader, tags, texts, _ = apart
    fields: list[Control | Field] = []
    subfields: tuple[Subfield, ...]
    new, control, data_field, add = tuple.__new__, Control, Field, fields.append
    try:
        for tag, text in zip(tags, texts, strict=True):
            if tag < "010" and "\x1f" not in text:
                add(new(control, (tag, text)))
                continue
            # An empty part, a subfield without a code, raises IndexError here.
            parts = text.split("\x1f")
            count = len(parts)
            if count == 2:  # noqa: PLR2004 - one subfield
                indicators, first = parts
                subfields = ((first[0], first[1:]),)
            elif count == 3:  # noqa: PLR2004 - two subfields
                indicators, first, second = parts
                subfields = ((first[0], first[1:]), (second[0], second[1:]))
            elif count == 1:
                add(new(control, (tag, text)))
                continue
            else:
                indicators = parts[0]
                subfields = tuple([(part[0], part[1:]) for part in parts[1:]])
            if len(indicators) != 2 or tag < "010":  # noqa: PLR2004 - as MARC 21 has
                return None
            add(new(data_field, (tag, indicators, subfields)))
    except IndexError:
        return None
    record = _blank(Record)
    _set_schema(record, schema)
    _set_leader(record, leader)
    _set_fields(record, tuple(fields))
    return record


def undivided_common(data: bytes, schema: Schema) -> Undivided | None:
    """Return the record with its fields still text, or None on any doubt about it."""
    apart = _apart(data)
    if apart is None or _NO_CODE(apart[3]):
        return None
    leader, tags, texts, whole = apart
    # Two indicators before the first subfield; what has no subfield needs none.
    if _MISPLACED(whole) or texts[0].find("\x1f") not in (-1, 2):
        return None
    return Undivided(schema, leader, tags, texts)


def _apart(data: bytes) -> tuple[str, tuple[str, ...], list[str], str] | None:
    """Return leader, tags, fields, and these in one text; all in one place for its speed."""
    end, length = data.find(b"\x1e"), len(data)
    body = data[end + 1 : -2]
    try:
        head = data[:end].decode("ascii")
        entries = head[24:]
        # Numbers are compared as text: to look a text up is quicker than to read a number.
        if head[:5] != _FIVE[length] or head[12:17] != _FIVE[end + 1] or not entries.isdigit():
            return None
        text = body.decode()
        texts = text.split("\x1e")
        pieces = texts if len(text) == len(body) else body.split(b"\x1e")
        tags = directory.slices(len(entries) // 12)[0](entries)
        told, at = "", 0
        for tag, piece in zip(tags, pieces, strict=True):
            size = len(piece) + 1
            told += f"{tag}{_FOUR[size]}{_FIVE[at]}"
            at += size
        if told != entries or b"\x1b" in body:
            return None
    except (UnicodeDecodeError, IndexError, ValueError):
        return None
    return (head[:24], tags, texts, text) if data.find(b"\x1d") == length - 1 else None
