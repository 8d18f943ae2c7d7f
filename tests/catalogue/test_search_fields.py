from __future__ import annotations

import pytest

from catalogue.database import Database
from catalogue.search import FacetName, Request, ScanRequest, engine, plain, planned
from catalogue.search.expression import Everything
from catalogue.search.facets import MOST_HEADED
from protocols.errors import QueryError
from support.indexed import index
from support.marc import BOOK, marc
from support.searching import search, search_cql, search_pqf

ARTICLE = BOOK[:7] + "a" + BOOK[8:]
SERIAL = BOOK[:7] + "s" + BOOK[8:]
VIE = "008 200101s{}    vm            000 0 {} d"
SHELF = [
    marc(
        "001 1",
        VIE.format(1941, "vie"),
        "020 __$a978-604-2-09302-6",
        "035 __$a(OCoLC)ocm00123",
        "082 04$a895.9223",
        "100 0_$aTô Hoài,$d1920-2014",
        "245 10$aDế Mèn phiêu lưu ký :$btruyện thiếu nhi /$cTô Hoài ; Tạ Thúc Bình vẽ",
        "264 _1$aHà Nội :$bKim Đồng,$c1941",
        "490 1_$aTủ sách vàng",
        "650 _7$aVăn học thiếu nhi$2btkvn",
        "651 _7$aViệt Nam$2btkvn",
    ),
    marc(
        "001 2",
        VIE.format(1957, "vie"),
        "100 0_$aĐoàn Giỏi",
        "245 10$aĐất rừng phương Nam",
        "500 __$aCó lời của Tô Hoài về Dế Mèn",
        "650 _7$aVăn học thiếu nhi$2btkvn",
    ),
    marc("001 3", VIE.format(2001, "vie"), "245 00$aHòa bình và chiến tranh"),
    marc("001 4", VIE.format(2005, "vie"), "245 00$aHoa binh trên đồng"),
    marc("001 5", VIE.format(1999, "vie"), "245 00$aBàn về hoà bình thế giới"),
    marc(
        "001 6",
        VIE.format(1820, "vie"),
        "245 00$aTruyện Kiều",
        "880 10$6245-01$a傳翹 斷腸新聲",
    ),
    marc(
        "001 7",
        VIE.format(2010, "eng"),
        "022 __$a1234-5679",
        "245 00$aJournal of computing",
        leader=SERIAL,
    ),
    marc("001 8", VIE.format(2012, "eng"), "245 00$aTruyện Kiều and computing", leader=ARTICLE),
    marc("001 9", "245 00$aZebra computers"),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request):
    with request.getfixturevalue(f"{request.param}_engine").fresh() as url:
        database = Database.open(url)
        index(database, SHELF, libraries={8: ("L1", "L2")}, works={6: 6, 8: 6})
        yield database
        database.close()


