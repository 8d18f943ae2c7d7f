"""DSpace's own metadata, as DIM and as the nested ``xoai``: both read alike, DIM is written.

An element is named as DSpace's librarians name it: ``dc.date.issued``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import xmlfile
from crosswalks.formats.elements import HEAD
from crosswalks.formats.xml import descendants, escape, legal_bytes, local_name, parse
from crosswalks.formats.xml import parse_leniently as parse_xml_leniently
from crosswalks.model import Element, Problem, Record, Schema, Severity

NAME = "dim"
NAMESPACE = "http://www.dspace.org/xmlns/dspace/dim"
XOAI = "http://www.lyncode.com/xoai"
NAMES: tuple[str, ...] = (NAMESPACE, XOAI, NAME, "xoai")
SCHEMA = Schema.DIM
OPENING = b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
BETWEEN = b"\n"
CLOSING = b"\n</records>\n"

_ROOT = re.compile(
    rb"<(?:[\w.-]+:)?dim[\s>]|<(?:[\w.-]+:)?metadata\s[^<>]*lyncode\.com/xoai|<doc:metadata[\s>]"
)
_DIM, _METADATA = f"{{{NAMESPACE}}}dim", f"{{{XOAI}}}metadata"
_EXTRAS = ("authority", "confidence")
_KEPT = ("lang", *_EXTRAS)
_NO_LANGUAGE = "none"
_BUNDLES, _BUNDLE, _UNNAMED = "bundles", "bundle", "bitstream"
_PLACES = ("mdschema", "element", "qualifier")


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like DIM or xoai."""
    return bool(_ROOT.search(data, 0, HEAD))


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a file, whatever wraps it."""
    return xmlfile.split(stream, "dim", "metadata")


def read(data: bytes) -> Record:
    """Return the record; raise FormatError if the bytes are not one well-formed record."""
    root = parse(data, NAME)
    found = list(root.iter(_DIM, _METADATA))
    if len(found) != 1:
        raise FormatError(schema=NAME, reason=f"{len(found)} records where one was expected")
    fields = list(_fields(found[0]))
    nameless = next((field for field in fields if field.name.count(".") < 1), None)
    if nameless:
        raise FormatError(schema=NAME, reason=f"a field without schema or element: {nameless.name}")
    return _record(fields)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    root, problems = parse_xml_leniently(data, NAME)
    found = next(root.iter(_DIM, _METADATA), None)
    if found is None:
        found = next(descendants(root, "dim"), None)
    if found is None:
        raise FormatError(schema=NAME, reason="no record in it")
    fields = list(_fields(found))
    named = [field for field in fields if "." in field.name]
    missing = [_nameless(field) for field in fields if "." not in field.name]
    return _record(named), (*problems, *missing)


def write(record: Record) -> bytes:
    """Return the record as one ``dim:dim`` element, in UTF-8."""
    lines = [_field(field) for field in record.fields if isinstance(field, Element)]
    return legal_bytes(f'<dim:dim xmlns:dim="{NAMESPACE}">{"".join(lines)}</dim:dim>')


def _record(fields: list[Element]) -> Record:
    if not fields:
        raise FormatError(schema=NAME, reason="a record without fields")
    return Record(schema=SCHEMA, fields=tuple(fields))


def _fields(root: etree._Element) -> Iterator[Element]:
    if local_name(root.tag) == "metadata":
        for child in descendants(root, "element"):
            if child.getparent() is root:
                yield from _nested(child, ())
        return
    for field in descendants(root, "field"):
        yield _flat(field)


def _flat(field: etree._Element) -> Element:
    language = field.get("lang") or field.get("language")
    pairs = zip(_KEPT, (language, *map(field.get, _EXTRAS)), strict=True)
    attributes = tuple((name, value) for name, value in pairs if value)
    name = ".".join(part for place in _PLACES if (part := field.get(place)))
    return Element(name, attributes, _text(field))


def _nested(element: etree._Element, path: tuple[str, ...]) -> Iterator[Element]:
    """Yield the fields below a level of xoai; the innermost level is the language."""
    path = (*path, _named(element))
    fields: list[Element] = []
    for child in element:
        kind = local_name(child.tag)
        if kind == "element":
            yield from fields
            fields = []
            yield from _nested(child, path)
        elif kind == "field":
            _take(fields, path, child.get("name", ""), _text(child))
    yield from fields


def _named(element: etree._Element) -> str:
    """Return a level's name; that of a bundle of files is in a field: ORIGINAL, THUMBNAIL."""
    name = element.get("name", "")
    if name != _BUNDLE:
        return name
    fields = (child for child in element if local_name(child.tag) == "field")
    said = next((_text(child) for child in fields if child.get("name") == "name"), "")
    return said.strip().lower() or _UNNAMED


def _take(fields: list[Element], path: tuple[str, ...], name: str, text: str) -> None:
    """Add a value, or what a field says of the value before it."""
    if name in _EXTRAS and fields:
        last = fields[-1]
        fields[-1] = last._replace(attributes=(*last.attributes, (name, text)))
    elif name == "value":
        *named, language = path
        attributes = (("lang", language),) if language not in ("", _NO_LANGUAGE) else ()
        fields.append(Element(".".join(named), attributes, text))
    else:
        # Not metadata but DSpace's own: others.handle, bundles.original.url.
        inner = path[1:2] if path[0] == _BUNDLES else path[1:][-1:]
        named = [path[0], *inner, name]
        fields.append(Element(".".join(named), (), text))


def _text(field: etree._Element) -> str:
    return "".join(field.itertext(etree.Element)) if len(field) else field.text or ""


def _field(element: Element) -> str:
    named = dict(zip(_PLACES, element.name.split(".", 2), strict=False))
    kept = {name: value for name, value in element.attributes if name in _KEPT}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in {**named, **kept}.items())
    return f"<dim:field{attributes}>{escape(element.text)}</dim:field>"


def _nameless(field: Element) -> Problem:
    return Problem(
        code="bad-structure",
        severity=Severity.WARNING,
        sample=field.text[:60],
        detail="a field without schema or element was left out",
    )
