"""A query of ours as other servers know it, and simpler ones for those who do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from protocols.rpn.tree import Attribute, AttributeType, Joined, Node, Query, ResultSet, Term, fold

_ANY = 1016
_BIB1: dict[str, int] = {
    "any": _ANY,
    "title": 4,
    "author": 1003,
    "person": 1,
    "corporate": 2,
    "meeting": 3,
    "subject": 21,
    "series": 5,
    "isbn": 7,
    "issn": 8,
    "dewey": 13,
    "year": 31,
    "language": 54,
    "place": 59,
    "note": 63,
    "abstract": 62,
    "control": 12,
    "callnumber": 53,
    "publisher": 1018,
    "changed": 1012,
    "material": 1031,
    "genre": 1075,
}
"""Use attributes of Bib-1 for our own names of indexes; any other is asked for anywhere."""
_EVERYTHING = "_ALLRECORDS"
_USE = AttributeType.USE


def tries(query: Query) -> Iterator[Query]:
    """Yield the query in Bib-1, then without all but its indexes, then as words anywhere."""
    asked = _made(query, _in_bib1)
    seen = {asked}
    yield asked
    for simpler in (_only_use, _anywhere):
        made = _made(asked, simpler)
        if made not in seen:
            seen.add(made)
            yield made


def _made(query: Query, change: Callable[[Term], Term]) -> Query:
    def leaf(node: Term | ResultSet) -> Node:
        return change(node) if isinstance(node, Term) else node

    def join(node: Joined, left: Node, right: Node) -> Node:
        return Joined(node.operator, left, right, node.proximity, node.modifiers)

    return Query(fold(query.root, leaf, join))


def _in_bib1(term: Term) -> Term:
    attributes = tuple(
        Attribute(_USE, _BIB1.get(each.value, _ANY))
        if each.type == _USE and isinstance(each.value, str) and each.value != _EVERYTHING
        else each
        for each in term.attributes
    )
    if not any(each.type == _USE for each in attributes):
        attributes = (Attribute(_USE, _ANY), *attributes)
    return Term(term.text, attributes, term.kind)


def _only_use(term: Term) -> Term:
    return Term(term.text, tuple(each for each in term.attributes if each.type == _USE))


def _anywhere(term: Term) -> Term:
    return Term(term.text, (Attribute(_USE, _ANY),))
