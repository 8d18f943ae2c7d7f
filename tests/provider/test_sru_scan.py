"""scan: terms in Vietnamese order about the one given, each with how many records have it."""

from __future__ import annotations

import pytest

from protocols.sru.names import Version
from support.sru import asking, service

TITLES = [
    "Chuyện con ma",
    "Chuyện con mã",
    "Đất rừng phương Nam",
    "Mắt biếc",
    "Số đỏ",
    "Truyện Kiều",
]


@pytest.fixture
def ask(small):
    return asking(service(small))


def terms(answer):
    return answer.texts("s:terms/s:term/s:value")


def places(answer):
    return answer.texts("s:terms/s:term/s:whereInList")


@pytest.mark.parametrize("version", list(Version))
def test_terms_come_from_the_one_given_on(ask, version):
    answer = ask(version=version, operation="scan", scanClause="dc.title = dat", maximumTerms=3)

    assert terms(answer) == ["Đất rừng phương Nam", "Mắt biếc", "Số đỏ"]
    assert answer.texts("s:terms/s:term/s:numberOfRecords") == ["1", "1", "1"]
    assert places(answer) == ["inner", "inner", "inner"]


@pytest.mark.parametrize(
    ("position", "found"),
    [
        (0, TITLES[4:]),
        (1, TITLES[3:]),
        (2, TITLES[2:5]),
        (3, TITLES[1:4]),
        (4, TITLES[:3]),
    ],
)
def test_the_term_stands_where_it_is_wanted(ask, position, found):
    answer = ask(scanClause='dc.title = "mắt biếc"', maximumTerms=3, responsePosition=position)

    assert terms(answer) == found


def test_a_term_that_is_not_there_stands_where_it_would(ask):
    first = ask(scanClause="dc.title = m", maximumTerms=2, responsePosition=0)

    assert terms(first) == ["Mắt biếc", "Số đỏ"]
    assert places(first) == ["inner", "inner"]


def test_the_ends_of_the_list_are_told(ask):
    assert places(ask(scanClause="dc.title = a"))[::5] == ["first", "last"]
    assert places(ask(scanClause="dc.title = t", responsePosition=2)) == ["inner", "last"]
    assert places(ask(scanClause="dc.title = zz")) == []
    assert places(ask(scanClause="bath.isbn = 1")) == ["only"]


def test_records_are_counted(ask):
    answer = ask(scanClause="dc.subject = a")
    counts = answer.texts("s:terms/s:term/s:numberOfRecords")

    assert dict(zip(terms(answer), counts, strict=True)) == {
        "Thơ": "1",
        "Tiểu thuyết": "2",
        "Truyện ma": "1",
    }


def test_a_library_s_list_has_what_the_library_has(small):
    answer = asking(service(small), "HCM")(scanClause="dc.title = a")

    assert terms(answer) == ["Mắt biếc", "Truyện Kiều"]
    assert places(answer) == []


def test_no_more_terms_come_than_the_server_gives_at_once(small):
    ask = asking(service(small, most_terms=2))

    assert terms(ask(scanClause="dc.title = c", maximumTerms=50)) == TITLES[:2]
    assert terms(ask(scanClause="dc.title = z", maximumTerms=50, responsePosition=51)) == TITLES[4:]


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, (7, "scanClause")),
        ({"scanClause": "dc.nosuch = x"}, (16, "dc.nosuch")),
        ({"scanClause": "dc.date = 1999"}, (16, "30")),
        ({"scanClause": "nosuch = 1999"}, (16, "nosuch")),
        ({"scanClause": "a and b"}, (10, "a and b")),
        ({"scanClause": "dc.title = ("}, (10, "(")),
        ({"scanClause": "dc.title = x sortby dc.title"}, (10, "dc.title = x sortby dc.title")),
        ({"scanClause": "cql.resultSetId = x"}, (10, "cql.resultSetId = x")),
        ({"scanClause": "x" * 10_001}, (12, "10000")),
        ({"scanClause": "dc.title = x", "maximumTerms": 0}, (6, "maximumTerms")),
        ({"scanClause": "dc.title = x", "responsePosition": 22}, (120, "22")),
        ({"scanClause": "dc.title = x", "responsePosition": -1}, (6, "responsePosition")),
    ],
)
def test_what_is_wrong_is_told_by_its_number(ask, version, more, told):
    answer = ask(version=version, operation="scan", **more)

    assert (terms(answer), answer.diagnostics) == ([], [told])
