"""Qualified Dublin Core as DSpace, CONTENTdm and others wrap it, written in DSpace's wrapping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from crosswalks import tables
from crosswalks.formats import elements, xmlfile
from crosswalks.formats.elements import DC, DC_ELEMENTS, DCTERMS, NAMESPACES, TERMS, Shape
from crosswalks.formats.xml import escape, legal_bytes
from crosswalks.model import Element, Problem, Record, Schema

NAME = "qdc"
NAMESPACE = "http://dspace.org/qualifieddc/"
_NSDL = "http://ns.nsdl.org/nsdl_dc_v1.02/"
_WORLDCAT = "http://worldcat.org/xmlschemas/qdc-1.0/"
_CCLRC = "http://epubs.cclrc.ac.uk/xmlns/qdc/"
NAMES: tuple[str, ...] = (NAMESPACE, _WORLDCAT, _CCLRC, _NSDL, DCTERMS, NAME, "oai_qdc", "nsdl_dc")
SCHEMA = Schema.QDC
OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
BETWEEN = b"\n"
CLOSING = b"\n</records>\n"

_SHAPE = Shape(
    name=NAME,
    schema=SCHEMA,
    roots=(
        *(f"{{{namespace}}}qualifieddc" for namespace in (NAMESPACE, _WORLDCAT, _CCLRC, DCTERMS)),
        f"{{{_NSDL}}}nsdl_dc",
    ),
    words=elements.DC_WORDS,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:qualifieddc|nsdl_dc)[\s>/]")
_ALLOWED = {
    **{f"dcterms:{name}": f"dcterms:{name}" for name in TERMS},
    # Seen in the wild: refinements under the prefix of the fifteen.
    **{f"dc:{name}": f"dcterms:{name}" for name in TERMS},
    **{f"dc:{name}": f"dc:{name}" for name in DC_ELEMENTS},
}
_SCHEMES = frozenset(
    f"dcterms:{name}" for name, kind in tables.rows("dcterms.tsv") if kind == "scheme"
)
_VALUES = {
    "dcterms:W3CDTF": re.compile(
        r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])"
        r"(?:T[0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[+-][0-2][0-9]:[0-5][0-9]))?)?)?"
    ),
    "dcterms:DCMIType": re.compile(
        "Collection|Dataset|Event|Image|InteractiveResource|MovingImage|PhysicalObject|Service"
        "|Software|Sound|StillImage|Text"
    ),
}
"""What a value has to look like for its scheme to be named."""
_OPEN = (
    f'<qdc:qualifieddc xmlns:qdc="{NAMESPACE}" xmlns:dc="{DC}" xmlns:dcterms="{DCTERMS}" '
    f'xmlns:xsi="{NAMESPACES["xsi"]}" xsi:schemaLocation="{DCTERMS} '
    "http://dublincore.org/schemas/xmls/qdc/2006/01/06/dcterms.xsd "
    f'{DC} http://dublincore.org/schemas/xmls/qdc/2006/01/06/dc.xsd">'
)


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like qualified Dublin Core."""
    return bool(_ROOT.search(data, 0, elements.HEAD))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file, whatever wraps it."""
    return xmlfile.split(stream, "qualifieddc", "nsdl_dc")


def read(data: bytes) -> Record:
    """Return the record; raise FormatError if the bytes are not one well-formed record."""
    return elements.read(data, _SHAPE)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    return elements.read_leniently(data, _SHAPE)


def write(record: Record) -> bytes:
    """Return the record as one ``qdc:qualifieddc`` element; what is not DCMI's is left out."""
    lines = [
        f"<{name}{_attributes(field)}>{escape(field.text)}</{name}>"
        for field in record.fields
        if isinstance(field, Element) and (name := _ALLOWED.get(field.name))
    ]
    return legal_bytes(f"{_OPEN}{''.join(lines)}</qdc:qualifieddc>")


def _attributes(element: Element) -> str:
    return "".join(
        f' {name}="{value}"'
        for name, value in dict(element.attributes).items()
        if (name == "xml:lang" and elements.LANGUAGE.fullmatch(value))
        or (name == "xsi:type" and _is_scheme(value, element.text))
    )


def _is_scheme(scheme: str, text: str) -> bool:
    pattern = _VALUES.get(scheme)
    return scheme in _SCHEMES and (pattern is None or bool(pattern.fullmatch(text)))
