"""Simple Dublin Core as OAI-PMH wraps it, read under any prefix, written as oai_dc.xsd wants it.

Elements are named by fixed prefixes (``dc:title``) whatever the document called them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import IO

from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import xmlfile
from crosswalks.formats.elements import DC, DC_ELEMENTS, DCTERMS, HEAD, LANGUAGE
from crosswalks.formats.xml import XSI, escape, legal_bytes, local_name, parse
from crosswalks.formats.xml import parse_leniently as parse_xml_leniently
from crosswalks.model import Columns, Element, Problem, Record, Schema

NAME = "oai_dc"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
NAMES: tuple[str, ...] = (
    NAMESPACE,
    "http://www.openarchives.org/OAI/2.0/oai_dc",
    "http://www.openarchives.org/OAI/dc/",
    "info:srw/schema/1/dc-v1.1",
    "info:srw/schema/1/dc-schema",
    DC,
    "oai_dc",
    "dc",
)
SCHEMA = Schema.OAI_DC
OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
BETWEEN = b"\n"
CLOSING = b"\n</records>\n"

ELEMENTS = DC_ELEMENTS

_PREFIXES = {
    DCTERMS: "dcterms:",
    XSI: "xsi:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:dc|qualifieddc|metadata)[\s>/]")
_ALLOWED = frozenset(f"dc:{name}" for name in ELEMENTS)
_START = (
    f'<oai_dc:dc xmlns:oai_dc="{NAMESPACE}" xmlns:dc="{DC}" xmlns:xsi="{XSI}" '
    f'xsi:schemaLocation="{NAMESPACE} http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
).encode()


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like a Dublin Core record."""
    head = data[:HEAD]
    return bool(_ROOT.search(head)) or DC.encode() in head


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each ``dc`` element of a file, whatever wraps it."""
    return xmlfile.split(stream, "dc")


def read(data: bytes) -> Record:
    """Return the record; raise FormatError if the bytes are not one well-formed DC record."""
    return read_element(parse(data, NAME))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    root, problems = parse_xml_leniently(data, NAME)
    return read_element(root), problems


def read_element(element: etree._Element) -> Record:
    """Return a ``dc`` element's content as it stands; raise FormatError if it is none."""
    fields = tuple([_read_child(child) for child in _container(element) if _name(child.tag)])
    return Record(schema=Schema.OAI_DC, fields=fields)


def write(record: Record) -> bytes:
    """Return the record as one ``oai_dc:dc`` element, in UTF-8; other elements are left out."""
    fields = [
        field for field in record.fields if field[0] in _ALLOWED and isinstance(field, Element)
    ]
    names, attributes, texts, _ = zip(*fields, strict=True) if fields else ((), (), (), ())
    return _written(names, attributes, texts)


def write_columns(columns: Columns) -> bytes:
    """Return the same of a record in columns."""
    if not _ALLOWED.issuperset(columns.names):
        return write(columns.record())
    return _written(columns.names, columns.attributes, columns.texts)


def _written(
    names: Sequence[str],
    attributes: Sequence[tuple[tuple[str, str], ...]],
    texts: Sequence[str],
) -> bytes:
    # One look at all of it: most records have nothing to escape, and no attributes.
    whole = "".join(texts)
    if "&" in whole or "<" in whole or ">" in whole or '"' in whole:
        texts = [escape(text) for text in texts]
    if any(attributes):
        starts = [f"{name}{_language(each)}" for name, each in zip(names, attributes, strict=True)]
        columns = zip(starts, texts, names, strict=True)
        lines = [f"<{start}>{text}</{name}>" for start, text, name in columns]
    else:
        lines = [f"<{name}>{text}</{name}>" for name, text in zip(names, texts, strict=True)]
    return _START + legal_bytes(f"{''.join(lines)}</oai_dc:dc>")


def _container(root: etree._Element) -> etree._Element:
    """Return the element whose children are the record: ``dc``, or what holds DC elements."""
    for element in root.iter(etree.Element):
        if local_name(element.tag) == "dc":
            return element
        if any(_name(child.tag) in _ALLOWED for child in element):
            return element
    raise FormatError(schema=NAME, reason="no Dublin Core element in it")


def _read_child(element: etree._Element) -> Element:
    attributes = tuple([(_name(name), value) for name, value in element.attrib.items()])
    if not len(element):
        return Element(_name(element.tag), attributes, element.text or "")
    children = tuple(_read_child(child) for child in element if _name(child.tag))
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    return Element(_name(element.tag), attributes, text, children)


def _prefixed(tag: object) -> str:
    """Return a prefixed name; empty for comments. A known word in a wrong namespace is DC."""
    local = local_name(tag)
    namespace = str(tag)[1:].rpartition("}")[0] if local else ""
    if namespace in _PREFIXES:
        return _PREFIXES[namespace] + local
    return f"dc:{local}" if namespace == DC or local in ELEMENTS else local


_name: Callable[[object], str] = lru_cache(maxsize=1024)(_prefixed)


def _language(attributes: tuple[tuple[str, str], ...]) -> str:
    """Return the one attribute that oai_dc.xsd allows."""
    return "".join(
        f' xml:lang="{value}"'
        for name, value in attributes
        if name == "xml:lang" and LANGUAGE.fullmatch(value)
    )
