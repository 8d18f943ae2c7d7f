"""Messages of Z39.50 as lines for people: what is in them, by the names of the standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from harvester.z3950.model import Traced
from protocols.rpn import sets
from protocols.z3950 import oids
from protocols.z3950.values.common import (
    Bits,
    OctetAligned,
    Option,
    SingleAsn1Type,
    Wrapped,
)
from protocols.z3950.values.sessions import IdPass

_INDENT = "  "
_LONGEST = 100
_HIDDEN = "***"
_OID = ("1.2.840.10003.", "1.0.10646.")


def lines(traced: Traced) -> Iterator[str]:
    """Yield a message: direction, kind, size and time, then its elements, those within indented."""
    arrow = "->" if traced.sent else "<-"
    kind = type(traced.pdu).__name__
    yield f"{arrow} {kind}  {traced.size} B  {traced.seconds:.4f} s"
    for each in fields(traced.pdu):
        yield from _element(each.name, getattr(traced.pdu, each.name), 1)


def _element(name: str, value: Any, depth: int) -> Iterator[str]:
    if value is None:
        return
    plain = _plain(name, value)
    if plain is not None:
        yield f"{_INDENT * depth}{name}: {plain}"
        return
    within = _within(value)
    yield f"{_INDENT * depth}{name}: {type(value).__name__ if is_dataclass(value) else ''}".rstrip()
    for inner, part in within:
        yield from _element(inner, part, depth + 1)


def _within(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, tuple):
        return [(str(place), each) for place, each in enumerate(value, start=1)]
    if isinstance(value, Wrapped):
        return _within(value.value) if isinstance(value.value, tuple) else [("", value.value)]
    if isinstance(value, IdPass):
        shown = [("user_id", value.user_id), ("group_id", value.group_id)]
        return [*shown, ("password", _HIDDEN if value.password else None)]
    return [(each.name, getattr(value, each.name)) for each in fields(value)]


def _plain(name: str, value: Any) -> str | None:
    """Return a value that fits on a line, None for one that has others in it."""
    match value:
        case Bits():
            shown = _bits(name, value)
        case OctetAligned(data) | SingleAsn1Type(data):
            shown = f"{type(value).__name__}, {len(data)} B"
        case Wrapped(inner) if not is_dataclass(inner) and not isinstance(inner, tuple):
            shown = f"{type(value).__name__} {_text(inner)}"
        case tuple():
            return None if value else "-"
        case _ if is_dataclass(value):
            return None if fields(value) else type(value).__name__
        case _:
            shown = _text(value)
    return shown


def _bits(name: str, value: Bits) -> str:
    if name == "options":
        return " ".join(option_name(each) for each in value) or "-"
    return " ".join(str(each + 1) for each in value) or "-"


def option_name(number: int) -> str:
    """Return what the standard calls an option."""
    known = number in Option.__members__.values()
    return Option(number).name.lower().replace("_", "-") if known else str(number)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        shown = value[:_LONGEST].decode("utf-8", "backslashreplace")
        return f"{shown!r}" + (f" ... {len(value)} B" if len(value) > _LONGEST else "")
    text = str(value)
    if text.startswith(_OID):
        called = oids.name_of(text)
        called = sets.name_of(text) if called == text else called
        return text if called == text else f"{text} ({called})"
    return text.encode("utf-8", "backslashreplace").decode()
