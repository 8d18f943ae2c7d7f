"""PQF is what YAZ reads: libyaz and we make the same of a query, or it is said here why not."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import pytest

from protocols import pqf
from protocols.errors import QueryError
from protocols.rpn.sets import oid_of
from protocols.rpn.tree import BIB1, Joined, Node, Operator, ResultSet, Term, TermKind
from protocols.tables import rows
from support.yaz_reading import libyaz_is_there, readings

KINDS = {
    TermKind.GENERAL: 1,
    TermKind.NUMERIC: 2,
    TermKind.STRING: 3,
    TermKind.OID: 4,
    TermKind.DATETIME: 5,
    TermKind.NULL: 8,
}
SAME = [
    r'"x\by"', r'"x\fy"', r"@at\x74r 1=4 x", r"@an\d", r'"\041"', r"{a\}b}",
    r"\{a}", r"@attr 1\=4 x",
    "fish", "Truyện", '"Truyện Kiều"', "{Truyện Kiều}", r'"a \"b\" c"', r"a\"b", r'"a\\b"', r"a\\b",
    r'"\x41\n\t\101"', r"\x41", r'"\xe1\xbb\x87"', r"\q", r"\@and", '"@and"', "{@and}", "@foo", "@",
    'a"b', "a{b", '""', "{}", '@and "a""b"', "@AND", "@and a b", "@or a b", "@not a b", "@and a",
    "@and", "", "   ", "a b", "@and a b c", '"a"b', "{a}b", "{a {b} c}", "@or @and a b @not c d",
    "@and @or a b c", "@and a @or b @and c d", "@attr 1=4 fish", "@attr 01=4 x", "@attr 1=0004 x",
    "@attr 1=title x", "@attr 1=Date/time-last-modified x", '@attr "1=a b" x', "@attr 1=a,b x",
    "@attr 1=-4 x", "@attr 1=4x x", "@attr 2=@ x", "@attr 1=@and x", r"@attr 1=a\,b x",
    "@attr 1=4 @attr 1=5 x", "@attr 1=4 @attr 2=3 @attr 3=1 @attr 4=1 @attr 5=100 @attr 6=3 x",
    "@attr 1=4 @and a b", "@attr 1=4 @and @attr 1=5 a b", "@attr 1=4 @and @attr 4=1 a @attr 2=2 b",
    "@attr 4=1 @or @attr 1=4 @and a @attr 4=2 b c", "@attr gils 1=2008 x", "@attr GILS 1=2008 x",
    "@attr gils 1=2008 @attr 1=4 x", "@attr gils 1=2008 @attr 2=3 x", '@attr "gils" 1=4 x',
    "@attr gils 2=3 @and @attr 1=4 a b", "@attr gils 1=1 @attr bib-1 1=2 x",
    "@attr gils 1=4 @attr bib-1 2=3 @attr 3=1 x", "@attr 1.2.840.10003.3.5 1=4 x",
    "@attr zzz 1=4 x", "@attr", "@attr 1=4", "@attr 1 x", "@attr =4 x", "@attr x=4 y",
    "@attr gils x",
    "@attrset gils x", "@attrset gils @attr 1=4 x", '@attrset "gils" x',
    "@attrset 1.2.3 @attr 1=4 x",
    "@attrset gils @attr bib-1 1=4 @attr 2=3 x", "@attrset zzz x", "@attrset", "@attrset gils",
    "@attrset gils @attrset bib-1 x", "@and @attrset gils a b", "@attr 1=4 @attrset gils a",
    "@term numeric 12", "@term numeric -12", "@term numeric 0012", "@term string x",
    "@term general x", "@term null x", "@term null", '@term "numeric" 5',
    "@term string @attr 1=4 x",
    "@attr 1=4 @term string x", "@term numeric @and 1 2", "@term",
    "@and @term numeric 1 @term general b", "@set 1",
    '@set "a b"', "@set", "@set 1 b", "@attr 1=4 @set x", "@and @set a @attr 1=4 b", "@set @and",
    "@prox 0 3 1 2 k 2 a b", "@prox 1 3 0 5 private 7 a b", "@prox void 3 1 2 known 2 a b",
    "@prox 0 3 1 2 p 2 @attr 1=4 a @or b c", "@prox 1 -3 1 2 k 2 a b", "@prox 0 3 7 2 k 2 a b",
    "@prox 0 3 1 2 known word a b", "@prox", "@prox 0", "@prox 0 3 1 2 k 2", "@prox 0 3 1 2 k 2 a",
    "@attr 1=4 @prox 0 3 1 2 k 2 a b", "@attr 99=1 x", "@attr 1=999999999999 x",
    "@attr 7=1 @attr 1=4 0", "@or @attr 1=4 x @attr 7=1 @attr 1=30 0",
    "@and @attr 1=12 @attr 2=4 ocm1 @attr 1=12 @attr 2=1 ocm9", "@attr 1=_ALLRECORDS @attr 2=103 0",
    "@attr 5=1 @attr 1=1012 202511", '@attr 1=1016 "@attr 1=4"', "@attr 1=4 @attr 4=6 {a b c}",
]  # fmt: skip
MADE = [
    f"@attr 1={use} @attr {how} {term}"
    for use, how, term in product(
        (4, 1003, "title"),
        ("2=3", "gils 3=1", "4=2", "5=104", "bib-1 6=3"),
        ('"Nguyễn Du"', "{k# c?}", "@set a", "@or x @attr 2=102 y", r'"\\#"', "@term string 1"),
    )
]
DEEP = ["@or " * 300 + "x " * 301, "@or a " * 300 + "b"]
OTHERWISE = {
    '"abc': "An open quote is a slip of the hand; YAZ takes all that follows for the term.",
    "{abc": "As for quotes.",
    "a\tb": "Tabs and new lines part words, as in files of queries; YAZ knows only spaces.",
    "@and a\nb": "As for tabs.",
    "@term oid 1.2.3": "YAZ makes a term without a value of it, and the server finds nothing.",
    "@term datetime 20240101": "As for object identifiers.",
    "@term foo x": "YAZ ignores a type it does not know; the person meant something by it.",
    "@and @term numeric 1 b": "YAZ lets the type hold for b too, as no attribute does.",
    "@term numeric x": "YAZ searches for 0.",
    "@attr 1= x": "YAZ reads an attribute 0, which nobody meant.",
    "@attr 0=4 x": "There is no attribute type 0.",
    "@prox 1 3 1 9 k 2 a b": "There is no such relation in the standard (1 to 6).",
    r"@attr 1=\x34 x": "Digits are a number however they are written; YAZ makes a name of them.",
    r"a\x": "YAZ drops the letter; we keep it.",
    r'"x\0y"': "As for half an escape.",
    r"\x4g": "YAZ makes a control character of half an escape; we read the letters.",
    r"\18": "As for half an escape.",
    r'"\xff"': "These bytes are no UTF-8, so no term that we could search for or write again.",
    "@attr 1=99999999999999999999 x": "No number of the protocol; YAZ makes another one of it.",
}


@pytest.fixture(scope="module", autouse=True)
def _yaz():
    if not libyaz_is_there():
        pytest.skip("libyaz is not installed: on Debian, apt install libyaz-dev")


@cache
def theirs() -> dict[str, Any]:
    asked = [*SAME, *MADE, *DEEP, *OTHERWISE]
    found = readings([("pqf", query) for query in asked])
    return {
        query: None if isinstance(each, dict) else each
        for query, each in zip(asked, found, strict=True)
    }


def ours(query: str) -> Any:
    """Return what we read as libyaz's reading is told, None for a query that is refused."""
    try:
        read = pqf.read(query)
    except QueryError:
        return None
    return told(read.root)


