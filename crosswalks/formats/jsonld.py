"""schema.org in JSON-LD 1.1, for web pages and search engines; only given out.

Elements are named as schema.org names its properties; ``type`` and ``id`` are JSON-LD's keywords.
Each record has its own @context, so that a line of a file can be put into a page as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from crosswalks.model import Element, Record, Schema

NAME = "jsonld"
SCHEMA = Schema.JSONLD
CONTEXT = "https://schema.org"
OPENING = f'{{"@context":"{CONTEXT}","@graph":[\n'.encode()
BETWEEN = b",\n"
CLOSING = b"\n]}\n"

_KEYWORDS = {"type": "@type", "id": "@id"}
_NUMBERS = frozenset({"numberOfPages"})
_DEFAULT = {"@type": "CreativeWork"}


def write(record: Record) -> bytes:
    """Return the record as one JSON object on one line, in UTF-8."""
    elements = (field for field in record.fields if isinstance(field, Element))
    told = {"@context": CONTEXT, **_DEFAULT, **_properties(elements)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _properties(elements: Iterable[Element]) -> dict[str, Any]:
    """Return elements as properties: a list where there are several of one name."""
    found: dict[str, list[Any]] = {}
    for element in elements:
        name = _KEYWORDS.get(element.name, element.name)
        found.setdefault(name, []).append(_value(element))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _value(element: Element) -> Any:
    if not element.children and not element.attributes:
        return _plain(element)
    keywords = {_KEYWORDS.get(name, name): value for name, value in element.attributes}
    named = {"name": element.text} if element.text else {}
    return {**keywords, **named, **_properties(element.children)}


def _plain(element: Element) -> str | int:
    is_number = element.name in _NUMBERS and element.text.isdecimal()
    return int(element.text) if is_number else element.text
