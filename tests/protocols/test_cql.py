"""CQL to the query tree and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from protocols import cql, pqf
from protocols.cql.mapping import INDEXES, MODIFIERS, NAMES, RELATIONS, URIS
from protocols.errors import QueryError
from protocols.rpn.tree import (
    MAX_DEPTH,
    Attribute,
    Joined,
    Modifier,
    Operator,
    Proximity,
    Query,
    SortKey,
    Term,
    depth,
)
from support.queries import GILS, chain, queries

ANY = "@attr 1=1016"
EXACT = "@attr 2=3 @attr 3=1 @attr 4=1 @attr 5=100 @attr 6=3"


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("fish", f"{ANY} fish"),
        ('"Truyện Kiều"', f'{ANY} @attr 4=1 "Truyện Kiều"'),
        ("dc.title = fish", "@attr 1=4 fish"),
        ("DC.Title=fish", "@attr 1=4 fish"),
        ("title=fish", "@attr 1=4 fish"),
        ('"dc.title" = fish', "@attr 1=4 fish"),
        ('dc.title adj "a b"', '@attr 1=4 @attr 4=1 "a b"'),
        ('dc.title any "a b"', "@or @attr 1=4 a @attr 1=4 b"),
        ('dc.title cql.all "a b c"', "@and @and @attr 1=4 a @attr 1=4 b @attr 1=4 c"),
        ('dc.title any "a* ^b"', "@or @attr 1=4 @attr 5=1 a @attr 1=4 @attr 3=1 b"),
        ("dc.title == fish", f"@attr 1=4 {EXACT} fish"),
        ('dc.title exact "a b"', f'@attr 1=4 {EXACT} "a b"'),
        ("dc.title scr fish", "@attr 1=4 fish"),
        ("date < 2000", "@attr 1=30 @attr 2=1 2000"),
        ("date <= 2000", "@attr 1=30 @attr 2=2 2000"),
        ("date >= 2000", "@attr 1=30 @attr 2=4 2000"),
        ("date > 2000", "@attr 1=30 @attr 2=5 2000"),
        ("date <> 2000", "@attr 1=30 @attr 2=6 2000"),
        ('date within "1990 1999"', "@and @attr 1=30 @attr 2=4 1990 @attr 1=30 @attr 2=2 1999"),
        ("date encloses 1995", "@attr 1=30 @attr 2=encloses 1995"),
        ("title = fish*", "@attr 1=4 @attr 5=1 fish"),
        ("title = *fish", "@attr 1=4 @attr 5=2 fish"),
        ("title = *fish*", "@attr 1=4 @attr 5=3 fish"),
        ("title = f?sh", '@attr 1=4 @attr 5=104 "f#sh"'),
        ('title = "f*sh #1?"', r'@attr 1=4 @attr 4=1 @attr 5=104 "f?sh \\#1#"'),
        ("title = *", "@attr 1=4 @attr 5=104 ?"),
        (r"title = fish\*", "@attr 1=4 fish*"),
        (r'title = "say \"fish\" \\ \^ \?"', r'@attr 1=4 @attr 4=1 "say \"fish\" \\ ^ ?"'),
        ('title = "^a b"', '@attr 1=4 @attr 3=1 @attr 4=1 "a b"'),
        ('title = "a b^"', '@attr 1=4 @attr 3=4 @attr 4=1 "a b"'),
        ('title = "^a b^"', '@attr 1=4 @attr 3=1 @attr 4=1 @attr 6=3 "a b"'),
        ('title = ""', '@attr 1=4 ""'),
        ("title\t=\nfish", "@attr 1=4 fish"),
        ("title = no\u00a0break", '@attr 1=4 @attr 4=1 "no\u00a0break"'),
        ("title =/stem fish", "@attr 1=4 @attr 2=101 fish"),
        ("title =/cql.phonetic fish", "@attr 1=4 @attr 2=100 fish"),
        ("title ==/relevant x", f"@attr 1=4 {EXACT} @attr 2=102 x"),
        ("title =/string x", "@attr 1=4 @attr 4=108 x"),
        (r'title =/regexp "a.*\d?"', r'@attr 1=4 @attr 5=102 "a.*\\d?"'),
        ("title =/unmasked a*", "@attr 1=4 @attr 5=100 a*"),
        ("title =/masked a*", "@attr 1=4 @attr 5=1 a"),
        ("cql.allRecords = 1", "@attr 1=_ALLRECORDS @attr 2=103 1"),
        ("cql.resultSetId = earlier", "@set earlier"),
        ("rec.id = 5", "@attr 1=12 5"),
        ("bath.isbn = 5", "@attr 1=7 5"),
        ("bib.titleSeries = x", "@attr 1=5 x"),
        ('"Date/time-last-modified" > 2024', "@attr 1=Date/time-last-modified @attr 2=5 2024"),
        ("bib1.1007 = x", "@attr 1=1007 x"),
        ("bib1.title = x", "@attr 1=title x"),
        ("title =/bib1.position=2/bib1.7=1 x", "@attr 1=4 @attr 3=2 @attr 7=1 x"),
        ('title =/bib1.structure="" "a b"', '@attr 1=4 "a b"'),
        ("title =/bib1.termType=numeric 4", "@attr 1=4 @term numeric 4"),
        ('> g = "urn:oid:1.2.840.10003.3.5" g.2008 = x', "@attrset gils @attr 1=2008 x"),
        ('> d = "info:srw/cql-context-set/1/dc-v1.1" d.title = x', "@attr 1=4 x"),
        ('> "http://purl.org/dc/elements/1.1/" title = x', "@attr 1=4 x"),
        ("a and b or c not d", f"@not @or @and {ANY} a {ANY} b {ANY} c {ANY} d"),
        ("a AND (b Or c)", f"@and {ANY} a @or {ANY} b {ANY} c"),
        ("((((a))))", f"{ANY} a"),
        ("and", f"{ANY} and"),
        ("a prox b", f"@prox 0 1 0 2 k 2 {ANY} a {ANY} b"),
        ("a prox/unit=sentence b", f"@prox 0 0 0 2 k 3 {ANY} a {ANY} b"),
        ("a prox/distance>3/ordered b", f"@prox 0 3 1 5 k 2 {ANY} a {ANY} b"),
        ("a prox/bib1.privateUnit=7/bib1.exclusion b", f"@prox 1 0 0 2 p 7 {ANY} a {ANY} b"),
    ],
)
def test_a_query_in_cql_asks_the_same_as_one_in_pqf(query, same):
    assert cql.read(query) == pqf.read(same)


def test_a_prefix_holds_to_the_end_of_its_parentheses():
    given_ = (
        '(> t = "info:srw/cql-context-set/1/dc-v1.1" t.title = a and t.date = b) and rec.id = c'
    )

    assert cql.read(given_) == cql.read("(dc.title = a and dc.date = b) and rec.id = c")
    with pytest.raises(QueryError) as error:
        cql.read(given_ + " and t.title = d")
    assert (error.value.sru, error.value.addinfo) == (15, "t")


def test_what_bib_1_has_no_word_for_is_kept():
    query = cql.read("title =/fuzzy/bib.role=author/locale=vi x or/rel.combine=sum title = y")
    kept = (
        Modifier(URIS["cql"], "fuzzy"),
        Modifier(URIS["bib"], "role", "=", "author"),
        Modifier(URIS["cql"], "locale", "=", "vi"),
    )
    use = (Attribute(1, 4),)
    combine = (Modifier(URIS["rel"], "combine", "=", "sum"),)

    assert query.root == Joined(
        Operator.OR, Term("x", use, modifiers=kept), Term("y", use), None, combine
    )


def test_the_order_is_read_by_keys():
    query = cql.read("fish sortBy dc.date/sort.descending/sort.missingLow title/ascending")

    assert query.sort == (
        SortKey((Attribute(1, 30),), True, (Modifier(URIS["sort"], "missinglow"),)),
        SortKey((Attribute(1, 4),)),
    )


@pytest.mark.parametrize(
    ("query", "number", "position"),
    [
        ("", 10, 0),
        ("   ", 10, 3),
        ("a and", 10, 5),
        ("and b", 10, 4),
        ("a b", 10, 2),
        ("title =", 10, 7),
        ("= a", 10, 0),
        ("title = a b", 10, 10),
        ("a = b = c", 10, 6),
        ("title = (a)", 10, 8),
        ("()", 10, 1),
        ("a/b", 10, 1),
        ('title "a b" c', 10, 7),
        ("a sortby", 10, 8),
        ("(a sortby title)", 13, 0),
        ("(a", 13, 0),
        ("a and (b or (c)", 13, 6),
        ("a)", 13, 1),
        ('title = "a', 14, 8),
        ("a \\", 10, 3),
        ("foo.bar = a", 15, 0),
        ('> dc = "info:x" dc.title = a', 15, 16),
        ("dc.foo = a", 16, 0),
        ("dc.rights = a", 16, 0),
        ("12 = a", 16, 0),
        ('"" = a', 16, 1),
        ("bib1. = a", 16, 0),
        ("bib1.1234567890123456789 = a", 16, 0),
        ("title near b", 19, 6),
        ("title =/foo b", 20, 8),
        ("title =/foo.bar b", 15, 8),
        ("title =/bib1.foo=1 b", 20, 8),
        ("title =/bib1.position<1 b", 20, 8),
        ("title =/bib1.termType=foo b", 20, 8),
        ("title =/stem/relevant b", 21, 13),
        ("title </stem b", 21, 8),
        ("cql.resultSetId < a", 22, 16),
        (r"title = a\b", 26, 9),
        ("title = a^b", 32, 8),
        ("title == ^a", 32, 9),
        ('title any ""', 27, 11),
        ("date within 1990", 36, 12),
        ('date within "1990 199*"', 36, 13),
        ("a or/foo b", 46, 5),
        ("a prox/foo b", 46, 7),
        ("a prox/unit=mile b", 42, 7),
        ("a prox/bib1.unit=x b", 42, 7),
        ("a prox/distance=x b", 41, 7),
        ("a prox/distance b", 40, 7),
        ('> x = "info:a" > x = "info:b" a', 45, 17),
        ("a sortby title/foo", 80, 15),
        ("a sortby title/cql.stem", 80, 15),
        ("a sortby foo.title", 15, 9),
    ],
)
def test_a_wrong_query_has_its_number_and_its_place(query, number, position):
    with pytest.raises(QueryError) as error:
        cql.read(query)

    assert (error.value.sru, error.value.position) == (number, position)


@given(queries())
def test_what_is_written_reads_back_equal(query):
    assert cql.read(cql.write(query)) == query


@pytest.mark.parametrize(
    "query",
    [
        "fish",
        'dc.title = "Truyện Kiều"',
        "dc.title = a or dc.title = b* or dc.title = ^c",
        "dc.title == x",
        "a and (b or c) not d",
        "dc.date >= 1990 and dc.date <= 1999",
        "dc.title =/stem x prox/unit=word/distance<=3/ordered y",
        "dc.title = x sortby dc.date/sort.descending dc.title",
        "cql.resultSetId = x",
        "cql.allRecords = 1",
        "bath.isbn = 5",
        r'dc.title =/regexp "a.*\d \"b\""',
        "dc.title =/unmasked a*",
        'dc.title = "and"',
        '> gils = "urn:oid:1.2.840.10003.3.5" gils.2008 = x',
        '> bib1 = "urn:oid:1.2.840.10003.3.1" bib1.9 = x',
        '> p0 = "info:x" dc.title =/p0.weight=2 x',
    ],
)
def test_a_usual_query_is_written_as_people_write_it(query):
    assert cql.write(cql.read(query)) == query


def test_a_nearness_without_a_known_relation_cannot_be_written():
    near = Joined(Operator.PROX, Term("a"), Term("b"), Proximity(relation=9))
    with pytest.raises(QueryError) as error:
        cql.write(Query(near))

    assert (error.value.bib1, error.value.addinfo) == (131, "9")


@pytest.mark.parametrize("levels", [300, MAX_DEPTH])
@pytest.mark.parametrize("right", [True, False])
def test_deep_nesting_is_read_and_written(levels, right):
    query = Query(chain(levels, right=right))

    assert depth(cql.read(cql.write(query)).root) == levels
    assert cql.read(cql.write(query)) == query


@pytest.mark.parametrize(
    "query",
    [
        "(" * 30_000 + "x" + ")" * 30_000,
        "(a or " * 30_000 + "x" + ")" * 30_000,
        " or ".join("x" * 30_000),
        f'title any "{"x " * 30_000}"',
    ],
)
def test_nesting_beyond_measure_is_refused(query):
    with pytest.raises(QueryError) as error:
        cql.read(query)

    assert (error.value.bib1, error.value.sru) == (6, 38)


def test_too_many_operators_are_refused():
    part = "(" + " or ".join("x" * 500) + ")"
    with pytest.raises(QueryError) as error:
        cql.read(" or ".join([part] * 30))

    assert (error.value.bib1, error.value.sru) == (6, 38)


def test_too_many_modifiers_are_refused():
    many = "".join(f"/bib1.{kind}=1" for kind in range(1, 30_000))
    with pytest.raises(QueryError) as error:
        cql.read(f"title any{many} x")

    assert (error.value.sru, error.value.addinfo) == (10, "bib1.101")


def test_too_many_prefixes_are_refused():
    with pytest.raises(QueryError) as error:
        cql.read("".join(f'> a{number} = "info:x" ' for number in range(1_000)) + "x")

    assert error.value.sru == 15


@pytest.mark.parametrize("index", sorted(INDEXES))
def test_every_index_is_searchable_or_refused_by_its_name(index):
    name = ".".join(index)
    if INDEXES[index]:
        assert cql.read(f"{name} = x").root == Term("x", INDEXES[index])
        return
    with pytest.raises(QueryError) as error:
        cql.read(f"{name} = x")

    assert (error.value.sru, error.value.addinfo) == (16, name)


def test_every_name_that_is_written_is_read_as_the_same_attributes():
    read = {found: cql.read(f"{name} = x").root for found, name in NAMES.items()}

    assert read == {found: Term("x", found) for found in NAMES}


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_every_relation_of_the_table_is_read(relation):
    assert cql.read(f'title {relation} "1 2"')


@pytest.mark.parametrize("modifier", sorted(MODIFIERS))
def test_every_modifier_of_the_table_is_read(modifier):
    assert cql.read(f"title =/{modifier.upper()} x")


def test_an_attribute_set_needs_no_prefix_of_its_own():
    query = f'> "urn:oid:{GILS}" 2008 = x'

    assert cql.read(query) == pqf.read("@attrset gils @attr 1=2008 x")
