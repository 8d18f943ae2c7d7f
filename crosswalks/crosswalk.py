"""Crosswalks: named lists of steps from one schema to another, clean text in NFC always first.

MARC 21 is the pivot that is stored: everything is mapped up to it, all outputs down from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TypeAlias
from unicodedata import is_normalized

from crosswalks import columns, shipped
from crosswalks.errors import UnknownCrosswalk
from crosswalks.model import Columns, Control, Element, Field, Record, Schema, Subfield, Undivided
from crosswalks.text import is_storable, nfc, storable

Step: TypeAlias = Callable[[Record], Record]

PIVOT = Schema.MARC21
IDENTITY = f"{PIVOT}-{PIVOT}"
"""The one that needs no text: it only makes text clean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """A versioned map from one schema to another: its steps are applied in turn."""

    name: str
    version: str
    source: Schema
    target: Schema
    steps: tuple[Step, ...]
    of_texts: Callable[[Undivided], Columns] | None = None
    """All steps on a record whose fields are still text, where that can be done: much quicker."""


def normalise(record: Record) -> Record:
    """Return the record with all its text in NFC and U+FFFD for characters nobody can store.

    The same object if it was so already.
    """
    text = text_of(record)
    if not is_storable(text):
        record = _mended(record)
    elif text.isascii() or is_normalized("NFC", text):
        return record
    return replace(record, fields=tuple([_normal(field) for field in record.fields]))


def apply(crosswalk: Crosswalk, record: Record) -> Record:
    """Return the record mapped; raise UnknownCrosswalk if it is not in the crosswalk's source."""
    if record.schema is not crosswalk.source:
        raise UnknownCrosswalk(name=f"{crosswalk.name} for {record.schema}", known=_names())
    if record.schema is Schema.TABLE:
        # For whoever has no column map of a source.
        record = columns.named(record)
    for step in crosswalk.steps:
        record = step(record)
    return record


def known() -> tuple[str, ...]:
    """Return the names of all crosswalks."""
    return (IDENTITY, *shipped.names())


@lru_cache(maxsize=64)
def find(name: str) -> Crosswalk:
    """Return a crosswalk by name; raise UnknownCrosswalk."""
    if name not in known():
        raise UnknownCrosswalk(name=name, known=_names())
    if name == IDENTITY:
        return Crosswalk(name=name, version="1", source=PIVOT, target=PIVOT, steps=(normalise,))
    script, program = shipped.script(name), shipped.program(name)
    return Crosswalk(
        name=name,
        version=script.version,
        source=script.source,
        target=script.target,
        steps=(program.run,) if program.normalises else (normalise, program.run),
        of_texts=program.of_texts,
    )


def to_pivot(record: Record, name: str = "") -> Record:
    """Return the record as stored, in MARC 21, by the named crosswalk or its schema's own."""
    return apply(find(name) if name else _between(record.schema, PIVOT), record)


def from_pivot(record: Record, target: Schema) -> Record:
    """Return a stored record in another schema; raise UnknownCrosswalk if there is no way."""
    return apply(_between(PIVOT, target), record)


@lru_cache(maxsize=256)
def _between(source: Schema, target: Schema) -> Crosswalk:
    return find(f"{source}-{target}")


def _names() -> str:
    return ", ".join(known())


def text_of(record: Record) -> str:
    """Return all text of a record, tags and codes too, in one string: quick to look through."""
    parts: list[str] = [record.leader]
    pairs: list[Subfield] = []
    for field in record.fields:
        if isinstance(field, Field):
            tag, indicators, subfields = field
            parts += (tag, indicators)
            pairs += subfields
        elif isinstance(field, Control):
            parts += field
        else:
            parts += _texts(field)
    parts += chain.from_iterable(pairs)
    return "".join(parts)


def _texts(element: Element) -> Iterator[str]:
    yield element.name
    yield element.text
    for attribute in element.attributes:
        yield from attribute
    for child in element.children:
        yield from _texts(child)


def _mended(record: Record) -> Record:
    fields = tuple([_mended_field(field) for field in record.fields])
    return replace(record, leader=storable(record.leader), fields=fields)


def _mended_field(field: Control | Field | Element) -> Control | Field | Element:
    if isinstance(field, Field):
        subfields = tuple([(storable(code), storable(text)) for code, text in field.subfields])
        return Field(storable(field.tag), storable(field.indicators), subfields)
    if isinstance(field, Control):
        return Control(storable(field.tag), storable(field.value))
    return _mended_element(field)


def _mended_element(element: Element) -> Element:
    return Element(
        storable(element.name),
        tuple([(storable(name), storable(value)) for name, value in element.attributes]),
        storable(element.text),
        tuple([_mended_element(child) for child in element.children]),
    )


def _normal(field: Control | Field | Element) -> Control | Field | Element:
    if isinstance(field, Field):
        subfields = tuple([(code, nfc(text)) for code, text in field.subfields])
        return Field(field.tag, field.indicators, subfields)
    return Control(field.tag, nfc(field.value)) if isinstance(field, Control) else _nested(field)


def _nested(element: Element) -> Element:
    children = tuple([_nested(child) for child in element.children])
    return element._replace(text=nfc(element.text), children=children)
