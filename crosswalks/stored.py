"""A Record as the compact JSON text that the catalogue keeps: lossless, and quick both ways."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from crosswalks.model import Control, Element, Field, Record, Schema

_quickly = msgspec.json.Encoder().encode
_plainly = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_CONTROL, _FIELD = 2, 3


def compact(value: Any) -> str:
    """Return JSON of texts, numbers, tuples, lists and mappings, without a space too many."""
    try:
        return _quickly(value).decode()
    except UnicodeEncodeError:
        # Half a character: no database takes it, and who stores it says so.
        return _plainly(value)


def to_json(record: Record) -> str:
    """Return ``[schema, leader, fields]``; control fields are pairs, data fields triples."""
    return compact((record.schema, record.leader, record.fields))


def with_and_without(record: Record, tag: str) -> tuple[str, str]:
    """Return ``to_json`` of a record, and of the record without its control fields of a tag."""
    fields = record.fields
    places = [at for at, field in enumerate(fields) if field[0] == tag and len(field) == _CONTROL]
    if len(places) != 1:
        rest = tuple([field for at, field in enumerate(fields) if at not in places])
        whole = to_json(record)
        return whole, compact((record.schema, record.leader, rest)) if places else whole
    [at] = places
    without = compact((record.schema, record.leader, fields[:at] + fields[at + 1 :]))
    # Most of the record is put into JSON once; what stands before a control field is short.
    before = len(compact((record.schema, record.leader, fields[:at]))) - len("]]")
    one = compact(fields[at])
    one = f",{one}" if at else f"{one}," if len(fields) > 1 else one
    return f"{without[:before]}{one}{without[before:]}", without


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
