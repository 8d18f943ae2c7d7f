"""CQL is what YAZ reads, by libyaz's XCQL and by its translation to PQF, or it is said why not."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import pytest
from lxml import etree

from protocols import cql, pqf
from protocols.errors import QueryError
from protocols.rpn.plain import plain
from protocols.rpn.tree import Attribute, Query, SortKey, Term
from support.yaz_reading import libyaz_is_there, readings

SAME = [
    "srw.serverChoice=a", "dc.title=?", "a prox/unit=sentence b", "title any ^a", "dc.format=a",
    "fish", '"Truyện Kiều"', "Truyện", '""', '"and"', "and", "prox", "dc.title=fish",
    'dc.title = "a b"', 'dc.title any "a b"', 'dc.title all "a b"',
    'dc.title any "a* *c"', 'dc.title any "b? c"',
    'title any "Truyện Kiều"', "title=fish*", 'title="*fish*"', 'title="*fish"', 'title="f?sh"',
    'title="^a b"', 'title="a b^"', "dc.title=^a", 'dc.title="fi* ch?p"', 'title= "#?a*"',
    r'dc.title="a\"b"', r'dc.title="a\*b"', r"dc.title=a\*b", r'title="a\\b"', r'title="\^a"',
    "title > 5", "title < 5", "title >= 5", "title <= 5", "title <> 5", "title=/stem fish",
    "title=/phonetic fish", "title=/relevant fish", 'title any/relevant "a b"',
    'title=/masked "a*"',
    'title=/unmasked "a*"', 'title=/regexp "a.*"', "a and b", "a AND b", "a not b", "a or b",
    "a and b or c", "a and (b or c)", "(a and b) or c", "((((a))))",
    "a or (b and (c not (d or e)))",
    "title=a and creator=b or subject=c not date=d", "a prox b", "rec.id=5",
    "a prox/distance<3/unit=word b", "a prox/unit=sentence/distance>3/ordered b",
    "a prox/unit=paragraph/distance=0 b", "a prox/unordered b", "a prox/distance<>2/unit=element b",
    "title=fish sortby title", "fish sortby dc.title/sort.descending date", "a sortBy b",
    "bath.isbn=5", "bath.issn=0866-7489", "bath.uniformTitle=x", "bath.keyTitle=x", "bath.name=x",
    "bath.personalName=x", "bath.corporateName=x", "bath.conferenceName=x", "bath.notes=x",
    "bath.geographicName=x", "bath.topicalSubject=x", "bath.genreForm=x",
    "bath.possessingInstitution=x", "cql.serverChoice=a", "cql.allRecords=1", '"dc.title"=x',
    "dc.subject=x", "dc.creator=x", "dc.author=x", "dc.editor=x", "dc.publisher=x",
    "dc.description=x", "dc.date=x", "dc.resourceType=x", "dc.source=x", "dc.language=x",
    '> d = "info:srw/cql-context-set/1/dc-v1.1" d.title=fish', "foo.bar=b", "dc.foo=b",
    "(a", "a)", "()", "", "a and", "=a", "a=", "a/b", "dc.title=a/b", "x <=> y", "<5", "a sortby",
    'dc.title="x" and', "title=/=x b", "title/x=b", "((a)", "a and or", "not", "a not not",
    "a or/rel.x=1", "a prox/unit=word", "title==", "title = and", "a and (", ") a", "a ( b )",
    "title any", "a>=", "a<>b<>", "// a", "a = /", "title =/stem", "> a", "> a =", ">",
]  # fmt: skip
MADE = [
    f"{index}{relation}{term}"
    for index, relation, term in product(
        ("dc.title", "Creator", "rec.id", '"bath.isbn"'),
        (" = ", " >= ", "=/stem ", "<>", " any ", " all "),
        ("Kiều", '"Nguyễn Du"', "Ki*", '"^Truyện Kiều"'),
    )
    if not (relation in {" any ", " all "} and "^" in term)
]
DEEP = ["(" * 300 + "x" + ")" * 300, " or ".join("x" * 300), "(a or " * 300 + "x" + ")" * 300]
OTHERWISE = {
    'dc.title all "a b c"': "The same in another shape: YAZ joins the last two first.",
    'dc.title any "a b c"': "As for all.",
    'a "b': "As below: an open quote, in what would be a term of two words to YAZ.",
    "a b": "CQL has no terms of several words without quotes; YAZ joins them by and.",
    "title = a b": "As for a term alone.",
    'title exact "a b"': "YAZ has no such relation, and searches for the word.",
    'title adj "a b"': "YAZ's table has no adj, which the cql context set defines.",
    'date within "1 2"': "YAZ's strict reading aside, it takes within for a word of the term.",
    "title encloses 5": "As for within.",
    'title == "a b"': "By Bath the whole field; YAZ's table asks for a phrase.",
    'title="^a b^"': "Both ends: a complete field. YAZ's table says that, and anywhere in it.",
    "dc.title=*": "Any value at all; YAZ truncates a term of no letters.",
    "dc.title=**": "As for one star.",
    "dc.rights=a": "No Bib-1 attribute means this; YAZ writes a question mark.",
    "dc.identifier=a": "Koha's table and ours have it as standard identifier; YAZ's does not.",
    "dc.resourceIdentifier=a": "As dc.identifier; YAZ's table takes it for the local number.",
    "cql.resultSetId=abc": "YAZ's table has no result sets.",
    "cql.anywhere=a": "YAZ's table lacks the index.",
    "a=b=c": "YAZ reads on as if the first had not been said.",
    "dc.title=(a)": "The term of a clause is no query of its own.",
    'title = "a': "An open quote is a slip of the hand; YAZ takes all that follows for the term.",
    "a\nand\tb": "Blanks of all kinds part words; YAZ reads no further than a line.",
    r"title=a\b": "There is a diagnostic for a needless backslash (26); YAZ leaves it in the term.",
    "title=a^b": "Within a term it has to be escaped (diagnostic 32); YAZ leaves it in the term.",
    "title=/fuzzy a": "Kept as it is; YAZ's table makes Zebra's truncation of it.",
    "title=/stem/relevant fish": "Two relations at once: YAZ takes the last one.",
    "a or/rel.x=1 b": "The modifier is kept for who knows the set; YAZ's table refuses all.",
    "title </relevant 5": "Two relations at once, as above.",
    "a=b": "An index of the server's own is for the server to know, or to refuse by 114.",
    '> dc = "info:x" dc.title=fish': "The set is not known (15), to YAZ the index (16).",
    "a and and b": "YAZ takes the second and for a word of a term of two words.",
    "rec.identifier=5": "By version 1.1 of the set; YAZ's table has only rec.id.",
    "bib.namePersonal=x": "YAZ's table lacks the bib context set.",
    "net.uri=x": "YAZ's table lacks the net context set.",
    "bib1.1007=x": "A context set of ours, see protocols.cql.",
}


@pytest.fixture(scope="module", autouse=True)
def _yaz():
    if not libyaz_is_there():
        pytest.skip("libyaz is not installed: on Debian, apt install libyaz-dev")


@cache
def translated() -> dict[str, Any]:
    asked = [*SAME, *MADE, *DEEP, *OTHERWISE]
    return dict(zip(asked, readings([("transformed", each) for each in asked]), strict=True))


def theirs(query: str) -> Any:
    """Return libyaz's translation as a plain tree, or the number of its error."""
    found = translated()[query]
    return found["error"] if isinstance(found, dict) else plain(pqf.read(found)).root


