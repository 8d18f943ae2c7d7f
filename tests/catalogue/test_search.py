from __future__ import annotations

import pytest

from catalogue.database import Database
from catalogue.errors import ViewNotSearched
from catalogue.search import Request, engine, planned
from catalogue.search.plain import query
from protocols import pqf
from support.pages import Book, add_source, books, deliver, place_all
from support.searching import search


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hub(request):
    """Give a hub that is only searched: once for all who search it."""
    shelf = [
        ("a", Book(title="Đất rừng phương Nam", author="Đoàn Giỏi", isbn="9786042093026")),
        ("b", Book(title="Số đỏ")),
        ("c", Book(title="Bàn về Số đỏ", author="Nguyễn Hòa")),
    ]
    with request.getfixturevalue(f"{request.param}_engine").fresh() as url:
        database = Database.open(url)
        add_source(database)
        deliver(database, "s1", *books(shelf))
        place_all(database)
        yield database
        database.close()


@pytest.mark.parametrize(
    "words",
    ["dat rung", "ĐẤT RỪNG", "giỏi đất", "9786042093026", "978-604-209-302-6", "da\u0302\u0301t"],
)
def test_marks_case_order_and_hyphens_do_not_matter(hub, words):
    assert [hit.title for hit in search(hub, words).hits] == ["Đất rừng phương Nam"]


def test_all_words_must_be_there(hub):
    assert search(hub, "dat do").total == 0


@pytest.mark.parametrize("words", ["", " ", '"', "a OR b", "*", "') --", "\x00", "NEAR(a b)", "%"])
def test_no_query_is_an_error(hub, words):
    assert search(hub, words).total == 0


def test_a_title_that_begins_with_the_words_comes_first(hub):
    assert [hit.title for hit in search(hub, "so do").hits] == ["Số đỏ", "Bàn về Số đỏ"]


def test_hits_come_by_pages_and_are_counted_whole(hub):
    page = search(hub, "van hoc", limit=2, offset=2)

    assert (page.total, len(page.hits)) == (3, 1)


@pytest.mark.parametrize(
    "text",
    [
        '"văn học"',
        '"van hoc"',
        "@or @attr 1=4 đỏ @attr 1=1003 giỏi",
        "@not hoc @attr 1=4 bàn",
        '@attr 1=4 "số đỏ"',
        "@attr 1=4 @attr 5=1 s",
        "@attr 1=7 9786042093026",
        "@prox 0 2 0 2 k 2 số về",
        "@attr 1=1003 @attr 3=1 nguyen",
        "@attr 1=_ALLRECORDS @attr 2=103 x",
    ],
)
def test_ids_alone_are_those_of_the_hits(hub, text):
    wanted = planned(pqf.read(text))
    for page in ({"limit": 1}, {"limit": 2}, {"limit": 2, "offset": 2}, {"limit": 9}):
        hits = engine(hub).search(Request(wanted=wanted, by_work=False, **page))

        assert engine(hub).ids(Request(wanted=wanted, **page)) == (
            hits.total,
            tuple(each.public_id for each in hits.hits),
        )


def test_ids_are_not_given_for_a_view_that_is_not_indexed(hub):
    with pytest.raises(ViewNotSearched):
        engine(hub).ids(Request(wanted=planned(query("đỏ")), view="nowhere"))


def test_ids_of_nothing_are_none(hub):
    assert engine(hub).ids(Request(wanted=planned(query("chẳng thấy")))) == (0, ())
