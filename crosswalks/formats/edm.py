"""EDM in RDF/XML, and its flat forerunner ESE, both read as they stand and written as they came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from crosswalks.formats import elements, xmlfile
from crosswalks.formats.elements import NAMESPACES, Shape
from crosswalks.formats.xml import legal_bytes
from crosswalks.model import Element, Problem, Record, Schema

NAME = "edm"
NAMESPACE = NAMESPACES["edm"]
_ESE = NAMESPACES["europeana"]
NAMES: tuple[str, ...] = (NAMESPACE, _ESE, "http://www.europeana.eu/schemas/ese", NAME, "ese")
SCHEMA = Schema.EDM
OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
BETWEEN = b"\n"
CLOSING = b"\n</records>\n"

_SHAPE = Shape(
    name=NAME,
    schema=SCHEMA,
    roots=(
        f"{{{NAMESPACES['rdf']}}}RDF",
        f"{{{_ESE}}}record",
        "{http://www.europeana.eu/schemas/ese}record",
    ),
    words=elements.DC_WORDS,
)
_RDF = re.compile(rb"<(?:[\w.-]+:)?RDF[\s>]")
_SPACES = (b"europeana.eu/schemas/edm", b"europeana.eu/schemas/ese")


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like EDM or ESE."""
    head = data[: elements.HEAD]
    return _SPACES[1] in head or (_SPACES[0] in head and bool(_RDF.search(head)))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file, whatever wraps it."""
    return xmlfile.split(stream, "RDF", "record")


def read(data: bytes) -> Record:
    """Return the record; raise FormatError if the bytes are not one well-formed record."""
    return elements.read(data, _SHAPE)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    return elements.read_leniently(data, _SHAPE)


def write(record: Record) -> bytes:
    """Return ``rdf:RDF`` for resources with properties, ``europeana:record`` for flat elements."""
    fields = [field for field in record.fields if isinstance(field, Element)]
    name = "rdf:RDF" if any(map(_is_resource, fields)) else "europeana:record"
    body = "".join(map(elements.markup, fields))
    declared = elements.declarations(fields, always=[name.partition(":")[0]])
    return legal_bytes(f"<{name}{declared}>{body}</{name}>")


def _is_resource(element: Element) -> bool:
    return bool(element.children) or any(name.startswith("rdf:") for name, _ in element.attributes)
