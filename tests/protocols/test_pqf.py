"""PQF to the query tree and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from protocols import cql, pqf
from protocols.errors import QueryError
from protocols.rpn.tree import (
    MAX_DEPTH,
    Attribute,
    Joined,
    Operator,
    Proximity,
    Query,
    ResultSet,
    Term,
    TermKind,
    depth,
)
from support.queries import GILS, chain, trees


def term(text: str, *attributes: tuple[int, int | str], kind: TermKind = TermKind.GENERAL) -> Term:
    return Term(text, tuple(Attribute(*each) for each in attributes), kind)


@pytest.mark.parametrize(
    ("query", "root"),
    [
        ("fish", term("fish")),
        ('@attr 1=4 "Truyện Kiều"', term("Truyện Kiều", (1, 4))),
        ("{Truyện Kiều}", term("Truyện Kiều")),
        (r'"a \"b\" \\ c"', term('a "b" \\ c')),
        (r"\x41\x42\103", term("ABC")),
        (r"\xe1\xbb\x87", term("ệ")),
        (r"\@and", term("@and")),
        ('"@and"', term("@and")),
        ("@foo", term("@foo")),
        ('""', term("")),
        ("@attr 4=1 @attr 1=4 x", term("x", (1, 4), (4, 1))),
        ("@attr 1=4 @attr 1=5 x", term("x", (1, 5))),
        ("@attr 1=Date/time-last-modified x", term("x", (1, "Date/time-last-modified"))),
        ('@attr "1=a b" x', term("x", (1, "a b"))),
        ("@attr gils 1=2008 x", term("x", (1, 2008, GILS))),
        ("@attr GILS 1=2008 @attr 4=1 x", term("x", (1, 2008, GILS), (4, 1, GILS))),
        (f"@attrset {GILS} @attr 1=2008 x", term("x", (1, 2008, GILS))),
        ("@term numeric -007", term("-7", kind=TermKind.NUMERIC)),
        ("@term string x", term("x", kind=TermKind.STRING)),
        ("@term oid 1.2.840", term("1.2.840", kind=TermKind.OID)),
        ("@term datetime 20240101", term("20240101", kind=TermKind.DATETIME)),
        ("@term null x", term("", kind=TermKind.NULL)),
        ("@set 1", ResultSet("1")),
        (
            "@attr 1=4 @not @attr 5=1 a @set b",
            Joined(Operator.NOT, term("a", (1, 4), (5, 1)), ResultSet("b")),
        ),
        (
            "@prox 1 3 0 5 p 7 a b",
            Joined(
                Operator.PROX,
                term("a"),
                term("b"),
                Proximity(exclusion=True, distance=3, relation=5, private=True, unit=7),
            ),
        ),
        (
            "@or @and a b @and @attr 1=4 c d",
            Joined(
                Operator.OR,
                Joined(Operator.AND, term("a"), term("b")),
                Joined(Operator.AND, term("c", (1, 4)), term("d")),
            ),
        ),
    ],
)
def test_a_query_is_read_as_it_is_meant(query, root):
    assert pqf.read(query) == Query(root)


@pytest.mark.parametrize(
    ("query", "number", "position"),
    [
        ("", 108, 0),
        ("@and a", 108, 6),
        ("a b", 108, 2),
        ('"abc', 108, 0),
        ("@and {a b", 108, 5),
        ("@attr 1=4", 108, 9),
        ("@attr 1 x", 121, 6),
        ("@attr zzz 1=4 x", 121, 6),
        ("@attrset zzz x", 121, 9),
        ("@and @attrset gils a b", 108, 5),
        ("@attr =4 x", 108, 6),
        ("@attr x=4 y", 108, 6),
        ("@attr 0=4 y", 108, 6),
        ("@attr 1= x", 108, 6),
        ("@attr gils x", 108, 11),
        ("@attr 1=9999999999999999999 x", 108, 6),
        ("@prox 2 3 1 2 k 2 a b", 108, 6),
        ("@prox 0 x 1 2 k 2 a b", 108, 8),
        ("@prox 0 3 9 2 k 2 a b", 108, 10),
        ("@prox 0 3 1 7 k 2 a b", 108, 12),
        ("@prox 0 3 1 2 q 2 a b", 108, 14),
        ("@prox 0 3 1 2 k word a b", 108, 16),
        ("@term foo x", 229, 6),
        ("@term numeric x", 125, 14),
        ("@term oid x", 125, 10),
        (r"@and a \xff", 125, 7),
    ],
)
def test_a_wrong_query_has_its_number_and_its_place(query, number, position):
    with pytest.raises(QueryError) as error:
        pqf.read(query)

    assert (error.value.bib1, error.value.position) == (number, position)


@given(trees())
def test_what_is_written_reads_back_equal(tree):
    assert pqf.read(pqf.write(Query(tree))) == Query(tree)


def test_what_only_cql_can_say_is_refused():
    fuzzy, combined, sorted_by = (
        cql.read(query) for query in ("title =/fuzzy a", "a or/rel.combine=sum b", "a sortby title")
    )
    numbers = []
    for query in (fuzzy, combined, sorted_by):
        with pytest.raises(QueryError) as error:
            pqf.write(query)
        numbers.append((error.value.bib1, error.value.sru))

    assert numbers == [(117, 20), (110, 46), (207, 80)]


@pytest.mark.parametrize("levels", [300, MAX_DEPTH])
@pytest.mark.parametrize("right", [True, False])
def test_deep_nesting_is_read_and_written(levels, right):
    query = Query(chain(levels, right=right))

    assert depth(pqf.read(pqf.write(query)).root) == levels
    assert pqf.read(pqf.write(query)) == query


@pytest.mark.parametrize("query", ["@or " * 100_000 + "x", "@or a " * 100_000 + "b"])
def test_nesting_beyond_measure_is_refused_where_it_becomes_too_deep(query):
    with pytest.raises(QueryError) as error:
        pqf.read(query)

    assert (error.value.bib1, error.value.sru) == (6, 38)
    assert query[: error.value.position].count("@or") == MAX_DEPTH


def test_attributes_of_too_many_types_are_refused():
    with pytest.raises(QueryError) as error:
        pqf.read("".join(f"@attr {kind}=1 " for kind in range(1, 100_000)) + "x")

    assert (error.value.bib1, error.value.addinfo) == (113, "101")


def test_too_many_operators_are_refused():
    balanced = ["x"] * 16_384
    while len(balanced) > 1:
        pairs = zip(balanced[::2], balanced[1::2], strict=True)
        balanced = [f"@or {left} {right}" for left, right in pairs]
    with pytest.raises(QueryError) as error:
        pqf.read(balanced[0])

    assert (error.value.bib1, error.value.sru) == (6, 38)
