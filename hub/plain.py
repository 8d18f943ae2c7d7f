"""Values of the rooms as plain data, for ``--json``."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from crosswalks.model import Control, Element, Field, Record


def plain(value: object) -> Any:
    """Return a value as JSON can carry it: records in the marc-in-json shape, bytes as base64."""
    if isinstance(value, Record):
        return _record(value)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def _record(record: Record) -> dict[str, Any]:
    if any(isinstance(field, Element) for field in record.fields):
        return {"schema": record.schema.value, "elements": [_entry(f) for f in record.fields]}
    return {
        "schema": record.schema.value,
        "leader": record.leader,
        "fields": [_entry(field) for field in record.fields],
    }


def _entry(field: Control | Field | Element) -> dict[str, Any]:
    match field:
        case Control(tag, value):
            return {tag: value}
        case Field(tag, indicators, subfields):
            return {
                tag: {
                    "ind1": indicators[:1],
                    "ind2": indicators[1:2],
                    "subfields": [{code: value} for code, value in subfields],
                }
            }
        case Element(name, attributes, text, children):
            return {
                "name": name,
                "attributes": dict(attributes),
                "text": text,
                "children": [_entry(child) for child in children],
            }
