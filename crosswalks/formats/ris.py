"""RIS, the exchange format of reference managers; only given out.

One tag and value a line, lines end in CR LF, the kind of reference (TY) comes first, ER ends it.
"""

from __future__ import annotations

import re

from crosswalks.formats.plain import one_line
from crosswalks.model import Element, Record, Schema

NAME = "ris"
SCHEMA = Schema.RIS
OPENING = b""
BETWEEN = b"\r\n"
CLOSING = b""

_TAG = re.compile("[A-Z][A-Z0-9]")
_TYPE, _END = "TY", "ER"
_OTHER = "GEN"


def write(record: Record) -> bytes:
    """Return the record as one reference, in UTF-8; elements that are no tags are left out."""
    told = [
        (field.name, one_line(field.text))
        for field in record.fields
        if isinstance(field, Element) and _TAG.fullmatch(field.name)
    ]
    kind = next((text for name, text in told if name == _TYPE), _OTHER)
    lines = [(_TYPE, kind), *[each for each in told if each[0] != _TYPE and each[1]], (_END, "")]
    text = "".join([f"{name}  - {value}\r\n" for name, value in lines])
    return text.encode("utf-8", "replace")
