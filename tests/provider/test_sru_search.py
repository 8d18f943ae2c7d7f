"""searchRetrieve: what is found, which part of it comes, in which form; whatever the version."""

from __future__ import annotations

import pytest

from protocols.sru.names import Version
from provider.lookup import Lookup
from support.filled import deliver, settle
from support.oai_schema import schema
from support.searching import search_cql
from support.sru import Answer, asking, fill, request, service

ALL = "cql.allRecords = 1"
VERSIONS = list(Version)


@pytest.fixture
def hub(database):
    fill(database)
    return database


@pytest.fixture
def ask(hub):
    return asking(service(hub))


@pytest.fixture
def quick(small):
    return asking(service(small))


def test_what_is_found_is_what_the_search_engine_finds(hub, ask):
    for query in ("truyện", "dc.creator = nguyen", "dc.date >= 1999", "chuyen not ma", ALL):
        hits = search_cql(hub, query).hits
        answer = ask(version="1.2", operation="searchRetrieve", query=query)

        assert answer.titles == [each.title for each in hits]
        assert answer.texts("s:records/s:record/s:recordIdentifier") == [h.public_id for h in hits]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("dc.title = truyen", ["Truyện Kiều"]),
        ("dc.title = TRUYỆN", ["Truyện Kiều"]),
        ("dc.title = dat", ["Đất rừng phương Nam"]),
        ("dc.title =/accents ma", ["Chuyện con ma"]),
        ('dc.title = "con mã"', ["Chuyện con mã", "Chuyện con ma"]),
        ("dc.creator any Phung", ["Số đỏ"]),
        ("bath.isbn = 978-604-69-7771-1", ["Truyện Kiều"]),
    ],
)
def test_vietnamese_is_found_with_and_without_marks(quick, query, titles):
    assert quick(query=query).titles == titles


@pytest.mark.parametrize("version", VERSIONS)
def test_pages_follow_each_other_to_the_end(quick, version):
    titles, start = [], "1"
    while start:
        answer = quick(version=version, operation="searchRetrieve", query=f"{ALL} sortby dc.title",
                       startRecord=start, maximumRecords=4)  # fmt: skip
        places = answer.texts("s:records/s:record/s:recordPosition")
        titles += zip(places, answer.titles, strict=True)
        start = answer.following

    assert titles == [
        ("1", "Chuyện con ma"),
        ("2", "Chuyện con mã"),
        ("3", "Đất rừng phương Nam"),
        ("4", "Mắt biếc"),
        ("5", "Số đỏ"),
        ("6", "Truyện Kiều"),
    ]


def test_no_more_records_come_than_the_server_gives_at_once(small):
    answer = asking(service(small, most_records=2))(query=ALL, maximumRecords=1000)

    assert (answer.total, len(answer.records), answer.following) == (6, 2, "3")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_search_for_no_records_counts_them(quick, version):
    answer = quick(version=version, operation="searchRetrieve", query=ALL, maximumRecords=0)

    assert (answer.total, answer.records, answer.following) == (6, [], "1")
    assert answer.diagnostics == []