def ids(found):
    return [int(hit.public_id[1:]) for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("@attr 1=4 men", [1]),
        ("@attr 1=1003 hoai", [1]),
        ("@attr 1=1016 hoai", [1, 2]),
        ("@attr 1=21 viet", [1]),
        ("@attr 1=58 viet", [1]),
        ("@attr 1=1079 viet", []),
        ("@attr 1=5 vang", [1]),
        ("@attr 1=1018 kim", [1]),
        ("@attr 1=59 noi", [1]),
        ("@attr 1=63 loi", [2]),
        ("@attr 1=7 9786042093026", [1]),
        ("@attr 1=7 6042093029", [1]),
        ("@attr 1=7 978-604-2-09302-6", [1]),
        ("@attr 1=8 12345679", [7]),
        ("@attr 1=8 1234-5679", [7]),
        ("@attr 1=12 3", [3]),
        ("@attr 1=12 ocm00123", [1]),
        ("@attr 1=12 (OCoLC)ocm00123", [1]),
        ("@attr 1=13 895.9223", [1]),
        ("@attr 1=13 @attr 5=1 895.9", [1]),
        ("@attr 1=54 eng", [7, 8]),
        ("@attr 1=1031 serial", [7]),
        ("@attr 1=1031 article", [8]),
        ("@attr 1=1044 L2", [8]),
        ("@attr 1=31 1941", [1]),
        ("@attr 1=31 @attr 2=5 2005", [7, 8]),
        ("@attr 1=31 @attr 2=4 2005", [4, 7, 8]),
        ("@attr 1=31 @attr 2=1 1941", [6]),
        ("@attr 1=31 @attr 2=2 1941", [1, 6]),
        ("@attr 1=31 @attr 5=1 200", [3, 4]),
        ("@attr 1=31 1999-2001", [3, 5]),
        ("@attr 1=1012 @attr 2=4 20251127", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("@attr 1=1012 @attr 2=5 20251127", []),
        ("@attr 1=1012 @attr 5=1 202511", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("@not @attr 1=_ALLRECORDS @attr 2=103 0 @attr 1=54 vie", [7, 8, 9]),
        ("@attr 1=54 @attr 2=6 vie", [7, 8, 9]),
    ],
)
def test_each_use_attribute_searches_its_own_fields(shelf, query, expected):
    assert sorted(ids(search_pqf(shelf, query))) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('title = "phieu luu"', [1]),
        ('title = "luu phieu"', []),
        ('any = "bình vẽ"', [1]),
        # 245 $b and $c are parts of two columns, and 650 and 651 are two fields.
        ('any = "thieu nhi to"', []),
        ('subject = "nhi viet"', []),
        ('title all "ky men"', [1]),
        ('title any "ky rung"', [1, 2]),
        ("title = comput*", [7, 8, 9]),
        ('title = "of comput*"', [7]),
        ("title = *puting", [7, 8]),
        ("title = *mput*", [7, 8, 9]),
        ("title = c?mput*g", [7, 8]),
        ("title = ?ebra", [9]),
        ('title == "dat rung phuong nam"', [2]),
        ('title == "de men phieu luu ky"', [1]),
        ('title == "phuong nam"', []),
        ('author == "to hoai"', [1]),
        ('title = "^hoa"', [3, 4]),
        ('title = "^hoa b*"', [3, 4]),
        ('title = "^ho*"', [3, 4]),
        ('any = "de" prox/unit=word/distance<=3 any = "phieu"', [1]),
        ('any = "phieu" prox/unit=word/distance<=2 any = "de"', [1]),
        ('any = "de" prox/unit=word/distance<=1 any = "phieu"', []),
        ('any = "dế mèn" not author = hoai', [2]),
        ("dc.date within '1990 2003'".replace("'", '"'), [3, 5]),
        ("cql.allRecords = 1", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_cql_is_carried_out(shelf, query, expected):
    assert sorted(ids(search_cql(shelf, query))) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title = hoa and title = binh", [3, 4, 5]),
        ('title = "hòa bình"', [3, 5, 4]),
        ('title = "hoà bình"', [3, 5, 4]),
        ('title =/accents=1 "hòa bình"', [3, 5]),
        ('title =/accents=1 "hoà bình"', [3, 5]),
        ('title =/accents=1 "hoa binh"', [4]),
        ('title =/respectaccents "hoa binh"', [4]),
        ('title =/accents=0 "hòa bình"', [3, 5, 4]),
    ],
)
def test_without_marks_all_are_found_and_with_marks_the_exact_ones_first(shelf, query, expected):
    found = ids(search_cql(shelf, query))

    assert sorted(found) == sorted(expected)
    if "accents" not in query and "ò" in query:
        assert found == expected


@pytest.mark.parametrize("words", ["傳", "翹", "傳翹", "腸新", "斷腸新聲"])
def test_a_single_han_character_and_a_run_of_them_are_found_in_880(shelf, words):
    assert ids(search(shelf, words)) == [6]


def test_characters_in_another_order_are_not_found(shelf):
    assert ids(search(shelf, "翹傳")) == []


def test_known_titles_come_first_then_those_that_begin_so_then_those_that_hold_the_words(shelf):
    assert ids(search(shelf, "truyện kiều")) == [6, 8]
    assert ids(search(shelf, "hòa bình")) == [3, 5, 4]
    assert ids(search(shelf, "dế mèn")) == [1, 2]


def test_an_article_stands_behind_what_is_whole_though_more_libraries_hold_it(shelf):
    assert ids(search(shelf, "computing")) == [7, 8]


def test_editions_of_a_work_are_one_hit_that_says_how_many_they_are(shelf):
    found = search(shelf, "truyện kiều", by_work=True)

    assert (found.total, found.clusters) == (1, 2)
    assert [(hit.public_id, hit.editions) for hit in found.hits] == [("c6", 2)]


def test_pages_of_works_hold_each_work_once(shelf):
    every = [
        hit.public_id
        for offset in range(9)
        for hit in search_cql(shelf, "cql.allRecords=1", by_work=True, offset=offset, limit=1).hits
    ]

    assert len(every) == len(set(every)) == 8


def test_hits_are_sorted_in_vietnamese_and_what_has_no_value_stands_last(shelf):
    by_title = search_cql(shelf, "cql.allRecords=1 sortby title")
    by_year = search_cql(shelf, "cql.allRecords=1 sortby year/sort.descending")
    by_author = search_cql(shelf, "cql.allRecords=1 sortby author title")

    assert ids(by_title) == [5, 1, 2, 4, 3, 7, 6, 8, 9]
    assert ids(by_year) == [8, 7, 4, 3, 5, 2, 1, 6, 9]
    assert ids(by_author)[:2] == [2, 1]