def told(node: Node) -> Any:
    if isinstance(node, ResultSet):
        return ["set", node.name]
    if isinstance(node, Joined):
        return [operator(node), told(node.left), told(node.right)]
    attributes = [[each.set, each.type, value(each.value)] for each in node.attributes]
    return ["term", term(node), attributes]


def term(node: Term) -> list[Any]:
    return [KINDS[node.kind], node.text]


def value(of: int | str) -> Any:
    return [of] if isinstance(of, str) else of


def operator(node: Joined) -> Any:
    if node.operator is not Operator.PROX or node.proximity is None:
        return node.operator.value
    near = node.proximity
    kind = "private" if near.private else "known"
    return ["prox", near.exclusion, near.distance, near.ordered, near.relation, kind, near.unit]


def resolved(reading: Any) -> Any:
    """Return libyaz's reading with each attribute's set, in the order of their types."""
    if reading is None:
        return None
    whose, root = reading
    return with_sets(root, whose)


def with_sets(node: Any, whose: str) -> Any:
    if node[0] == "set":
        return node
    if node[0] != "term":
        return [node[0], *(with_sets(each, whose) for each in node[1:])]
    kind, text = node[1]
    attributes = sorted([each[0] or whose, *each[1:]] for each in node[2])
    attributes.sort(key=lambda each: each[1])
    return ["term", [kind, "" if kind == KINDS[TermKind.NULL] else text], attributes]


@pytest.mark.parametrize("query", [*SAME, *MADE, *DEEP])
def test_libyaz_reads_a_query_as_we_do(query):
    assert ours(query) == resolved(theirs()[query])


@pytest.mark.parametrize("query", OTHERWISE)
def test_what_we_read_otherwise_is_still_otherwise(query):
    assert ours(query) != resolved(theirs()[query])


def test_what_we_write_libyaz_reads_as_the_same():
    readable = [query for query in [*SAME, *MADE] if ours(query) is not None]
    written = [pqf.write(pqf.read(query)) for query in readable]

    assert [resolved(each) for each in readings([("pqf", each) for each in written])] == [
        ours(query) for query in readable
    ]


def test_libyaz_knows_the_attribute_sets_by_the_same_names():
    names = [row[0] for row in rows("protocols.rpn", "sets.tsv")]
    found = readings([("pqf", f"@attrset {name} x") for name in names])

    assert [each[0] for each in found] == [oid_of(name) for name in names]
    assert names[0] == "bib-1"
    assert oid_of(names[0]) == BIB1