def test_nothing_found_is_no_fault(quick):
    answer = quick(query="không-có-gì-hết")

    assert (answer.total, answer.records, answer.following, answer.diagnostics) == (0, [], "", [])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"query": "dc.title=(="}, (10, "(")),
        ({"query": "dc.nosuch=x"}, (16, "dc.nosuch")),
        ({"query": "foo.bar=x"}, (15, "foo")),
        ({"query": "dc.title=/fuzzy x"}, (20, "fuzzy")),
        ({"query": "dc.title encloses x"}, (19, "encloses")),
        ({"query": "cql.resultSetId = a"}, (50, "a")),
        ({"query": "a prox/unit=sentence b"}, (42, "3")),
        ({"query": "x" * 10_001}, (12, "10000")),
        ({"query": ""}, (7, "query")),
        ({"query": "x\0"}, (6, "query")),
        ({"query": "x", "startRecord": "0"}, (6, "startRecord")),
        ({"query": "x", "startRecord": "one"}, (6, "startRecord")),
        ({"query": "x", "maximumRecords": "ten"}, (6, "maximumRecords")),
        ({"query": "x", "maximumRecords": "-1"}, (62, "-1")),
        ({"query": "x", "recordSchema": "nosuch"}, (66, "nosuch")),
        ({"query": "x", "recordPacking": "zip"}, (71, "zip")),
        ({"query": "x", "recordXPath": "/record"}, (72, "/record")),
        ({"query": "x", "resultSetTTL": "long"}, (6, "resultSetTTL")),
        ({"query": "x", "stylesheet": "https://elsewhere.example/x.xsl"},
         (111, "https://elsewhere.example/x.xsl")),
        ({"query": "x", "stylesheet": "//elsewhere.example/x.xsl"},
         (111, "//elsewhere.example/x.xsl")),
        ({"query": "x", "sortKeys": "nosuch"}, (88, "nosuch")),
        ({"query": "x", "sortKeys": "dc.publisher"}, (88, "dc.publisher")),
        ({"query": "x", "sortKeys": "title,,2"}, (90, "2")),
        ({"query": "x", "sortKeys": "title,,1,1"}, (91, "1")),
        ({"query": "x", "sortKeys": "title,,1,0,omit"}, (92, "omit")),
        ({"query": "x sortby dc.publisher"}, (80, "1018")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_number(quick, version, more, told):
    answer = quick(version=version, operation="searchRetrieve", **more)

    assert (answer.total, answer.records, answer.diagnostics) == (0, [], [told])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_first_record_behind_the_last_is_told_with_how_many_there_are(quick, version):
    answer = quick(version=version, operation="searchRetrieve", query=ALL, startRecord=7)

    assert (answer.total, answer.following, answer.diagnostics) == (6, "", [(61, "7")])


def test_records_too_far_behind_are_refused_and_the_last_ones_given(small):
    ask = asking(service(small, deepest=4))

    last = ask(query=ALL, startRecord=4)
    behind = ask(query=ALL, startRecord=5)

    assert (len(last.records), last.following) == (1, "5")
    assert (behind.total, behind.records, behind.diagnostics) == (6, [], [(61, "5")])


def test_both_ways_to_ask_for_an_order_give_it(quick):
    down = ["Số đỏ", "Truyện Kiều", "Chuyện con ma"]
    query = '(dc.title any "do kieu ma") not dc.title =/accents mã'

    assert quick(query=f"{query} sortby dc.date/sort.descending").titles == down
    assert quick(query=query, sortKeys="date,,0").titles == down
    assert quick(query=query, sortKeys="dc.date,,1").titles == down[::-1]
    assert quick(query=query, sortKeys="dc.creator dc.date,,0").titles == [
        "Truyện Kiều",
        "Chuyện con ma",
        "Số đỏ",
    ]


def test_of_two_orders_the_query_s_holds_and_it_is_told(quick):
    answer = quick(query=f"{ALL} sortby dc.title", sortKeys="dc.title,,0", maximumRecords=1)

    assert answer.titles == ["Chuyện con ma"]
    assert answer.diagnostics == [(94, "")]


@pytest.mark.parametrize("version", VERSIONS)
def test_records_packed_as_text_are_the_same_records(quick, version):
    name = "recordXMLEscaping" if version == "2.0" else "recordPacking"
    asked = {"version": version, "operation": "searchRetrieve", "query": "kieu"}
    packed, plain = quick(**asked, **{name: "string"}), quick(**asked)

    assert b"&lt;record" in packed.body
    assert packed.texts(f"s:records/s:record/s:{name}") == ["string"]
    assert packed.titles == plain.titles == ["Truyện Kiều"]


@pytest.mark.parametrize(
    ("asked", "uri", "root"),
    [
        ("", "info:srw/schema/1/marcxml-v1.1", "{http://www.loc.gov/MARC21/slim}record"),
        ("marcxml", "info:srw/schema/1/marcxml-v1.1", "{http://www.loc.gov/MARC21/slim}record"),
        ("MARC21", "info:srw/schema/1/marcxml-v1.1", "{http://www.loc.gov/MARC21/slim}record"),
        ("info:srw/schema/1/marcxml-v1.1", "info:srw/schema/1/marcxml-v1.1",
         "{http://www.loc.gov/MARC21/slim}record"),
        ("http://www.loc.gov/MARC21/slim/", "info:srw/schema/1/marcxml-v1.1",
         "{http://www.loc.gov/MARC21/slim}record"),
        ("dc", "info:srw/schema/1/dc-v1.1", "{info:srw/schema/1/dc-schema}dc"),
        ("info:srw/schema/1/dc-v1.1", "info:srw/schema/1/dc-v1.1",
         "{info:srw/schema/1/dc-schema}dc"),
        ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/",
         "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"),
        ("mods", "info:srw/schema/1/mods-v3.7", "{http://www.loc.gov/mods/v3}mods"),
        ("info:srw/schema/1/mods-v3.3", "info:srw/schema/1/mods-v3.7",
         "{http://www.loc.gov/mods/v3}mods"),
    ],
)  # fmt: skip
def test_records_come_in_the_schema_asked_for_by_name_or_uri(quick, asked, uri, root):
    answer = quick(query="kieu", recordSchema=asked)

    assert answer.texts("s:records/s:record/s:recordSchema") == [uri]
    assert [each.tag for each in answer.records] == [root]