def facets(database, words, *names, **more):
    return dict(search(database, words, facets=names, **more).facets)


def test_hits_are_counted_by_facet_and_narrowed_to_just_what_was_counted(shelf):
    for name, values in search_cql(
        shelf, "cql.allRecords=1", facets=tuple(FacetName), by_work=True
    ).facets:
        assert values
        for value, hits in values:
            narrowed = search_cql(
                shelf, "cql.allRecords=1", narrowed=((name, value),), by_work=True
            )
            assert (name, value, narrowed.total) == (name, value, hits)


def test_facets_have_the_most_frequent_values_first(shelf):
    found = facets(shelf, "computing", FacetName.MATERIAL, FacetName.LIBRARY)

    assert found[FacetName.MATERIAL] == (("article", 1), ("serial", 1))
    assert found[FacetName.LIBRARY] == (("L1", 2), ("L2", 1))


def test_headings_are_not_counted_among_too_many_hits(shelf, monkeypatch):
    monkeypatch.setattr("catalogue.search.facets.MOST_HEADED", 1)

    found = facets(shelf, "computing", *FacetName)

    assert MOST_HEADED == 20_000
    assert set(found) == {FacetName.MATERIAL, FacetName.YEAR, FacetName.LANGUAGE}


def scan(database, columns, term, **more):
    found = engine(database).scan(ScanRequest(columns=columns, term=term, **more))
    return [tuple(term[:2]) for term in found.terms], found.at


def test_an_index_is_listed_in_vietnamese_order_from_a_term_on_and_before_it(shelf):
    assert scan(shelf, ("title",), "hoa", count=3) == (
        [
            ("Hoa binh trên đồng", 1),
            ("Hòa bình và chiến tranh", 1),
            ("Journal of computing", 1),
        ],
        0,
    )
    assert scan(shelf, ("title",), "hoa", before=1, count=1) == (
        [("Đất rừng phương Nam", 1), ("Hoa binh trên đồng", 1)],
        1,
    )
    assert scan(shelf, ("title",), "鿿", before=2, count=5) == (
        [("Zebra computers", 1), ("傳翹 斷腸新聲", 1)],
        2,
    )


def test_headings_are_listed_whole_and_counted_once_for_a_record(shelf):
    assert scan(shelf, ("person",), "to", count=5) == ([("Tô Hoài, 1920-2014", 1)], 0)
    assert scan(shelf, ("subject",), "", count=5) == ([("Văn học thiếu nhi", 2)], 0)
    assert scan(shelf, ("isbn",), "", count=5) == ([("9786042093026", 1)], 0)
    assert scan(shelf, ("issn",), "", count=5) == ([("1234-5679", 1)], 0)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("@attr 1=9999 x", 114),
        ("@attr 1=4 @attr 2=1 x", 123),
        ("@attr 1=4 @attr 2=100 x", 117),
        ("@attr 1=4 @attr 3=2 x", 119),
        ("@attr 1=4 @attr 4=3 x", 118),
        ("@attr 1=4 @attr 5=102 x", 120),
        ("@attr 1=63 @attr 3=1 x", 119),
        ("@attr 1=7 @attr 5=2 x", 120),
        ("@attr 1=31 abc", 125),
        ("@prox 0 2 1 2 k 2 @attr 1=4 a @attr 1=1003 b", 129),
        ("@set earlier", 18),
    ],
)
def test_what_the_index_cannot_do_is_a_diagnostic(shelf, query, number):
    with pytest.raises(QueryError) as refused:
        search_pqf(shelf, query)

    assert refused.value.bib1 == number


def test_a_mask_that_too_many_words_fit_is_refused(shelf, monkeypatch):
    monkeypatch.setattr("catalogue.search.masks.MOST", 3)

    with pytest.raises(QueryError) as refused:
        search_cql(shelf, "title = *n*")

    assert refused.value.bib1 == 7


@pytest.mark.parametrize("depth", [2, 30, 300])
def test_a_query_of_any_depth_is_answered(shelf, depth):
    query = "@attr 1=4 men"
    for level in range(depth):
        query = f"@{'or' if level % 2 else 'and'} {query} @attr 1=4 ky"

    assert ids(search_pqf(shelf, query)) == [1]


def test_the_costs_of_a_query_tell_what_each_part_finds(shelf):
    query = plain.query("truyện computing")
    costs = engine(shelf).costs(Request(wanted=planned(query)))

    assert [(cost.depth, cost.clusters) for cost in costs] == [(0, 1), (1, 3), (1, 2)]
    assert all(cost.milliseconds > 0 for cost in costs)


def test_everything_is_found_by_number_of_rank(shelf):
    found = engine(shelf).search(Request(wanted=Everything(), by_work=False))

    assert ids(found)[-1] == 8
    assert found.total == 9
