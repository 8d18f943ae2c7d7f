"""Both engines give the same answers: hits, order, totals, facets, costs and terms of indexes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import insert

from catalogue.database import Database
from catalogue.search import Hits, Request, Scanned, ScanRequest, SearchEngine, engine
from catalogue.search.paging import Page
from catalogue.tables import ViewRow
from crosswalks.model import Field
from protocols.errors import QueryError
from support.asking import Asking
from support.marc import BOOK, marc
from support.shelved import Shelved, index, real_records

LANGUAGES = ("vie", "eng", "Đđ ")
VIEWS = ("public", "members")
STRANGE = [
    "傳翹 斷腸新聲", "Truyện Kiều", "Truyen Kieu", "Truyện kiêu", "C++ và C#", "x'y \\ \"z\"",
    "+++",     "ﬁlm ½ m² № 5", "Ὀδύσσεια", "𞤀𞤁 ꙮ", "a " * 400, "lặp lại " * 300, "NOT AND OR NEAR",
    "đ" * 150, "Hòa bình", "Hoà bình", "hoa binh", "Hoá bính", "Lý luận", "Lí luận", "1984",
    "٣ ৪ 3", "e\u0301te\u0301", "\u200bđầu", "the the the", "the the", "the", "\U0001f600 vui", "",
]  # fmt: skip


class Both(NamedTuple):
    """The two engines over the same documents, and runs of words as these have them."""

    sqlite: SearchEngine
    postgresql: SearchEngine
    texts: tuple[str, ...]


@pytest.fixture(scope="module")
def shelf(shared: Path) -> list[Shelved]:
    """Give real records and strange ones; every fifth is shown to members only."""
    real = real_records(shared, 130)
    made = [
        marc(
            f"001 m{number}",
            f"008 200101s{1900 + number % 7 * 20}    vm            000 0 {LANGUAGES[number % 3]} d",
            f"020 __$a97860400000{number:02}",
            "041 1_$avieeng$achi",
            f"100 0_$a{STRANGE[-number % len(STRANGE)]}",
            f"245 10$a{text} :$b{STRANGE[number * 7 % len(STRANGE)]}",
            f"650 _4$a{STRANGE[number * 3 % len(STRANGE)]}",
            leader=BOOK[:7] + "msab"[number % 4] + BOOK[8:],
        )
        for number, text in enumerate(STRANGE)
    ]
    holders = (("NLV",), ("GPO-1", "NLV"), ("nlv-2",), ("GPO-1", "HCMUT", "NLV", "nlv-2"))
    return [
        Shelved(each, holders[number % 4], hidden=number % 5 == 0)
        for number, each in enumerate([*real, *made, *real[:40]])
    ]


@pytest.fixture(scope="module")
def both(shelf: list[Shelved], request: pytest.FixtureRequest) -> Iterator[Both]:
    with (
        request.getfixturevalue("sqlite_engine").fresh() as one,
        request.getfixturevalue("postgresql_engine").fresh() as other,
    ):
        hubs = [Database.open(url) for url in (one, other)]
        for hub in hubs:
            add_view(hub, "members")
            index(hub, shelf)
        yield Both(engine(hubs[0]), engine(hubs[1]), tuple(texts(shelf)))
        for hub in hubs:
            hub.close()


def add_view(hub: Database, name: str) -> None:
    row = {"name": name, "policy_id": 1, "audience": name}
    hub.writing(lambda connection: connection.execute(insert(ViewRow), row))


def texts(shelf: list[Shelved]) -> Iterator[str]:
    """Yield what stands in fields that are searched, and what stands nowhere."""
    for each in shelf:
        for field in each.record.fields:
            if isinstance(field, Field) and field.tag[0] in "012456789":
                yield " ".join(value for _, value in field.subfields)
    yield from ("ngoài ra không có gì", "zzz qqq xxyzzy", "0 00 000", *STRANGE)


def answer(one: SearchEngine, request: Request | ScanRequest) -> Hits | Scanned | str:
    """Return an answer, or what the engine refuses."""
    try:
        return one.search(request) if isinstance(request, Request) else one.scan(request)
    except QueryError as error:
        return repr(error)


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.soak)])
def test_all_searches_are_answered_alike(both, count):
    seen: Counter[str] = Counter()
    for number in range(count):
        asked, request = Asking(
            chance=random.Random(number), texts=both.texts, views=VIEWS
        ).request()
        found = answer(both.sqlite, request)

        assert answer(both.postgresql, request) == found, (number, asked, request)
        seen[kind(found)] += 1

    assert min(seen["some"], seen["none"]) > count // 10, seen


def kind(found: Hits | Scanned | str) -> str:
    if isinstance(found, Hits):
        return "some" if found.total else "none"
    return "refused" if isinstance(found, str) else "listed"


@pytest.mark.parametrize("count", [100, pytest.param(3_000, marks=pytest.mark.soak)])
def test_all_lists_of_an_index_are_alike(both, count):
    listed = 0
    for number in range(count):
        request = Asking(chance=random.Random(number), texts=both.texts, views=VIEWS).scan()
        found = answer(both.sqlite, request)

        assert answer(both.postgresql, request) == found, (number, request)
        assert isinstance(found, Scanned)
        listed += bool(found.terms)

    assert listed > count // 3


def test_each_part_of_a_query_finds_alike(both):
    for number in range(60):
        asking = Asking(chance=random.Random(number), texts=both.texts, views=VIEWS)
        asked, request = asking.request()
        if isinstance(answer(both.sqlite, request), str):
            continue
        found = [
            [(cost.depth, cost.part, cost.clusters) for cost in one.costs(request)]
            for one in (both.sqlite, both.postgresql)
        ]

        assert found[0] == found[1], (number, asked)


@pytest.mark.parametrize("count", [12, pytest.param(1_000, marks=pytest.mark.soak)])
def test_pages_one_behind_the_other_are_the_whole_of_a_search(both, count):
    walked = 0
    for number in range(count):
        asking = Asking(chance=random.Random(number), texts=both.texts, views=VIEWS)
        asked, request = asking.request()
        one = (both.sqlite, both.postgresql)[number % 2]
        whole = answer(one, replace(request, by_work=False, offset=0, limit=1_000))
        if isinstance(whole, Hits):
            pages = list(walk(one, replace(request, limit=asking.chance.choice((5, 20)))))

            assert [hit for page in pages for hit in page.hits] == [*whole.hits], (number, asked)
            assert (pages[0].total, pages[0].facets) == (whole.total, whole.facets)
            walked += len(pages) > 1

    assert walked > count // 10


def walk(one: SearchEngine, request: Request) -> Iterator[Page]:
    after = None
    while True:
        page = one.page(request, after)
        yield page
        after = page.last
        if after is None:
            return
