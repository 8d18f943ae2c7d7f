"""A Record as the compact JSON text that the catalogue keeps: lossless, and quick both ways."""

from __future__ import annotations

import json
from typing import Any

from crosswalks.model import Control, Element, Field, Record, Schema

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_CONTROL, _FIELD = 2, 3


def to_json(record: Record) -> str:
    """Return ``[schema, leader, fields]``; control fields are pairs, data fields triples."""
    return _encode((record.schema, record.leader, record.fields))


def from_json(text: str) -> Record:
    """Return the record that ``to_json`` wrote."""
    schema, leader, fields = json.loads(text)
    return Record(
        schema=Schema(schema), leader=leader, fields=tuple([_field(field) for field in fields])
    )


def _field(parts: list[Any]) -> Control | Field | Element:
    if len(parts) == _FIELD:
        return Field(parts[0], parts[1], tuple([(code, value) for code, value in parts[2]]))
    return Control(*parts) if len(parts) == _CONTROL else _element(parts)


def _element(parts: list[Any]) -> Element:
    name, attributes, text, children = parts
    pairs = tuple([(key, value) for key, value in attributes])
    return Element(name, pairs, text, tuple([_element(child) for child in children]))
