"""Queries without attributes that say what every server does unasked.

Other tools add such attributes to every term (``2=3 3=3 5=100 6=1``). A server that knows only some
refuses the query for them, and in CQL they have no short form.
"""

from __future__ import annotations

from dataclasses import replace

from protocols.rpn.tree import (
    Attribute,
    AttributeType,
    Joined,
    Node,
    Query,
    ResultSet,
    Term,
    fold,
    ordered,
)

_UNASKED = frozenset(
    {
        Attribute(AttributeType.RELATION, 3),
        Attribute(AttributeType.POSITION, 3),
        Attribute(AttributeType.TRUNCATION, 100),
        Attribute(AttributeType.COMPLETENESS, 1),
    }
)
_PHRASE = Attribute(AttributeType.STRUCTURE, 1)
_WORD = Attribute(AttributeType.STRUCTURE, 2)
_EXACT = frozenset(
    {
        Attribute(AttributeType.RELATION, 3),
        Attribute(AttributeType.POSITION, 1),
        _PHRASE,
        Attribute(AttributeType.COMPLETENESS, 3),
    }
)


def plain(query: Query) -> Query:
    """Return a query that asks the same of a server with the usual defaults, in fewer attributes.

    An exact match of the Bath profile stays whole; several words are said to be a phrase.
    """
    return replace(query, root=fold(query.root, _operand, _joined))


def _joined(node: Joined, left: Node, right: Node) -> Node:
    return replace(node, left=left, right=right)


def _operand(node: Term | ResultSet) -> Node:
    if isinstance(node, ResultSet) or _EXACT.issubset(node.attributes):
        return node
    several = len(node.text.split()) > 1
    dropped = _UNASKED if several else _UNASKED | {_PHRASE, _WORD}
    kept = {each.type: each for each in node.attributes if each not in dropped}
    if several:
        kept.setdefault(AttributeType.STRUCTURE, _PHRASE)
    return replace(node, attributes=ordered(kept))