def ours(query: str) -> Any:
    """Return what we read, the order aside, as a plain tree, or the number of our error.

    Of several numbers for a query that cannot be read (13, 14) libyaz knows only one, 10.
    """
    try:
        return plain(Query(cql.read(query).root)).root
    except QueryError as error:
        return 10 if error.bib1 == 108 else error.sru


@pytest.mark.parametrize("query", [*SAME, *MADE, *DEEP])
def test_libyaz_reads_a_query_as_we_do(query):
    assert ours(query) == theirs(query)


@pytest.mark.parametrize("query", OTHERWISE)
def test_what_we_read_otherwise_is_still_otherwise(query):
    assert ours(query) != theirs(query)


def test_libyaz_reads_the_same_order():
    queries = [query for query in SAME if " sortb" in query.lower() and readable(query)]
    found = readings([("xcql", query) for query in queries])

    assert len(queries) > 2
    assert [keys(each) for each in found] == [list(cql.read(query).sort) for query in queries]


def keys(xcql: str) -> list[SortKey]:
    return [
        SortKey(use_of(key.findtext("index") or ""), "sort.descending" in key.itertext())
        for key in etree.fromstring(xcql).iter("key")
    ]


def use_of(index: str) -> tuple[Attribute, ...]:
    found = cql.read(f"{index} = x").root
    assert isinstance(found, Term)
    return found.attributes


def readable(query: str) -> bool:
    return not isinstance(ours(query), int)


def test_what_we_write_libyaz_reads_as_the_same():
    # By its name in Dublin Core, which YAZ's table lacks.
    queries = [each for each in [*SAME, *MADE] if readable(each) and each != "dc.resourceType=x"]
    written = [cql.write(cql.read(query)) for query in queries]
    found = readings([("transformed", each) for each in written])

    assert [plain(pqf.read(each)).root for each in found] == [ours(query) for query in queries]
