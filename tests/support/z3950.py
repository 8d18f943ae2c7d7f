"""Messages of Z39.50 to try things on: those captured from others, and any there can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

from hypothesis import strategies as st

from protocols.rpn.tree import Node, Query
from protocols.z3950.asn1 import Choice, Named, Part, Sequence, SequenceOf, Tagged, Type, schema
from protocols.z3950.queries import to_rpn
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

_MODULES = (common, queries, records, sessions, searches, contents, explain, pdus)
_OIDS = ("1.2.840.10003.5.10", "1.2.840.10003.3.1", "2.16.840.1.7", "1.2.3", "0.39.0", "2.999.1")
_LEVELS = 5


def captured(shared: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every captured message with where it stands: ``01_basic.zebra.hex:3 >``."""
    for path in sorted((shared / "data/z3950-captures").glob("*.hex")):
        for number, line in enumerate(path.read_text("ascii").splitlines(), 1):
            yield f"{path.name}:{number} {line[0]}", bytes.fromhex(line[2:])


def search(root: Node) -> searches.SearchRequest:
    """Return a message that searches by a query of Type 1."""
    return searches.SearchRequest(
        small_set_upper_bound=0,
        large_set_lower_bound=1,
        medium_set_present_number=0,
        replace_indicator=True,
        result_set_name="default",
        database_names=("union",),
        query=queries.Type1(to_rpn(Query(root))),
    )


def bound(name: str) -> Any:
    """Return the class or the union that stands for a type of the schema."""
    name = {"EXTERNAL": "External", "PDU": "Pdu"}.get(name, name)
    return next(vars(module)[name] for module in _MODULES if name in vars(module))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """What values of ASN.1's own types are made of."""

    text: st.SearchStrategy[str]
    oid: st.SearchStrategy[str]
    bits: st.SearchStrategy[Bits]
    never: frozenset[str] = frozenset()
    """Elements and alternatives that are left out."""
    always: frozenset[str] = frozenset()
    """Elements that are there although they are optional."""

    def of(self, name: str) -> st.SearchStrategy[Any]:
        """Return values of one of ASN.1's own types."""
        return {
            "BOOLEAN": st.booleans(),
            "INTEGER": st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 300),
            "BIT STRING": self.bits,
            "OCTET STRING": st.binary(max_size=20),
            "NULL": st.none(),
            "OBJECT IDENTIFIER": self.oid,
            "ANY": st.sampled_from((b"\x05\x00", b"\x04\x01x", b"\x30\x03\x02\x01\x05")),
        }.get(name, self.text)


def _bits(octets: bytes, unused: int) -> Bits:
    whole = octets[:-1] + bytes((octets[-1] >> unused << unused,)) if octets else b""
    return Bits(whole, unused if octets else 0)


ANY = Plain(
    text=st.binary(max_size=12).map(lambda octets: octets.decode("utf-8", "surrogateescape")),
    oid=st.sampled_from(_OIDS)
    | st.lists(st.integers(0, 2**70), max_size=4).map(
        lambda more: ".".join(map(str, (2, 5, *more)))
    ),
    bits=st.builds(_bits, st.binary(max_size=4), st.integers(0, 7)),
)
"""Whatever the codec has to keep."""
FOR_YAZ = Plain(
    # libyaz ends text at a NUL, and keeps bits without their number, arcs in 16 bits.
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    oid=st.sampled_from([oid for oid in _OIDS if oid != "1.2.840.10003.5.10"]),
    bits=st.lists(st.integers(0, 40), min_size=1).map(lambda some: Bits(Bits.of(*some).octets)),
    # It sends a descriptor under the tag of GraphicString, has forgotten queries of type 0, and
    # knows what is in ISO 2022, which is any element here.
    never=frozenset({"data-value-descriptor", "type-0", "iso2022"}),
    always=frozenset({"addinfo"}),
)
"""What libyaz keeps as well."""


@cache
def values(name: str, plain: Plain = ANY) -> st.SearchStrategy[Any]:
    """Return any values of a type of the schema."""
    if name == "RPNStructure":
        return st.deferred(lambda: _postfix(plain))
    if name == "GenericRecord":
        return st.deferred(lambda: _trees(plain))
    return st.deferred(lambda: _of(schema()[name], name, plain))


def _of(kind: Type, name: str, plain: Plain) -> st.SearchStrategy[Any]:
    match kind:
        case Tagged():
            return _of(kind.type, name, plain)
        case Named() if kind.name in schema():
            return values(kind.name, plain)
        case Named():
            return plain.of(kind.name)
        case SequenceOf():
            return st.lists(_of(kind.type, name, plain), max_size=3).map(tuple)
        case Sequence():
            return _built(kind, bound(name), plain)
        case Choice():
            pairs = zip(get_args(bound(name)), kind.parts, strict=True)
            some = [_alternative(*each, plain) for each in pairs if each[1].name not in plain.never]
            return st.one_of(some)


def _built(kind: Sequence, made: type[Any], plain: Plain) -> st.SearchStrategy[Any]:
    named = [each.name for each in fields(made) if each.name != "level"]
    given = {}
    for field, part in zip(named, kind.parts, strict=True):
        found = _of(part.type, part.name, plain)
        if part.name in plain.never:
            found = st.none()
        elif part.optional and part.name not in plain.always:
            found = st.none() | found
        given[field] = found
    return st.builds(made, **given)


def _alternative(made: type[Any], part: Part, plain: Plain) -> st.SearchStrategy[Any]:
    if made is contents.Subtree:
        return st.nothing()
    if not issubclass(made, Wrapped):
        return _of(part.type, "", plain) if fields(made) else st.just(made())
    return st.builds(made, _of(part.type, "", plain))


def _postfix(plain: Plain) -> st.SearchStrategy[Any]:
    return st.recursive(
        values("Operand", plain).map(lambda operand: (operand,)),
        lambda inner: st.builds(
            lambda left, right, join: (*left, *right, join), inner, inner, values("Operator", plain)
        ),
        max_leaves=6,
    )


def _trees(plain: Plain) -> st.SearchStrategy[Any]:
    leaf = values("TaggedElement", plain)
    forests = st.recursive(
        st.lists(leaf, max_size=3).map(tuple),
        lambda inner: st.builds(_grown, st.lists(st.tuples(leaf, inner), max_size=2)),
        max_leaves=4,
    )
    return forests.filter(lambda some: all(each.level < _LEVELS for each in some))


def _grown(pairs: list[tuple[Any, Any]]) -> tuple[Any, ...]:
    found: list[Any] = []
    for head, below in pairs:
        found.append(replace(head, content=contents.Subtree()))
        found += [replace(each, level=each.level + 1) for each in below]
    return tuple(found)
