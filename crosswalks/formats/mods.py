"""MODS 3, read in any version as it stands, written as MODS 3.7 that its schema accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from crosswalks.errors import FormatError
from crosswalks.formats import elements, modsrules, xmlfile
from crosswalks.formats.elements import Shape
from crosswalks.formats.xml import legal_bytes
from crosswalks.model import Element, Problem, Record, Schema

NAME = "mods"
NAMESPACE = elements.NAMESPACES["mods"]
NAMES: tuple[str, ...] = (
    NAMESPACE,
    "http://www.loc.gov/mods/",
    "http://www.loc.gov/mods",
    "info:srw/schema/1/mods-v3.7",
    "mods",
    "oai_mods",
)
SCHEMA = Schema.MODS
_LOCATION = f"{NAMESPACE} http://www.loc.gov/standards/mods/v3/mods-3-7.xsd"
OPENING = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="{NAMESPACE}">\n'
).encode()
BETWEEN = b"\n"
CLOSING = b"\n</modsCollection>\n"

_SHAPE = Shape(
    name=NAME,
    schema=SCHEMA,
    roots=(f"{{{NAMESPACE}}}mods",),
    own=NAMESPACE,
    words=dict.fromkeys(modsrules.names(), NAMESPACE),
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?mods(?:Collection)?[\s>]")


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like MODS, one record or a collection."""
    return bool(_ROOT.search(data, 0, elements.HEAD))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each ``mods`` element of a file, whatever wraps it."""
    return xmlfile.split(stream, "mods")


def read(data: bytes) -> Record:
    """Return the record; raise FormatError if the bytes are not one well-formed MODS record."""
    return elements.read(data, _SHAPE)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    return elements.read_leniently(data, _SHAPE)


def write(record: Record) -> bytes:
    """Return the record as one ``mods`` element; what MODS 3.7 has no room for is left out.

    Raises FormatError where that would leave nothing, or for names that cannot be XML.
    """
    given = tuple(field for field in record.fields if isinstance(field, Element))
    fields = modsrules.fitted(given)
    if not fields:
        raise FormatError(schema=NAME, reason="nothing in it that MODS has room for")
    body = "".join(elements.markup(field, NAMESPACE, NAMESPACE) for field in fields)
    declared = elements.declarations(fields, always=["xsi"])
    return legal_bytes(
        f'<mods xmlns="{NAMESPACE}"{declared} version="3.7" xsi:schemaLocation="{_LOCATION}">'
        f"{body}</mods>"
    )
