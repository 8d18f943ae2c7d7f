"""BIBFRAME 2 in RDF/XML, a work with everything about it inside it; only given out.

A record is one ``bf:Work``, which is RDF/XML as it stands and in an ``rdf:RDF`` of many.
"""

from __future__ import annotations

from crosswalks.errors import FormatError
from crosswalks.formats import elements
from crosswalks.formats.elements import NAMESPACES
from crosswalks.formats.xml import legal_bytes
from crosswalks.model import Element, Record, Schema

NAME = "bibframe"
NAMESPACE = NAMESPACES["bf"]
SCHEMA = Schema.BIBFRAME
OPENING = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">\n'
).encode()
BETWEEN = b"\n"
CLOSING = b"\n</rdf:RDF>\n"

_NOTHING_TOLD = Element("bf:Work", (), "")


def write(record: Record) -> bytes:
    """Return the record's one resource, in UTF-8; raise FormatError if there are several."""
    found = [field for field in record.fields if isinstance(field, Element)] or [_NOTHING_TOLD]
    if len(found) > 1:
        raise FormatError(schema=NAME, reason=f"{len(found)} resources where one was expected")
    start = f"<{found[0].name}"
    markup = elements.markup(found[0]).removeprefix(start)
    return legal_bytes(f"{start}{elements.declarations(found, always=['rdf'])}{markup}")
