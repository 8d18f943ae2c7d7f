"""The query tree, what a server can do of it, and the plain form."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given

from protocols import cql, pqf
from protocols.errors import QueryError
from protocols.rpn.checking import Supported, check
from protocols.rpn.plain import plain
from protocols.rpn.tree import (
    MAX_DEPTH,
    Attribute,
    AttributeType,
    Joined,
    Operator,
    Proximity,
    Query,
    Term,
    depth,
    fold,
    postorder,
    preorder,
    terms,
)
from support.queries import GILS, chain, trees

OURS = Supported(use=frozenset({4, 1003, "title"}), use_required=True)
NEAR = replace(OURS, units=frozenset({2}))


def refused(query: str, supported: Supported = OURS) -> tuple[int, int, str, int]:
    with pytest.raises(QueryError) as error:
        check(pqf.read(query), supported)
    return error.value.bib1, error.value.sru, error.value.addinfo, error.value.position


def test_a_deep_tree_is_compared_hashed_and_printed():
    one, other = chain(MAX_DEPTH), chain(MAX_DEPTH)

    assert one == other
    assert hash(one) == hash(other)
    assert repr(one).count("Joined") == MAX_DEPTH
    assert depth(chain(MAX_DEPTH, right=True)) == MAX_DEPTH


def test_trees_of_another_shape_differ():
    left, right = pqf.read("@or @or a b c"), pqf.read("@or a @or b c")

    assert left != right
    assert pqf.read("@and a b") != pqf.read("@or a b")
    assert pqf.read("@prox 0 1 0 2 k 2 a b") != pqf.read("@prox 0 1 0 2 k 3 a b")


def test_places_in_the_text_are_no_part_of_a_tree():
    spread = pqf.read("  @and   @attr 1=4   a b")

    assert spread == pqf.read("@and @attr 1=4 a b")
    assert [term.at for term in terms(spread.root)] == [21, 23]


@given(trees())
def test_every_walk_meets_every_node(tree):
    counted = fold(tree, lambda _: 1, lambda _, left, right: 1 + left + right)

    assert counted == len(list(postorder(tree))) == len(list(preorder(tree)))


def test_near_needs_to_be_said_how_near():
    with pytest.raises(ValueError, match="prox"):
        Joined(Operator.PROX, Term("a"), Term("b"))
    with pytest.raises(ValueError, match="and"):
        Joined(Operator.AND, Term("a"), Term("b"), Proximity())


def test_a_term_says_what_its_attributes_are():
    term = Term("a", (Attribute(AttributeType.USE, 4), Attribute(AttributeType.RELATION, 3, GILS)))

    assert term.value(AttributeType.USE) == 4
    assert term.value(AttributeType.RELATION) is None


def test_the_set_of_a_query_is_that_of_all_its_attributes():
    assert pqf.read("@attrset gils @attr 1=2008 a").attribute_set == GILS
    assert pqf.read("@attr gils 1=2008 a").attribute_set == GILS
    assert pqf.read("@and @attr gils 1=2008 a @attr bib-1 1=4 b").attribute_set != GILS


@pytest.mark.parametrize(
    ("query", "number", "sru", "addinfo"),
    [
        ("@attr 1=9999 x", 114, 16, "9999"),
        ("@attr 1=date x", 114, 16, "date"),
        ("x", 116, 16, ""),
        ("@attr 1=4 @attr 2=9 x", 117, 19, "9"),
        ("@attr 1=4 @attr 2=encloses x", 117, 19, "encloses"),
        ("@attr 1=4 @attr 3=4 x", 119, 32, "4"),
        ("@attr 1=4 @attr 4=7 x", 118, 22, "7"),
        ("@attr 1=4 @attr 5=4 x", 120, 28, "4"),
        ("@attr 1=4 @attr 6=4 x", 122, 22, "4"),
        ("@attr 1=4 @attr 7=1 x", 113, 22, "7"),
        ("@attr gils 1=4 x", 121, 15, GILS),
        ("@attr 1=4 @term numeric 4", 229, 48, "numeric"),
        ("@set earlier", 18, 50, "earlier"),
        ("@attr 1=4 @prox 0 1 0 2 k 2 a b", 129, 39, ""),
    ],
)
def test_what_a_server_cannot_do_has_its_number(query, number, sru, addinfo):
    assert refused(query)[:3] == (number, sru, addinfo)


def test_near_is_refused_by_what_is_wrong_with_it():
    assert refused("@attr 1=4 @prox 0 1 0 2 k 3 a b", NEAR)[:3] == (132, 42, "3")
    assert refused("@attr 1=4 @prox 0 1 0 2 p 2 a b", NEAR)[:3] == (132, 42, "2")
    near = Query(Joined(Operator.PROX, Term("a"), Term("b"), Proximity(relation=7)))
    anywhere = replace(NEAR, use_required=False)
    with pytest.raises(QueryError) as error:
        check(near, anywhere)
    assert (error.value.bib1, error.value.addinfo) == (131, "7")


def test_an_operator_or_a_modifier_is_refused_by_its_name():
    no_not = replace(OURS, operators=frozenset({Operator.AND}))
    modified = cql.read("title =/fuzzy a or/rel.combine=sum title = b")

    assert refused("@attr 1=4 @not a b", no_not)[:3] == (110, 37, "not")
    with pytest.raises(QueryError) as error:
        check(modified, OURS)
    assert (error.value.bib1, error.value.sru, error.value.addinfo) == (117, 20, "fuzzy")
    with pytest.raises(QueryError) as error:
        check(cql.read("title = a or/rel.combine=sum title = b"), OURS)
    assert (error.value.bib1, error.value.sru, error.value.addinfo) == (110, 46, "combine")


def test_an_order_is_refused_by_what_it_cannot_be_sorted_by():
    sorting = replace(OURS, sort=frozenset({Attribute(AttributeType.USE, 4)}))
    query = "title = a sortby title/sort.descending date"
    with pytest.raises(QueryError) as error:
        check(cql.read(query), sorting)

    assert (error.value.bib1, error.value.sru, error.value.addinfo) == (207, 80, "30")
    assert error.value.position == query.index("date")
    assert check(cql.read("title = a sortby title/descending"), sorting) is None
    with pytest.raises(QueryError) as error:
        check(cql.read("title = a sortby title/missingLow"), sorting)
    assert error.value.addinfo == "missinglow"


def test_an_operator_is_refused_where_it_stands():
    no_not = replace(OURS, operators=frozenset({Operator.AND}))
    near = "@attr 1=4 @and a @prox 0 1 0 2 k 2 b c"
    either = "title = a and (title = b not title = c)"
    with pytest.raises(QueryError) as error:
        check(cql.read(either), no_not)

    assert error.value.position == either.index("not")
    assert refused(near)[3] == near.index("@prox")


def test_the_first_fault_from_the_left_is_told_with_its_place():
    query = "@and @attr 1=4 a @or @attr 1=77 b @attr 1=88 c"

    assert refused(query)[2:] == ("77", query.index("1=77"))


def test_what_a_server_can_do_passes():
    query = "@and @attr 1=4 @attr 2=3 @attr 5=104 a @attr 1=1003 @attr 4=1 'b'"

    assert check(pqf.read(query), OURS) is None
    assert check(pqf.read("@attr 1=4 @prox 0 1 0 2 k 2 a b"), NEAR) is None


def test_a_plain_query_says_only_what_is_unusual():
    full = "@attr 1=4 @attr 2=3 @attr 3=3 @attr 4=2 @attr 5=100 @attr 6=1 fish"

    assert cql.write(plain(pqf.read(full))) == "dc.title = fish"
    assert cql.write(plain(pqf.read('@attr 1=4 "two words"'))) == 'dc.title = "two words"'
    assert (
        pqf.write(plain(pqf.read("@or @set a @attr 2=4 @attr 3=3 b"))) == "@or @set a @attr 2=4 b"
    )


def test_an_exact_match_stays_exact_in_a_plain_query():
    exact = cql.read("title == fish")

    assert plain(exact) == exact


@given(trees(modified=True))
def test_a_plain_query_is_as_plain_as_can_be(tree):
    once = plain(Query(tree))

    assert plain(once) == once


def test_an_error_comes_whole_from_another_process():
    with pytest.raises(QueryError) as error:
        pqf.read("@attr zzz 1=4 x")
    again = pickle.loads(pickle.dumps(error.value))

    assert (type(again), str(again), again.position, again.addinfo, again.details) == (
        type(error.value),
        str(error.value),
        6,
        "zzz",
        error.value.details,
    )
