"""Queries on the wire made into the query tree and back; nothing here calls itself.

Where a wire query says more than the tree can hold it gets its diagnostic, or the first of several
ways to say the same counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from protocols import cql
from protocols.errors import (
    AttributeSetUnsupported,
    BooleanModifierUnsupported,
    MalformedAttribute,
    MalformedQuery,
    MalformedTerm,
    ModifierUnsupported,
    ProximityDistanceUnsupported,
    ProximityRelationUnsupported,
    ProximityUnitUnsupported,
    ResultSetUnsupported,
    SortUnsupported,
    TermTypeUnsupported,
    TooDeep,
    TooManyOperators,
)
from protocols.rpn import tree
from protocols.rpn.sets import is_oid
from protocols.rpn.tree import MAX_DEPTH, MAX_OPERATORS, Operator, TermKind
from protocols.z3950 import externals, oids
from protocols.z3950.charsets import Letters, readable, utf8_or_latin1
from protocols.z3950.errors import PduError, QueryTypeUnsupported
from protocols.z3950.values import queries as wire
from protocols.z3950.values.common import IntUnit, NumericValue, StringValue

_OPERATORS: dict[type[object], Operator] = {
    wire.And: Operator.AND,
    wire.Or: Operator.OR,
    wire.AndNot: Operator.NOT,
    wire.ProximityOperator: Operator.PROX,
}
_JOINS: dict[Operator, wire.Operator] = {
    Operator.AND: wire.And(),
    Operator.OR: wire.Or(),
    Operator.NOT: wire.AndNot(),
}
_RELATIONS = range(1, 7)
_NUMBER = re.compile(r"[0-9]{1,18}")
_OPERANDS_OF_ONE = 2


def read(query: wire.Query, letters: Letters = utf8_or_latin1) -> tree.Query:
    """Return the tree of a query of Type 1, 101 or, in CQL, 104; a QueryError says what is wrong.

    ``letters`` reads terms that are octets: what was agreed on, else UTF-8 or ISO 8859-1.
    """
    match query:
        case wire.Type1(rpn) | wire.Type101(rpn):
            return from_rpn(rpn, letters)
        case wire.Type104(external) if external.direct_reference == oids.CQL:
            try:
                return cql.read(letters(externals.payload(external)))
            except PduError as wrong:
                raise MalformedQuery(addinfo="CQL") from wrong
        case wire.Type104(external):
            name = oids.name_of(external.direct_reference or "")
            raise QueryTypeUnsupported(addinfo=f"type-104 {name}".strip())
    raise QueryTypeUnsupported(addinfo=f"type-{type(query).__name__.removeprefix('Type')}")


def from_rpn(query: wire.RPNQuery, letters: Letters = utf8_or_latin1) -> tree.Query:
    """Return the tree of a query in reverse Polish notation; a QueryError says what is wrong."""
    made: list[tuple[tree.Node, int]] = []
    operators = 0
    for each in query.rpn:
        if (operator := _OPERATORS.get(type(each))) is None:
            made.append((_operand(each, query.attribute_set, letters), 0))
            continue
        operators += 1
        if len(made) < _OPERANDS_OF_ONE:
            raise MalformedQuery(addinfo=operator.value)
        (left, above), (right, beside) = made[-2:]
        deepest = 1 + max(above, beside)
        _check(deepest, operators)
        near = _proximity(each) if isinstance(each, wire.ProximityOperator) else None
        made[-2:] = [(tree.Joined(operator, left, right, near), deepest)]
    if len(made) != 1:
        raise MalformedQuery(addinfo="RPN")
    return tree.Query(made[0][0])


def _check(depth: int, operators: int) -> None:
    if depth > MAX_DEPTH:
        raise TooDeep(most=MAX_DEPTH)
    if operators > MAX_OPERATORS:
        raise TooManyOperators(most=MAX_OPERATORS)


def _operand(
    each: wire.Operand | wire.Operator, whose: str, letters: Letters
) -> tree.Term | tree.ResultSet:
    match each:
        case wire.AttributesPlusTerm():
            return read_term(each, whose, letters)
        case wire.ResultSetOperand(name):
            return tree.ResultSet(readable(name, letters))
        case wire.ResultSetPlusAttributes(result_set=name, attributes=()):
            return tree.ResultSet(readable(name, letters))
        case wire.ResultSetPlusAttributes(result_set=name):
            raise ResultSetUnsupported(addinfo=readable(name, letters))
    raise MalformedQuery(addinfo=type(each).__name__)


def read_term(
    said: wire.AttributesPlusTerm, whose: str, letters: Letters = utf8_or_latin1
) -> tree.Term:
    """Return a term as a query has it, or a list of terms begins with (Scan).

    ``whose`` is the attribute set that is said for the whole. Of several attributes of one type
    the first one counts.
    """
    kind, text = read_text(said.term, letters)
    return tree.Term(text, read_attributes(said.attributes, whose, letters), kind)


def read_text(term: wire.Term, letters: Letters) -> tuple[TermKind, str]:
    """Return how a term is written, and its text; a QueryError for what is no text."""
    match term:
        case wire.GeneralTerm(octets):
            return TermKind.GENERAL, letters(octets)
        case wire.NumericTerm(number):
            return TermKind.NUMERIC, str(number)
        case wire.CharacterTerm(text):
            return TermKind.STRING, readable(text, letters)
        case wire.OidTerm(oid):
            return TermKind.OID, oid
        case wire.DateTimeTerm(text):
            return TermKind.DATETIME, readable(text, letters)
        case wire.NullTerm():
            return TermKind.NULL, ""
    said = "integerAndUnit" if isinstance(term, IntUnit) else "external"
    raise TermTypeUnsupported(addinfo=said, known=", ".join(TermKind))


def read_attributes(
    elements: Iterable[wire.AttributeElement], whose: str, letters: Letters = utf8_or_latin1
) -> tuple[tree.Attribute, ...]:
    """Return attributes in the order of their types, each with its set."""
    found: dict[int, tree.Attribute] = {}
    for each in elements:
        found.setdefault(each.attribute_type, _attribute(each, whose, letters))
    return tree.ordered(found)


def _attribute(each: wire.AttributeElement, whose: str, letters: Letters) -> tree.Attribute:
    oid = each.attribute_set or whose
    if not is_oid(oid):
        raise AttributeSetUnsupported(addinfo=oid)
    value = _value(each.attribute_value, letters)
    if each.attribute_type < 1 or value == "" or (isinstance(value, int) and value < 0):
        raise MalformedAttribute(addinfo=f"{each.attribute_type}={value}")
    return tree.Attribute(each.attribute_type, value, oid)


def _value(value: wire.AttributeValue, letters: Letters) -> int | str:
    """Return a value; of a list, which gives several in order of preference, the first one."""
    match value:
        case wire.NumericAttribute(number):
            return number
        case wire.ComplexAttribute(list=(NumericValue(number), *_)):
            return number
        case wire.ComplexAttribute(list=(StringValue(text), *_)):
            name = readable(text, letters)
            return int(name) if _NUMBER.fullmatch(name) else name
    return ""


def _proximity(said: wire.ProximityOperator) -> tree.Proximity:
    unit = said.proximity_unit_code
    if said.relation_type not in _RELATIONS:
        raise ProximityRelationUnsupported(addinfo=said.relation_type)
    if said.distance < 0:
        raise ProximityDistanceUnsupported(addinfo=said.distance)
    if unit.value < 0:
        raise ProximityUnitUnsupported(addinfo=unit.value)
    return tree.Proximity(
        distance=said.distance,
        relation=said.relation_type,
        unit=unit.value,
        ordered=said.ordered,
        exclusion=bool(said.exclusion),
        private=isinstance(unit, wire.PrivateUnit),
    )


def to_rpn(query: tree.Query, octets: Callable[[str], bytes] = str.encode) -> wire.RPNQuery:
    """Return a query in reverse Polish notation, which ``from_rpn`` makes the same tree of.

    ``octets`` writes terms. Raises a ModifierUnsupported or BooleanModifierUnsupported for what
    only CQL can say, and a SortUnsupported where the query has an order: that is asked for apart.
    """
    if query.sort:
        raise SortUnsupported
    whose = query.attribute_set
    parts = (_part(node, whose, octets) for node in tree.postorder(query.root))
    return wire.RPNQuery(attribute_set=whose, rpn=tuple(parts))


def _part(
    node: tree.Node, whose: str, octets: Callable[[str], bytes]
) -> wire.Operand | wire.Operator:
    match node:
        case tree.Term():
            return write_term(node, whose, octets)
        case tree.ResultSet():
            return wire.ResultSetOperand(node.name)
    for each in node.modifiers:
        raise BooleanModifierUnsupported(addinfo=each.name)
    return _JOINS[node.operator] if node.proximity is None else _near(node.proximity)


def _near(said: tree.Proximity) -> wire.ProximityOperator:
    unit = wire.PrivateUnit(said.unit) if said.private else wire.KnownUnit(said.unit)
    return wire.ProximityOperator(
        exclusion=said.exclusion,
        distance=said.distance,
        ordered=said.ordered,
        relation_type=said.relation,
        proximity_unit_code=unit,
    )


def write_term(
    term: tree.Term, whose: str, octets: Callable[[str], bytes] = str.encode
) -> wire.AttributesPlusTerm:
    """Return a term as a query or a list of terms has it, in which a set is said for the whole."""
    for each in term.modifiers:
        raise ModifierUnsupported(addinfo=each.name)
    return wire.AttributesPlusTerm(
        attributes=write_attributes(term.attributes, whose), term=_term(term, octets)
    )


def write_attributes(
    attributes: Iterable[tree.Attribute], whose: str
) -> tuple[wire.AttributeElement, ...]:
    """Return attributes as they are sent: each names its set where it is not that of the whole."""
    return tuple(
        wire.AttributeElement(
            attribute_set=None if each.set == whose else each.set,
            attribute_type=each.type,
            attribute_value=_written(each.value),
        )
        for each in attributes
    )


def _written(value: int | str) -> wire.AttributeValue:
    if isinstance(value, int):
        return wire.NumericAttribute(value)
    return wire.ComplexAttribute(list=(StringValue(value),))


def _term(term: tree.Term, octets: Callable[[str], bytes]) -> wire.Term:
    match term.kind:
        case TermKind.GENERAL:
            return wire.GeneralTerm(octets(term.text))
        case TermKind.NUMERIC:
            try:
                return wire.NumericTerm(int(term.text))
            except ValueError as wrong:
                raise MalformedTerm(term.at, term.text) from wrong
        case TermKind.STRING:
            return wire.CharacterTerm(term.text)
        case TermKind.OID:
            return wire.OidTerm(term.text)
        case TermKind.DATETIME:
            return wire.DateTimeTerm(term.text)
        case TermKind.NULL:
            return wire.NullTerm()