def test_records_are_valid_in_their_schemas(quick, shared):
    for name, path in (
        ("marcxml", "loc/MARC21slim.xsd"),
        ("mods", "loc/mods-3-7.xsd"),
        ("oai_dc", "oai2/oai_dc.xsd"),
    ):
        published = schema(shared, path)
        answer = quick(query=ALL, recordSchema=name)

        assert len(answer.records) == 6
        for record in answer.records:
            published.assertValid(record)


def test_both_kinds_of_dublin_core_say_the_same(quick):
    def said(name):
        (record,) = quick(query="kieu", recordSchema=name).records
        return [(each.tag, each.text) for each in record]

    assert said("dc") == said("oai_dc")
    assert ("{http://purl.org/dc/elements/1.1/}title", "Truyện Kiều") in said("dc")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_withdrawn_after_it_was_found_keeps_its_place(hub, version):
    class Slow(Lookup):
        def find(self, *asked, **more):
            found = super().find(*asked, **more)
            deliver(hub, "NLV", {"so-do": None})
            settle(hub)
            return found

    ask = asking(service(hub, lookup=Slow(hub)))
    query = 'dc.creator any "phung du" sortby dc.title'
    answer = ask(version=version, operation="searchRetrieve", query=query)

    assert answer.texts("s:records/s:record/s:recordPosition") == ["1", "2"]
    assert answer.texts("s:records/s:record/s:recordSchema") == [
        "info:srw/schema/1/diagnostics-v1.1",
        "info:srw/schema/1/marcxml-v1.1",
    ]
    path = "s:records/s:record/s:recordData/d:diagnostic/d:uri"
    assert answer.texts(path) == ["info:srw/diagnostic/1/65"]
    assert answer.diagnostics == []


def test_a_library_s_database_holds_what_the_library_has(small):
    server = service(small)

    assert asking(server, "HCM")(query=f"{ALL} sortby dc.title").titles == [
        "Mắt biếc",
        "Truyện Kiều",
    ]
    assert asking(server, "hcm")(query=ALL).total == 2
    assert asking(server, "elsewhere")(query=ALL).diagnostics == [(235, "elsewhere")]
    assert asking(server, "live")(query=ALL).diagnostics == [(235, "live")]


def test_words_may_be_sent_as_they_are_typed_in_2_0(quick):
    assert quick(query="kieu nguyen", queryType="searchTerms").titles == ["Truyện Kiều"]
    assert quick(query="...", queryType="searchTerms").diagnostics == [(6, "query")]
    assert quick(query="x", queryType="sql").diagnostics == [(11, "sql")]


def test_what_other_servers_take_is_left_aside(quick):
    answer = quick(query="kieu", extraRequestData="<x/>", resultSetTTL=300, **{"x-info-5": "y"})

    assert (answer.total, answer.diagnostics) == (1, [])


def test_a_parameter_that_cannot_be_had_is_named_when_left_aside(quick):
    answer = quick(query="kieu", facetRangeField="dc.date")

    assert (answer.total, answer.diagnostics) == (1, [(8, "facetRangeField")])


def test_two_values_of_a_parameter_are_refused(small):
    from provider.model import Request
    from provider.sru.respond import respond

    twice = Request(arguments=(("query", "a"), ("query", "b")))

    assert Answer(respond(service(small), "union", twice).body).diagnostics == [(6, "query")]


def test_a_stylesheet_of_this_server_is_named_in_the_answer(quick):
    answer = quick(query="kieu", stylesheet="/static/sru.xsl")

    assert b'<?xml-stylesheet type="text/xsl" href="/static/sru.xsl"?>' in answer.body
    assert quick(query="x", stylesheet="http://127.0.0.1:8080/a.xsl").diagnostics == []
    assert quick(query="x", stylesheet="http://127.0.0.1:80800/a").diagnostics[0][0] == 111


def test_the_type_of_the_answer_may_be_asked_for_in_2_0(small):
    from provider.sru.respond import respond

    def kind(accepted):
        asked = request(query="kieu", httpAccept=accepted)
        return respond(service(small), "union", asked).headers["Content-Type"]

    assert kind("application/sru+xml") == "application/sru+xml; charset=utf-8"
    assert kind("text/html, application/xml;q=0.9") == "application/xml; charset=utf-8"
    assert kind("*/*") == "text/xml; charset=utf-8"
    assert asking(service(small))(query="x", httpAccept="image/png").diagnostics == [
        (6, "httpAccept")
    ]


def test_a_view_that_is_not_indexed_yet_is_not_available(database):
    answer = asking(service(database, lookup=Lookup(database, view="staff-only")))(query="x")

    assert answer.diagnostics == [(2, "")]
