"""Queries on the wire and the query tree: each makes the other, or the query has its diagnostic."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from protocols import cql, diagnostics, pqf
from protocols.errors import QueryError
from protocols.rpn.tree import BIB1, MAX_DEPTH, MAX_OPERATORS, Attribute, Query, ResultSet, Term
from protocols.z3950 import decode, queries
from protocols.z3950.charsets import letters_of
from protocols.z3950.externals import octet_aligned
from protocols.z3950.oids import CQL
from protocols.z3950.values import queries as wire
from protocols.z3950.values.common import IntUnit, NumericValue, StringValue, Unit
from protocols.z3950.values.searches import SearchRequest
from support.queries import GILS, trees
from support.z3950 import captured

STRANGE = "2.5." + "9" * 30
SQL = "1.2.840.10003.16.1"
WORD = wire.GeneralTerm(b"x")


def operand(*attributes: wire.AttributeElement, term: wire.Term = WORD) -> wire.AttributesPlusTerm:
    return wire.AttributesPlusTerm(attributes=attributes, term=term)


def attribute(kind: int, value: wire.AttributeValue, whose: str | None = None):
    return wire.AttributeElement(attribute_set=whose, attribute_type=kind, attribute_value=value)


def tree(*rpn: wire.Operand | wire.Operator) -> Query:
    return queries.from_rpn(wire.RPNQuery(attribute_set=BIB1, rpn=rpn))


def refused(query: wire.Query) -> tuple[int, str]:
    with pytest.raises(QueryError) as error:
        queries.read(query)
    assert error.value.sru in diagnostics.SRU
    return error.value.bib1, error.value.addinfo


def sent(shared: Path, name: str) -> list[wire.Query]:
    messages = [decode(each) for place, each in captured(shared) if place.startswith(name)]
    return [each.query for each in messages if isinstance(each, SearchRequest)]


def test_captured_queries_are_those_that_were_typed(shared):
    commands = (shared / "data/z3950-captures/commands/03_bool_prox_trunc.cmds").read_text()
    typed = [line.removeprefix("find ") for line in commands.splitlines() if line[:5] == "find "]
    found = [queries.read(each) for each in sent(shared, "03_")]

    assert found == [pqf.read(query) for query in typed]
    assert len(found) == 12


def test_a_query_in_cql_is_read_as_such(shared):
    in_cql, in_ccl = sent(shared, "15_")

    assert queries.read(in_cql) == cql.read("dc.title = fire")
    assert refused(in_ccl) == (107, "type-2")


@given(trees())
def test_any_tree_comes_back_from_the_wire(root):
    query = Query(root)

    assert queries.from_rpn(queries.to_rpn(query)) == query


def test_what_only_cql_can_say_is_not_sent():
    for query in ("dc.title =/rel.x=1 a", "a and/rel.x=1 b", "a sortby dc.title"):
        with pytest.raises(QueryError):
            queries.to_rpn(cql.read(query))


def test_attributes_are_of_their_own_set_or_of_the_querys():
    one = operand(
        attribute(1, wire.NumericAttribute(4)), attribute(2, wire.NumericAttribute(3), GILS)
    )

    assert tree(one).root == Term("x", (Attribute(1, 4), Attribute(2, 3, GILS)))
    assert queries.write_term(tree(one).root, BIB1) == one


def test_of_several_values_and_of_several_attributes_of_a_type_the_first_counts():
    names = wire.ComplexAttribute(list=(StringValue("title"), NumericValue(4)))
    several = operand(attribute(1, names), attribute(1, wire.NumericAttribute(21)))
    number = operand(attribute(1, wire.ComplexAttribute(list=(StringValue("1003"),))))

    assert tree(several).root == Term("x", (Attribute(1, "title"),))
    assert tree(number).root == Term("x", (Attribute(1, 1003),))


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("Kiều".encode(), "", "Kiều"),
        ("Müller".encode("latin-1"), "", "Müller"),
        ("Müller".encode("latin-1"), "iso-8859-1", "Müller"),
        ("Müller".encode(), "iso-8859-1", "MÃ¼ller"),
        (b"\xff", "utf-8", "\ufffd"),
        ("Kiều".encode(), "idna", "Kiều"),
        ("Kiều".encode(), "no\0such", "Kiều"),
        ("Kiều".encode(), "hex", "Kiều"),
    ],
)
def test_terms_are_read_in_the_letters_agreed_on_or_in_likely_ones(octets, charset, text):
    query = wire.RPNQuery(attribute_set=BIB1, rpn=(operand(term=wire.GeneralTerm(octets)),))

    assert queries.from_rpn(query, letters_of(charset)).root == Term(text)


def test_results_are_operands_unless_attributes_are_asked_of_them():
    bare = wire.ResultSetPlusAttributes(result_set="1", attributes=())
    more = wire.ResultSetPlusAttributes(
        result_set="1", attributes=(attribute(1, wire.NumericAttribute(4)),)
    )

    assert tree(wire.ResultSetOperand("1")) == tree(bare) == Query(ResultSet("1"))
    assert refused(wire.Type101(wire.RPNQuery(attribute_set=BIB1, rpn=(more,)))) == (18, "1")


def near(**said: object) -> wire.ProximityOperator:
    usual = {
        "distance": 1,
        "ordered": True,
        "relation_type": 2,
        "proximity_unit_code": wire.KnownUnit(2),
    }
    return wire.ProximityOperator(**{**usual, **said})


@pytest.mark.parametrize(
    ("rpn", "diagnostic"),
    [
        ((operand(term=IntUnit(value=1, unit_used=Unit())),), (229, "integerAndUnit")),
        ((operand(term=octet_aligned("1.2", b"")),), (229, "external")),
        ((operand(attribute(0, wire.NumericAttribute(4))),), (108, "0=4")),
        ((operand(attribute(1, wire.NumericAttribute(-4))),), (108, "1=-4")),
        ((operand(attribute(1, wire.ComplexAttribute(list=()))),), (108, "1=")),
        ((operand(attribute(1, wire.NumericAttribute(4), STRANGE)),), (121, STRANGE)),
        ((operand(), operand(), near(relation_type=7)), (131, "7")),
        ((operand(), operand(), near(distance=-1)), (202, "-1")),
        ((operand(), operand(), near(proximity_unit_code=wire.PrivateUnit(-1))), (132, "-1")),
        ((operand(), wire.And()), (108, "and")),
        ((operand(), operand()), (108, "RPN")),
        ((), (108, "RPN")),
    ],
)  # fmt: skip
def test_what_no_tree_can_hold_has_its_diagnostic(rpn, diagnostic):
    assert refused(wire.Type1(wire.RPNQuery(attribute_set=BIB1, rpn=rpn))) == diagnostic


def test_a_query_too_deep_or_with_too_many_operators_is_refused():
    deep = (operand(), *(operand(), wire.Or()) * (MAX_DEPTH + 1))
    level = (operand(),)
    while len(level) <= 2 * MAX_OPERATORS:
        level = (*level, *level, wire.Or())

    assert refused(wire.Type1(wire.RPNQuery(attribute_set=BIB1, rpn=deep)))[0] == 6
    assert refused(wire.Type1(wire.RPNQuery(attribute_set=BIB1, rpn=level)))[0] == 6
    assert tree(*deep[:-2]).root


@pytest.mark.parametrize(
    ("query", "diagnostic"),
    [
        (wire.Type0(b"\x05\x00"), (107, "type-0")),
        (wire.Type100(b""), (107, "type-100")),
        (wire.Type102(b""), (107, "type-102")),
        (wire.Type104(octet_aligned(SQL, b"")), (107, f"type-104 {SQL}")),
        (wire.Type104(octet_aligned(CQL, b"a and")), (108, "")),
    ],
)  # fmt: skip
def test_queries_that_are_not_understood_have_their_diagnostic(query, diagnostic):
    assert refused(query) == diagnostic
