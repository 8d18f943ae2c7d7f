"""ETD-MS 1.0 and 1.1, and the British uketd_dc, read alike; ETD-MS 1.1 is written.

ETD-MS has the fifteen elements of Dublin Core in its own namespace; in a Record they are ``dc:``.
What uketd_dc says of a degree is gathered in the ``thesis:degree`` that ETD-MS has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from crosswalks.formats import elements, xmlfile
from crosswalks.formats.elements import DC_ELEMENTS, NAMESPACES, Shape
from crosswalks.formats.xml import legal_bytes
from crosswalks.model import Element, Problem, Record, Schema

NAME = "etdms"
NAMESPACE = "http://www.ndltd.org/standards/metadata/etdms/1.1/"
_SPACES = (
    NAMESPACE,
    NAMESPACES["thesis"],
    "http://www.ndltd.org/standards/metadata/etdms/1-0/",
    "http://www.ndltd.org/standards/metadata/etdms/1.0",
)
_UK = NAMESPACES["uketd_dc"]
NAMES: tuple[str, ...] = (*_SPACES, _UK, NAME, "oai_etdms", "thesis", "uketd_dc", "uketd")
SCHEMA = Schema.ETDMS
OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
BETWEEN = b"\n"
CLOSING = b"\n</records>\n"

_PARTS = ("name", "level", "discipline", "grantor")
_SHAPE = Shape(
    name=NAME,
    schema=SCHEMA,
    roots=(*(f"{{{namespace}}}thesis" for namespace in _SPACES), f"{{{_UK}}}uketddc"),
    words=dict.fromkeys((*DC_ELEMENTS, "alternativeTitle", "degree", *_PARTS), NAMESPACE),
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:thesis|uketddc)[\s>]")
_AS_DC = {f"thesis:{name}": f"dc:{name}" for name in DC_ELEMENTS}
_WRITTEN = {
    **{f"dc:{name}": name for name in DC_ELEMENTS},
    **{f"thesis:{name}": name for name in ("alternativeTitle", "degree", *_PARTS)},
}
_UK_DEGREE = {
    "uketdterms:qualificationname": "thesis:name",
    "uketdterms:qualificationlevel": "thesis:level",
    "uketdterms:department": "thesis:discipline",
    "uketdterms:institution": "thesis:grantor",
}
_LOCATION = f"{NAMESPACE} http://www.ndltd.org/standards/metadata/etdms/1-1/etdms11.xsd"


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like the description of a thesis."""
    return bool(_ROOT.search(data, 0, elements.HEAD))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file, whatever wraps it."""
    return xmlfile.split(stream, "thesis", "uketddc")


def read(data: bytes) -> Record:
    """Return the record; raise FormatError if the bytes are not one well-formed record."""
    return _named(elements.read(data, _SHAPE))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    record, problems = elements.read_leniently(data, _SHAPE)
    return _named(record), problems


def write(record: Record) -> bytes:
    """Return the record as one ``thesis`` element; raise FormatError for impossible names."""
    fields = [_own(field) for field in record.fields if isinstance(field, Element)]
    body = "".join(elements.markup(field, NAMESPACE, NAMESPACE) for field in fields)
    return legal_bytes(
        f'<thesis xmlns="{NAMESPACE}"{elements.declarations(fields, always=["xsi"])} '
        f'xsi:schemaLocation="{_LOCATION}">{body}</thesis>'
    )


def _named(record: Record) -> Record:
    fields = tuple(_with_degree([f for f in record.fields if isinstance(f, Element)]))
    return replace(record, fields=fields)


def _with_degree(fields: list[Element]) -> Iterator[Element]:
    parts = tuple(f._replace(name=_UK_DEGREE[f.name]) for f in fields if f.name in _UK_DEGREE)
    for field in fields:
        if field.name not in _UK_DEGREE:
            yield field._replace(name=_AS_DC.get(field.name, field.name))
        elif parts:
            yield Element("thesis:degree", (), "", parts)
            parts = ()


def _own(element: Element) -> Element:
    # A name without a prefix has no namespace here, and not that of ETD-MS.
    bare = element.name if {*":{"} & {*element.name} else f"{{}}{element.name}"
    name = _WRITTEN.get(element.name, bare)
    return element._replace(name=name, children=tuple(map(_own, element.children)))
