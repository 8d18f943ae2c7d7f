"""Facets of SRU 2.0: counted over all that is found, each with the query that narrows to it."""

from __future__ import annotations

import pytest

from catalogue.database import Database
from support.filled import add_library, book, deliver, settle
from support.sru import asking, fill, service

ALL = "cql.allRecords = 1"
ODD = 'Một "nhan đề phụ" * ? ^ \\ lạ'


def filled(database):
    fill(database)
    add_library(database, "ODD", "Thư viện có đề mục lạ")
    deliver(database, "ODD", {"o": book("Sách lạ", subject=ODD, author="Tô Hoài")})
    settle(database)
    return asking(service(database))


@pytest.fixture(scope="module")
def ask(sqlite_engine):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield filled(database)
        database.close()


def values(answer):
    return dict(
        zip(
            answer.texts(".//f:term/f:actualTerm"),
            map(int, answer.texts(".//f:term/f:count")),
            strict=True,
        )
    )


def test_values_of_a_facet_come_with_how_many_have_them(ask):
    assert values(ask(query=ALL, facetLimit="10:dc.date")) == {
        "2020": 2,
        "1999": 2,
        "2004": 1,
        "1985": 1,
        "1936": 1,
    }
    assert values(ask(query="truyen", facetLimit="5:dc.creator")) == {"Nguyễn Du": 1, "Thế Lữ": 1}


def test_a_number_alone_asks_for_all_facets(ask):
    answer = ask(query=ALL, facetLimit="1", maximumRecords=0)

    assert answer.texts(".//f:facet/f:index") == [
        "dc.type",
        "dc.date",
        "dc.language",
        "bath.possessingInstitution",
        "dc.subject",
        "dc.creator",
    ]
    assert len(values(answer)) == 6


def test_each_value_s_query_finds_as_many_as_were_counted(database):
    ask = filled(database)
    answer = ask(query=f"{ALL} sortby dc.title", facetLimit="50")
    queries, counts = answer.texts(".//f:term/f:query"), answer.texts(".//f:term/f:count")

    assert len(queries) >= 20
    assert [ask(query=each, maximumRecords=0).total for each in queries] == [*map(int, counts)]


def test_a_long_query_is_not_repeated_for_every_value(ask):
    long = " or ".join(f"dc.title = kieu{number}" for number in range(100)) + " or kieu"
    answer = ask(query=long, facetLimit="1:subject")

    assert answer.texts(".//f:term/f:query") == ['dc.subject ==/respectaccents "Thơ"']


def test_facets_can_be_asked_for_by_index_limit_and_start(ask):
    answer = ask(query=ALL, facetLimit="1:dc.subject,1:dc.date", facetStart="2:dc.date")

    assert values(answer) == {"Tiểu thuyết": 2, "2020": 2} or values(answer) == {
        "Tiểu thuyết": 2,
        "1999": 2,
    }
    assert ask(query=ALL, facetLimit="2,1:dc.date").texts(".//f:facet/f:index") == ["dc.date"]
    assert values(ask(query=ALL, facetLimit="0:dc.date")) == {}


def test_facets_of_nothing_are_empty(ask):
    answer = ask(query="không-có-gì", facetLimit="5")

    assert (answer.total, values(answer)) == (0, {})
    assert b"facetedResults" in answer.body


def test_older_versions_have_no_facets(ask):
    answer = ask(version="1.2", operation="searchRetrieve", query=ALL, facetLimit="5")

    assert b"facet" not in answer.body


def test_an_order_that_cannot_be_had_is_told_beside_the_facets(ask):
    answer = ask(query=ALL, facetLimit="5:dc.date", facetSort="alphanumeric")

    assert len(values(answer)) == 5
    assert answer.diagnostics == [(6, "facetSort")]
    assert ask(query=ALL, facetLimit="5", facetSort="recordCount,descending").diagnostics == []


@pytest.mark.parametrize("limit", ["x", "-1", "5:dc.title", "5:nosuch.x", "5:", "5:(", "5:a and b"])
def test_a_limit_that_cannot_be_read_is_refused(ask, limit):
    assert ask(query=ALL, facetLimit=limit).diagnostics[0][0] == 6


def test_no_more_values_come_than_the_server_gives_at_once(ask):
    assert ask(query=ALL, facetLimit="999999", facetStart="999999").diagnostics == []
