"""Query trees to try things on: any, as hypothesis makes them, and those of a given depth."""

from __future__ import annotations

from functools import reduce

from hypothesis import strategies as st

from protocols.cql.mapping import MODIFIERS, SORTING, URIS
from protocols.rpn.tree import (
    Attribute,
    Joined,
    Modifier,
    Node,
    Operator,
    Proximity,
    Query,
    ResultSet,
    SortKey,
    Term,
    TermKind,
    ordered,
)

GILS = "1.2.840.10003.3.5"
_CONTEXTS = (URIS["bib"], URIS["dc"], URIS["rel"], URIS["bath"], "info:x", 'a "b" \\ c')
_ODD = ("Truyện Kiều", "Nguyễn Du", "f?sh*", "^first", 'a "quote"', "back\\slash", "@and", "{x}")
_DIRECTIONS = {"ascending", "descending"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(_ODD)
_names = texts.filter(lambda text: text != "" and not (text.isascii() and text.isdigit()))
_numbers = st.integers(0, 10**18 - 1)
_sets = st.sampled_from(("1.2.840.10003.3.1",) * 6 + (GILS, "1.2.3.4"))
_usual = st.builds(
    Attribute,
    st.integers(1, 6),
    st.sampled_from((1, 2, 3, 4, 5, 6, 12, 100, 101, 102, 103, 104, 1003, 1016)),
)
_any = st.builds(Attribute, st.integers(1, 20), _numbers | _names, _sets)
_attributes = st.lists(_usual | _any, max_size=6).map(
    lambda some: ordered({each.type: each for each in some})
)
_values = st.tuples(st.sampled_from(("=", "<", "==")), texts) | st.just(("", ""))


def _modifier(context: str, name: str, said: tuple[str, str]) -> Modifier:
    return Modifier(context, name, *said)


_joint_modifiers = st.lists(
    st.builds(_modifier, st.sampled_from(_CONTEXTS), _names, _values), max_size=2
).map(tuple)
_kept = tuple(name for name, found in MODIFIERS.items() if not found and name != "masked")
_term_modifiers = st.lists(
    st.builds(_modifier, st.sampled_from(_CONTEXTS), _names, _values)
    | st.builds(_modifier, st.just(URIS["cql"]), st.sampled_from(_kept), _values),
    max_size=2,
).map(tuple)
_sort_modifiers = st.lists(
    st.builds(
        _modifier, st.just(URIS["sort"]), st.sampled_from(sorted(SORTING - _DIRECTIONS)), _values
    ),
    max_size=2,
).map(tuple)
_kinds = {
    TermKind.GENERAL: texts,
    TermKind.STRING: texts,
    TermKind.DATETIME: texts,
    TermKind.NUMERIC: st.integers(-(10**18) + 1, 10**18 - 1).map(str),
    TermKind.OID: st.just("1.2.840.10003.5.10"),
    TermKind.NULL: st.just(""),
}
_proximities = st.builds(
    Proximity,
    distance=_numbers,
    relation=st.integers(1, 6),
    unit=st.integers(0, 12) | _numbers,
    ordered=st.booleans(),
    exclusion=st.booleans(),
    private=st.booleans(),
)


@st.composite
def _terms(draw: st.DrawFn, *, modified: bool) -> Term:
    kind = draw(st.sampled_from((TermKind.GENERAL,) * 6 + tuple(TermKind)))
    modifiers = draw(_term_modifiers) if modified else ()
    return Term(draw(_kinds[kind]), draw(_attributes), kind, modifiers)


@st.composite
def _joined(draw: st.DrawFn, nodes: st.SearchStrategy[Node], *, modified: bool) -> Joined:
    operator = draw(st.sampled_from(tuple(Operator)))
    near = draw(_proximities) if operator is Operator.PROX else None
    modifiers = draw(_joint_modifiers) if modified else ()
    return Joined(operator, draw(nodes), draw(nodes), near, modifiers)


def trees(*, modified: bool = False) -> st.SearchStrategy[Node]:
    """Return a strategy for trees, ``modified`` with what only CQL can say."""
    leaves = _terms(modified=modified) | st.builds(ResultSet, texts)
    return st.recursive(leaves, lambda some: _joined(some, modified=modified), max_leaves=12)


def queries() -> st.SearchStrategy[Query]:
    """Return a strategy for whole queries with all that CQL can say."""
    keys = st.builds(SortKey, _attributes, st.booleans(), _sort_modifiers)
    return st.builds(Query, trees(modified=True), st.lists(keys, max_size=3).map(tuple))


def chain(depth: int, *, right: bool = False) -> Node:
    """Return a tree so many operators deep, to the left or to the right."""

    def join(made: Node, number: int) -> Node:
        word: Node = Term(str(number))
        left, right_one = (word, made) if right else (made, word)
        return Joined(Operator.OR, left, right_one)

    first: Node = Term("x")
    return reduce(join, range(depth), first)
