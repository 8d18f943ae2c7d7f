"""Queries as they are sent; a Type-1 query's tree is flat here, in reverse Polish notation.

Operands come before what joins them, as on the wire, so that no value is nested however deep the
tree is. ``protocols.z3950.queries`` makes the tree of it that the rest of the program knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.z3950.values.common import External, IntUnit, StringOrNumeric, Wrapped


class NumericAttribute(Wrapped[int]):
    """The value of an attribute, as a number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexAttribute:
    """The value of an attribute as a list of names and numbers, in order of preference."""

    list: tuple[StringOrNumeric, ...]
    semantic_action: tuple[int, ...] | None = None


AttributeValue: TypeAlias = NumericAttribute | ComplexAttribute


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeElement:
    """One attribute; without a set it is of the set that is said for the whole query."""

    attribute_set: str | None = None
    attribute_type: int
    attribute_value: AttributeValue


class GeneralTerm(Wrapped[bytes]):
    """A term as octets: in which letters is for both sides to know."""

    __slots__ = ()


class NumericTerm(Wrapped[int]):
    """A term that is a number."""

    __slots__ = ()


class CharacterTerm(Wrapped[str]):
    """A term that is text in the character set agreed on."""

    __slots__ = ()


class OidTerm(Wrapped[str]):
    """A term that is an object identifier."""

    __slots__ = ()


class DateTimeTerm(Wrapped[str]):
    """A term that is a time, as ASN.1 writes it: 20261122120000Z."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NullTerm:
    """No term: the attributes say all."""


Term: TypeAlias = (
    GeneralTerm
    | NumericTerm
    | CharacterTerm
    | OidTerm
    | DateTimeTerm
    | External
    | IntUnit
    | NullTerm
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributesPlusTerm:
    """A term and what is said of it."""

    attributes: tuple[AttributeElement, ...]
    term: Term


class ResultSetOperand(Wrapped[str]):
    """An earlier result, by its name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSetPlusAttributes:
    """An earlier result, and what is said of it."""

    result_set: str
    attributes: tuple[AttributeElement, ...]


Operand: TypeAlias = AttributesPlusTerm | ResultSetOperand | ResultSetPlusAttributes


@dataclass(frozen=True, slots=True)
class And:
    """What is in both operands."""


@dataclass(frozen=True, slots=True)
class Or:
    """What is in either operand."""


@dataclass(frozen=True, slots=True)
class AndNot:
    """What is in the first operand and not in the second one."""


class KnownUnit(Wrapped[int]):
    """A unit of nearness that the standard has a number for."""

    __slots__ = ()


class PrivateUnit(Wrapped[int]):
    """A unit of nearness that both sides have a number for."""

    __slots__ = ()


ProximityUnitCode: TypeAlias = KnownUnit | PrivateUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class ProximityOperator:
    """What is in both operands, near each other."""

    exclusion: bool | None = None
    distance: int
    ordered: bool
    relation_type: int
    proximity_unit_code: ProximityUnitCode


Operator: TypeAlias = And | Or | AndNot | ProximityOperator
RPNStructure: TypeAlias = tuple[Operand | Operator, ...]
"""Operands, and what joins the last two before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RPNQuery:
    """A query in reverse Polish notation, and whose its attributes are unless they say so."""

    attribute_set: str
    rpn: RPNStructure


class Type0(Wrapped[bytes]):
    """A query that both sides have agreed on: an element in BER, as it was sent."""

    __slots__ = ()


class Type1(Wrapped[RPNQuery]):
    """A query as every server has to know it."""

    __slots__ = ()


class Type2(Wrapped[bytes]):
    """A query in the Common Command Language, ISO 8777."""

    __slots__ = ()


class Type100(Wrapped[bytes]):
    """A query in the Common Command Language, Z39.58."""

    __slots__ = ()


class Type101(Wrapped[RPNQuery]):
    """A query as Type 1, of version 2 with proximity and attributes of results."""

    __slots__ = ()


class Type102(Wrapped[bytes]):
    """A ranked list query, which was never defined."""

    __slots__ = ()


class Type104(Wrapped[External]):
    """A query in a language that an object identifier names, such as CQL."""

    __slots__ = ()


Query: TypeAlias = Type0 | Type1 | Type2 | Type100 | Type101 | Type102 | Type104
