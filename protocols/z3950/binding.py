"""The types of ``schema.asn`` bound to the classes of their values: what reads and writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any, get_args

from protocols.z3950 import ber, postfix, trees
from protocols.z3950.asn1 import Choice, Named, Part, Sequence, SequenceOf, Tagged, Type, schema
from protocols.z3950.ber import UNIVERSAL
from protocols.z3950.shapes import (
    Body,
    Codec,
    Member,
    anything,
    choice,
    constant,
    explicit,
    sequence,
    sequence_of,
    tagged,
    wrapped,
)
from protocols.z3950.values import (
    common,
    contents,
    explain,
    pdus,
    queries,
    records,
    searches,
    sessions,
)
from protocols.z3950.values.common import Bits, Wrapped

_CLASSES: Mapping[str, Any] = MappingProxyType(
    {
        name: found
        for module in (common, queries, records, sessions, searches, contents, explain, pdus)
        for name, found in vars(module).items()
    }
    | {"EXTERNAL": common.External, "PDU": pdus.Pdu}
)
_OCTETS = Body(whole=ber.octets, made=ber.joined_octets, contents=bytes)
_TEXT = Body(whole=ber.text, made=ber.joined_text, contents=ber.text_octets)
_BITS = Body(
    whole=lambda data, begin, end, ends: Bits(*ber.bits(data, begin, end, ends)),
    made=lambda data, begin, end, ends: Bits(*ber.joined_bits(data, begin, end, ends)),
    contents=lambda value: ber.bits_octets((value.octets, value.unused)),
)
_PLAIN: Mapping[str, tuple[int, Body]] = MappingProxyType(
    {
        "BOOLEAN": (1, Body(whole=ber.boolean, contents=ber.boolean_octets)),
        "INTEGER": (2, Body(whole=ber.integer, contents=ber.integer_octets)),
        "BIT STRING": (3, _BITS),
        "OCTET STRING": (4, _OCTETS),
        "NULL": (5, Body(whole=ber.null, contents=ber.null_octets)),
        "OBJECT IDENTIFIER": (6, Body(whole=ber.oid, contents=ber.oid_octets)),
        "ObjectDescriptor": (7, _TEXT),
        "GeneralizedTime": (24, _TEXT),
        "VisibleString": (26, _TEXT),
        "GeneralString": (27, _TEXT),
    }
)
"""ASN.1's own types by name: the number of their universal tag, and their contents."""
_SEQUENCE = 16
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def codec(name: str) -> Codec:
    """Return what reads and writes a type of the schema."""
    apart: dict[str, Callable[[], Codec]] = {
        "RPNStructure": lambda: postfix.codec(codec("Operand"), codec("Operator")),
        "GenericRecord": _tree,
        "Subtree": trees.placeholder,
    }
    return apart[name]() if name in apart else _codec(schema()[name], name)


def _codec(kind: Type, name: str) -> Codec:
    match kind:
        case Tagged():
            return tagged(_body(kind, name), kind.kind, kind.number)
        case Choice():
            return _choice(kind, name)
        case Named() if kind.name in _PLAIN:
            number, body = _PLAIN[kind.name]
            return tagged(body, UNIVERSAL, number)
        case Named():
            return codec(kind.name)
        case _:
            return tagged(_body(kind, name), UNIVERSAL, _SEQUENCE)


def _body(kind: Type, name: str) -> Body:
    """Return the contents of a type, without its own tag."""
    match kind:
        case Tagged():
            return _under_tag(kind, name)
        case Sequence():
            return sequence(_CLASSES[name], _members(kind, _CLASSES[name]))
        case SequenceOf():
            return sequence_of(_codec(kind.type, name))
        case Named() if kind.name in _PLAIN:
            return _PLAIN[kind.name][1]
        case Named():
            return _body(schema()[kind.name], kind.name)
    raise ValueError(name)


def _under_tag(kind: Tagged, name: str) -> Body:
    if kind.type == Named("ANY"):
        return anything()
    if kind.implicit and not _is_choice(kind.type):
        return _body(kind.type, name)
    return explicit(_codec(kind.type, name))


def _is_choice(kind: Type) -> bool:
    """Whether a type is a CHOICE, whose tag can only be explicit (X.208 s28.6)."""
    while isinstance(kind, Named) and kind.name in schema():
        kind = schema()[kind.name]
    return isinstance(kind, Choice)


def _members(kind: Sequence, bound: type[Any]) -> list[Member]:
    found = [
        Member(field=_field(part.name), codec=_codec(part.type, part.name), optional=part.optional)
        for part in kind.parts
    ]
    declared = {each.name for each in fields(bound)}
    if not {each.field for each in found} <= declared:
        raise ValueError(bound)
    return found


def _field(name: str) -> str:
    """Return the name of a field for that of an element: ``reference_id`` for referenceId."""
    return _HUMP.sub("_", name).replace("-", "_").lower()


def _choice(kind: Choice, name: str) -> Codec:
    """Bind the alternatives to the classes of the union of the same name, in their order."""
    classes = get_args(_CLASSES[name])
    pairs = zip(classes, kind.parts, strict=True)
    return choice(name, {each: _alternative(each, part) for each, part in pairs})


def _alternative(bound: type[Any], part: Part) -> Codec:
    found = _codec(part.type, part.name)
    innermost = _innermost(part.type)
    if issubclass(bound, Wrapped):
        return wrapped(bound, found)
    if innermost == "NULL":
        return constant(bound(), found)
    if innermost != "Subtree" and _CLASSES[innermost] is not bound:
        raise ValueError(bound)
    return found


def _innermost(kind: Type) -> str:
    """Return the name of a type that is no mere other name, without its tags."""
    while isinstance(kind, Tagged):
        kind = kind.type
    if not isinstance(kind, Named):
        return ""
    told = schema().get(kind.name)
    inner = _innermost(told) if isinstance(told, Named | Tagged) else ""
    return inner or kind.name


def _tree() -> Codec:
    whole = schema()["TaggedElement"]
    assert isinstance(whole, Sequence)
    before_content = _body(Sequence(whole.parts[:-1]), "TaggedElement")
    return trees.codec(codec("TaggedElement"), before_content, codec("ElementData"))
