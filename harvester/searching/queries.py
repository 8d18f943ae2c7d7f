"""The queries of a harvest: ranges, beginnings, lists of numbers, with Bib-1 attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harvester.searching.model import Index
from protocols.rpn.tree import Attribute, AttributeType, Joined, Node, Operator, Query, Term

BELOW, AT_MOST, EQUAL, AT_LEAST, ANYTHING = 1, 2, 3, 4, 103
_RIGHT = 1
"""The truncation that leaves the end of the term open."""


def term(index: Index, text: str, *, relation: int = 0, truncation: int = 0) -> Term:
    """Return a term of an index; a relation or truncation of 0 says nothing."""
    given = {each.type: each for each in index}
    for kind, value in ((AttributeType.RELATION, relation), (AttributeType.TRUNCATION, truncation)):
        if value:
            given[kind] = Attribute(kind, value)
    return Term(text, tuple(given[kind] for kind in sorted(given)))


def between(index: Index, low: str, high: str) -> Node:
    """Return what is at least ``low`` and below ``high``; an empty bound is none."""
    parts = []
    if low:
        parts.append(term(index, low, relation=AT_LEAST))
    if high:
        parts.append(term(index, high, relation=BELOW))
    return parts[0] if len(parts) == 1 else Joined(Operator.AND, parts[0], parts[1])


def beginning(index: Index, text: str, *, star: bool = False) -> Term:
    """Return what begins with a text: by truncation, or by the star that some servers read."""
    return term(index, f"{text}*") if star else term(index, text, truncation=_RIGHT)


def anything(index: Index) -> Term:
    """Return whatever is in an index at all (relation AlwaysMatches)."""
    return term(index, "", relation=ANYTHING)


def any_of(index: Index, texts: Sequence[str]) -> Node:
    """Return the records that have one of these terms; as flat a tree as can be."""
    nodes: list[Node] = [term(index, text) for text in texts]
    while len(nodes) > 1:
        pairs = zip(nodes[::2], nodes[1::2], strict=False)
        odd = nodes[-1:] if len(nodes) % 2 else []
        nodes = [*(Joined(Operator.OR, left, right) for left, right in pairs), *odd]
    return nodes[0]


def both(query: Query | None, node: Node) -> Query:
    """Return what a query finds of a node, all of it where there is no query."""
    if query is None:
        return Query(node)
    return replace(query, root=Joined(Operator.AND, query.root, node), sort=())


def without(query: Query, node: Node) -> Query:
    """Return what a query finds beside a node."""
    return Query(Joined(Operator.NOT, query.root, node))
