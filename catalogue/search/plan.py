"""A query tree into what is looked for: which columns, which words, which bounds.

What this index cannot do is a diagnostic of the query languages (``protocols.errors``), with the
place in the query that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from catalogue.search import leaves
from catalogue.search.columns import ALL_RECORDS, CHANGED_USES, NAMED, USES, YEAR_USES
from catalogue.search.expression import Expression, Near, Words, all_of, any_of, without
from protocols.errors import (
    ProximityDistanceUnsupported,
    ProximityRelationUnsupported,
    ProximityUnsupported,
    ResultSetUnknown,
)
from protocols.rpn import checking
from protocols.rpn.checking import BIB1_VALUES, Supported
from protocols.rpn.tree import (
    Attribute,
    AttributeType,
    Joined,
    Operator,
    Query,
    ResultSet,
    Term,
    TermKind,
    fold,
)

_CQL = "info:srw/cql-context-set/1/cql-v1.2"
_SORTABLE: Mapping[int | str, str] = MappingProxyType(
    {4: "title", 1003: "author", 30: "year", 31: "year", 1012: "changed", 1011: "changed"}
    | {name: name for name in ("title", "author", "year", "changed")}
)
"""Use attributes that results can be sorted by, and by what."""
SUPPORTED = Supported(
    use=frozenset({*USES, *YEAR_USES, *CHANGED_USES, *NAMED, ALL_RECORDS}),
    values={
        **BIB1_VALUES,
        AttributeType.RELATION: frozenset({1, 2, 3, 4, 5, 6, 102, 103}),
        AttributeType.POSITION: frozenset({1, 3}),
        AttributeType.STRUCTURE: frozenset({1, 2, 4, 5, 6, 101, 102, 104, 105, 106, 107, 108, 109}),
        AttributeType.TRUNCATION: frozenset({1, 2, 3, 100, 101, 104}),
        AttributeType.COMPLETENESS: frozenset({1, 2, 3}),
    },
    units=frozenset({2}),
    kinds=frozenset({TermKind.GENERAL, TermKind.STRING, TermKind.NUMERIC}),
    modifiers=frozenset((_CQL, name) for name in leaves.MODIFIERS),
    sort=frozenset(Attribute(AttributeType.USE, use) for use in _SORTABLE),
)
"""What the index can do with a query."""
_WITH_SETS = replace(SUPPORTED, result_sets=True)
_AT_MOST, _LESS, _EQUAL = 2, 1, 3
_FARTHEST = 50
"""Words that two operands may be apart: each is a clause of its own in PostgreSQL."""


def planned(query: Query, sets: Mapping[str, Expression] | None = None) -> Expression:
    """Return what a query looks for; ``sets`` are earlier results by their names, None: not here.

    Raises QueryError for what the index cannot do.
    """
    known = sets or {}
    checking.check(query, SUPPORTED if sets is None else _WITH_SETS)

    def leaf(node: Term | ResultSet) -> Expression:
        if isinstance(node, Term):
            return leaves.planned(node)
        if node.name not in known:
            raise ResultSetUnknown(node.at, node.name)
        return known[node.name]

    return fold(query.root, leaf, _joined)


def sorted_by(query: Query) -> tuple[tuple[str, bool], ...]:
    """Return what the results of a query are sorted by, each with whether it descends."""
    return tuple(
        (_SORTABLE[each.value], key.descending)
        for key in query.sort
        for each in key.attributes
        if each.type == AttributeType.USE
    )


def _joined(node: Joined, left: Expression, right: Expression) -> Expression:
    match node.operator:
        case Operator.AND:
            return all_of((left, right))
        case Operator.OR:
            return any_of((left, right))
        case Operator.NOT:
            return without(left, right)
        case Operator.PROX:
            return _near(node, left, right)


def _near(node: Joined, left: Expression, right: Expression) -> Expression:
    near = node.proximity
    assert near is not None
    if not (isinstance(left, Words) and isinstance(right, Words)) or left.prefix or right.prefix:
        raise ProximityUnsupported(node.at)
    # SQLite would let one word stand for both operands.
    if left.columns != right.columns or near.exclusion or {*left.words} & {*right.words}:
        raise ProximityUnsupported(node.at)
    if near.relation not in {_LESS, _AT_MOST, _EQUAL}:
        raise ProximityRelationUnsupported(node.at, near.relation)
    distance = near.distance - (near.relation == _LESS)
    is_next = near.ordered and distance == 1
    if is_next:
        return Words(columns=left.columns, words=(*left.words, *right.words), marked=left.marked)
    if near.ordered or (near.relation == _EQUAL and distance != 1):
        raise ProximityUnsupported(node.at)
    if not 1 <= distance <= _FARTHEST:
        raise ProximityDistanceUnsupported(node.at, near.distance)
    return Near(
        columns=left.columns,
        first=left.words,
        second=right.words,
        distance=distance,
        marked=left.marked or right.marked,
    )
