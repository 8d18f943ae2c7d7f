"""What a server can carry out, and which diagnostic it owes a query that asks for more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from protocols.errors import (
    AttributeSetUnsupported,
    AttributeTypeUnsupported,
    BooleanModifierUnsupported,
    CompletenessUnsupported,
    ModifierUnsupported,
    OperatorUnsupported,
    PositionUnsupported,
    ProximityRelationUnsupported,
    ProximityUnitUnsupported,
    ProximityUnsupported,
    QueryError,
    RelationUnsupported,
    ResultSetUnsupported,
    SortUnsupported,
    StructureUnsupported,
    TermTypeUnsupported,
    TruncationUnsupported,
    UseMissing,
    UseUnsupported,
)
from protocols.rpn.tree import (
    BIB1,
    Attribute,
    AttributeType,
    Joined,
    Operator,
    Proximity,
    Query,
    ResultSet,
    SortKey,
    Term,
    TermKind,
    postorder,
)
from protocols.tables import rows

_ROWS = tuple((int(kind), int(value)) for kind, value, _ in rows("protocols.rpn", "bib1.tsv"))
BIB1_VALUES: Mapping[int, frozenset[int | str]] = MappingProxyType(
    {kind: frozenset(value for one, value in _ROWS if one == kind) for kind, _ in _ROWS}
)
"""The values of Bib-1 for each type but use."""
_UNSUPPORTED: Mapping[int, type[QueryError]] = MappingProxyType(
    {
        AttributeType.USE: UseUnsupported,
        AttributeType.RELATION: RelationUnsupported,
        AttributeType.POSITION: PositionUnsupported,
        AttributeType.STRUCTURE: StructureUnsupported,
        AttributeType.TRUNCATION: TruncationUnsupported,
        AttributeType.COMPLETENESS: CompletenessUnsupported,
    }
)
_RELATIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """What a server can do: ``use`` is what it searches by, ``values`` what else of attributes.

    ``units`` are the units of proximity it knows; ``modifiers`` (context set, name) those of
    relations, ``joint_modifiers`` those of operators, ``sort_modifiers`` those of sort keys, and
    ``sort`` what it can sort by.
    """

    use: frozenset[int | str]
    values: Mapping[int, frozenset[int | str]] = field(default_factory=lambda: BIB1_VALUES)
    use_required: bool = False
    operators: frozenset[Operator] = frozenset({Operator.AND, Operator.OR, Operator.NOT})
    units: frozenset[int] = frozenset()
    kinds: frozenset[TermKind] = frozenset({TermKind.GENERAL, TermKind.STRING})
    result_sets: bool = False
    modifiers: frozenset[tuple[str, str]] = frozenset()
    joint_modifiers: frozenset[tuple[str, str]] = frozenset()
    sort: frozenset[Attribute] = frozenset()
    sort_modifiers: frozenset[tuple[str, str]] = frozenset()


def check(query: Query, supported: Supported) -> None:
    """Raise the QueryError for the first thing, from the left, that is not supported."""
    for node in postorder(query.root):
        if isinstance(node, Term):
            _check_term(node, supported)
        elif isinstance(node, Joined):
            _check_joint(node, supported)
        else:
            _check_result_set(node, supported)
    for key in query.sort:
        _check_key(key, supported)


def _check_key(key: SortKey, supported: Supported) -> None:
    for each in key.attributes:
        if each not in supported.sort:
            raise SortUnsupported(key.at, each.value)
    for modifier in key.modifiers:
        if (modifier.context, modifier.name) not in supported.sort_modifiers:
            raise SortUnsupported(key.at, modifier.name)


def _check_result_set(node: ResultSet, supported: Supported) -> None:
    if not supported.result_sets:
        raise ResultSetUnsupported(node.at, node.name)


def _check_term(term: Term, supported: Supported) -> None:
    for each in term.attributes:
        _check_attribute(each, term, supported)
    if supported.use_required and term.value(AttributeType.USE) is None:
        raise UseMissing(term.at)
    if term.kind not in supported.kinds:
        raise TermTypeUnsupported(term.at, term.kind, known=", ".join(sorted(supported.kinds)))
    for modifier in term.modifiers:
        if (modifier.context, modifier.name) not in supported.modifiers:
            raise ModifierUnsupported(term.at, modifier.name)


def _check_attribute(each: Attribute, term: Term, supported: Supported) -> None:
    at = each.at if each.at >= 0 else term.at
    if each.set != BIB1:
        raise AttributeSetUnsupported(at, each.set)
    known = supported.use if each.type == AttributeType.USE else supported.values.get(each.type)
    if known is None:
        raise AttributeTypeUnsupported(at, each.type)
    if each.value not in known:
        raise _UNSUPPORTED.get(each.type, AttributeTypeUnsupported)(at, each.value)


def _check_joint(node: Joined, supported: Supported) -> None:
    if node.proximity is not None:
        _check_proximity(node.proximity, node.at, supported)
    elif node.operator not in supported.operators:
        raise OperatorUnsupported(node.at, node.operator)
    for modifier in node.modifiers:
        if (modifier.context, modifier.name) not in supported.joint_modifiers:
            raise BooleanModifierUnsupported(node.at, modifier.name)


def _check_proximity(near: Proximity, at: int, supported: Supported) -> None:
    if not supported.units:
        raise ProximityUnsupported(at)
    if near.private or near.unit not in supported.units:
        raise ProximityUnitUnsupported(at, near.unit)
    if not 1 <= near.relation <= _RELATIONS:
        raise ProximityRelationUnsupported(at, near.relation)
