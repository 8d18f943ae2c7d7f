from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue.authorities.keeping import set_widening
from catalogue.database import Database
from catalogue.search import FacetName, Request, engine, planned
from catalogue.search.model import SortField, Sorting
from catalogue.search.plain import query
from catalogue.search.telling import told
from support.authorities import WRITERS, take_table
from support.indexed import index
from support.marc import marc
from support.searching import search, search_cql, search_pqf

SHELF = [
    marc("001 1", "100 1_$aNguyễn, Du,$d1765-1820$0(viaf)1", "245 10$aTruyện Kiều"),
    marc("001 2", "100 0_$aTố Như", "245 10$aThanh Hiên thi tập"),
    marc("001 3", "100 1_$aTrần, Hữu Tri", "245 10$aChí Phèo"),
    marc("001 4", "100 0_$aNam Cao", "245 10$aLão Hạc"),
    marc("001 5", "245 00$aSổ tay", "650 _7$aHội chứng suy giảm miễn dịch mắc phải"),
    marc("001 6", "245 00$aNgừa bệnh", "653 __$aSIDA"),
    marc("001 7", "100 1_$aTô, Nhu", "245 10$aĐại số"),
    marc("001 8", "245 00$aTố như là gì"),
    marc("001 9", "100 1_$aDu, Nguyễn", "245 10$aBắc hành tạp lục"),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request):
    with request.getfixturevalue(f"{request.param}_engine").fresh() as url:
        database = Database.open(url)
        index(database, SHELF)
        take_table(database)
        yield database
        database.close()


def ids(found):
    return sorted(int(hit.public_id[1:]) for hit in found.hits)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # All kinds of names of one person, with marks and without, in either order.
        ("to nhu", [1, 2, 7, 8, 9]),
        ('"tố như"', [1, 2, 7, 8, 9]),
        ("nguyen du", [1, 2, 9]),
        ("Du Nguyễn", [1, 2, 9]),
        ("nam cao", [3, 4]),
        ("tri huu tran", [3]),
        ("hữu tri trần", [3, 4]),
        ("AIDS", [5, 6]),
        # Only whole names.
        ("nguyen", [1, 9]),
        ("truyện nguyễn du", [1]),
        ('truyện "tố như"', [1]),
        ("nam ca*", [4]),
        ("nam", [4]),
    ],
)
def test_who_looks_for_one_name_finds_what_stands_under_the_others(shelf, words, expected):
    assert ids(search(shelf, words, see=True)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('dc.creator = "to nhu"', [1, 2, 7, 9]),
        ('dc.creator = "tố như"', [1, 2, 7, 9]),
        ('dc.creator all "như tố"', [1, 2, 7, 9]),
        ("dc.subject = sida", [5, 6]),
        ('dc.title = "to nhu"', [8]),
        ('dc.creator = "tố như" not dc.creator = "nguyễn du"', [2, 7, 9]),
        ('dc.creator =/accents=1 "tố như"', [2]),
        ('dc.creator = "tô như"', [2, 7]),
        ('dc.creator = "tố như" and dc.title = "truyện kiều"', [1]),
        ('dc.creator = "tố như" or dc.creator = "nam cao"', [1, 2, 3, 4, 7, 9]),
    ],
)
def test_cql_is_widened_where_it_looks_for_names_and_subjects(shelf, text, expected):
    assert ids(search_cql(shelf, text, see=True)) == expected


def test_pqf_is_widened_likewise(shelf):
    assert ids(search_pqf(shelf, '@attr 1=1003 "to nhu"', see=True)) == [1, 2, 7, 9]
    assert ids(search_pqf(shelf, '@attr 1=1003 "to nhu"')) == [2, 7]


def test_what_has_the_words_typed_stands_first(shelf):
    found = search(shelf, "tố như", see=True)

    assert [hit.title for hit in found.hits][:1] == ["Tố như là gì"]
    assert {hit.title for hit in found.hits[1:3]} == {"Thanh Hiên thi tập", "Đại số"}


def test_only_names_that_headings_begin_with_are_looked_for(shelf):
    [also] = search(shelf, "hữu tri trần", see=True).also

    assert also.names == ("Nam Cao, 1915-1951",)
    assert not search(shelf, "galbraith robert", see=True).also


def test_hits_tell_what_else_was_looked_for(shelf):
    [also] = search(shelf, "tố như", see=True).also

    assert (also.typed, also.heading, also.code, also.number) == (
        "to nhu",
        "Nguyễn Du, 1765-1820",
        "thu",
        "p1",
    )
    assert also.names == ("Nguyễn Du, 1765-1820",)
    assert not search(shelf, "truyện kiều", see=True).also
    assert not search(shelf, "tố như").also


def test_pages_of_ids_are_those_of_hits(shelf):
    request = Request(wanted=planned(query("tố như")), see=True, by_work=False)
    hits = [hit.public_id for hit in engine(shelf).search(request).hits]

    assert engine(shelf).ids(request) == (5, tuple(hits))


@pytest.mark.parametrize("words", ["tố như", "to nhu", "nguyen du", "AIDS", 'truyện "tố như"'])
def test_pages_one_behind_the_other_are_the_whole_of_a_widened_search(shelf, words):
    for sort in ((), (Sorting(SortField.TITLE),)):
        request = Request(wanted=planned(query(words)), see=True, by_work=False, sort=sort)
        whole = engine(shelf).search(request)
        first = page = engine(shelf).page(replace(request, limit=1))
        walked = [*page.hits]
        while page.last is not None:
            page = engine(shelf).page(replace(request, limit=1), page.last)
            walked += page.hits

        assert walked == [*whole.hits]
        assert (first.total, first.also) == (whole.total, whole.also)


def test_facets_and_narrowing_count_what_was_added(shelf):
    found = search(shelf, "tố như", see=True, facets=(FacetName.AUTHOR,))
    counted = dict(found.facets)[FacetName.AUTHOR]
    narrowed = ((FacetName.AUTHOR, "Du, Nguyễn"),)

    assert sum(each.hits for each in counted) == 4
    assert ids(search(shelf, "tố như", see=True, narrowed=narrowed)) == [9]


def test_each_part_that_see_references_add_is_told_with_what_it_costs(shelf):
    costs = engine(shelf).costs(Request(wanted=planned(query("aids", "subject")), see=True))

    assert [told(each.part) for each in costs][:1] == ["OR"]
    assert "subject: sida" in [told(each.part) for each in costs]


def test_a_list_may_be_kept_from_widening(shelf):
    set_widening(shelf, "thu", widens=False)
    try:
        assert ids(search(shelf, "nam cao", see=True)) == [4]
    finally:
        set_widening(shelf, "thu", widens=True)


def test_a_name_that_leads_to_too_many_widens_nothing(shelf):
    rows = "".join(f"Người {each}\tperson\tTố Như\tx{each}\t\n" for each in range(7))
    take_table(shelf, f"{WRITERS}{rows}")
    try:
        assert ids(search(shelf, '"tố như"', see=True)) == [2, 7, 8]
    finally:
        take_table(shelf)
