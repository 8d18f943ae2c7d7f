from __future__ import annotations

import tracemalloc
from io import BytesIO

import pytest
from sqlalchemy import func, select

from catalogue.authorities import importing, looking
from catalogue.authorities.errors import (
    BadListCode,
    ImportOvertaken,
    ListWouldShrink,
    NoSuchAuthority,
    NoSuchAuthorityList,
    NothingInList,
)
from catalogue.authorities.importing import Giving, take
from catalogue.authorities.keeping import remove
from catalogue.authorities.looking import Wanted, find, show
from catalogue.authorities.model import Address
from catalogue.authorities.tables import AuthorityKeyRow, AuthorityNameRow, AuthorityRow
from catalogue.sql import table
from crosswalks.authorities.model import Kind, Read
from crosswalks.authorities.reading import read
from support.authorities import WRITERS, table_of, take_table

PEOPLE = [(f"Nguyễn Văn {number}", "person", f"Tên {number}", str(number)) for number in range(30)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")


def headings(database, code="thu"):
    return [each.heading for each in find(database, Wanted(code=code, limit=100)).headings]


def counts(database):
    with database.reading() as connection:
        return [
            connection.execute(select(func.count()).select_from(table(model))).scalar_one()
            for model in (AuthorityRow, AuthorityNameRow, AuthorityKeyRow)
        ]


def changes(outcome):
    return outcome.added, outcome.changed, outcome.unchanged, outcome.removed


def test_a_list_is_taken_in_and_taken_in_again_changes_nothing(database):
    first, again = take_table(database), take_table(database)

    assert changes(first) == (6, 0, 0, 0)
    assert changes(again) == (0, 0, 6, 0)
    assert looking.one_list(database, "thu").headings == 6


def test_a_new_version_adds_changes_and_removes(database):
    take_table(database)
    text = WRITERS.replace("Thanh Hiên", "Hồng Sơn liệp hộ").replace("\tp5\t", "\tp9\t")
    outcome = take_table(database, text)
    again = take_table(database, text)

    assert changes(outcome) == (1, 1, 4, 1)
    assert changes(again) == (0, 0, 6, 0)
    assert counts(database)[0] == 6
    assert not find(database, Wanted("thanh hien")).headings
    assert [each.by for each in find(database, Wanted("hong son")).headings] == ["Hồng Sơn liệp hộ"]


def test_an_import_that_breaks_off_leaves_the_earlier_list(database):
    take_table(database)
    before = headings(database), counts(database)

    def breaking():
        yield from read(BytesIO(table_of(PEOPLE).encode()), "table")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, Giving(code="thu"), breaking())

    assert (headings(database), counts(database)) == before
    assert changes(take_table(database)) == (0, 0, 6, 0)


def test_a_first_import_that_breaks_off_leaves_no_list(database):
    def breaking():
        yield Read(1, None, None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(database, Giving(code="thu"), breaking())

    assert not looking.all_lists(database)


def test_until_its_end_an_import_is_seen_by_nobody(database, monkeypatch):
    monkeypatch.setattr(importing, "_STEP", 2)
    take_table(database)
    before = headings(database)
    seen = []

    def entries():
        for each in read(BytesIO(table_of(PEOPLE).encode()), "table"):
            seen.append(headings(database))
            yield each

    take(database, Giving(code="thu", accepts=True), entries())

    assert all(each == before for each in seen)
    assert len(headings(database)) == 30


def test_an_import_overtaken_by_another_does_not_count(database):
    def entries():
        yield from read(BytesIO(WRITERS.encode()), "table")
        take_table(database, table_of(PEOPLE))

    with pytest.raises(ImportOvertaken):
        take(database, Giving(code="thu"), entries())

    assert len(headings(database)) == 30
    assert counts(database)[0] == 30


def test_a_number_that_comes_twice_is_told_and_the_first_counts(database):
    rows = [("A", "topic", "", "1"), ("B", "topic", "", "2"), ("C", "topic", "", "1")]
    outcome = take_table(database, table_of(rows))

    assert headings(database) == ["A", "B"]
    assert [(each.place, each.reason.details["number"]) for each in outcome.told] == [(4, "1")]


def test_a_number_that_comes_again_batches_later_is_told_too(database, monkeypatch):
    monkeypatch.setattr(importing, "_STEP", 2)
    rows = [("A", "topic", "", "1"), ("B", "topic", "", "2"), ("C", "topic", "", "1")]
    take_table(database, table_of(rows))
    outcome = take_table(database, table_of(rows))

    assert headings(database) == ["A", "B"]
    assert (outcome.unchanged, outcome.problems) == (2, 1)


def test_a_list_that_would_lose_most_of_its_headings_waits_for_a_yes(database):
    take_table(database, table_of(PEOPLE))
    with pytest.raises(ListWouldShrink):
        take_table(database, table_of(PEOPLE[:10]), accepts=False)

    assert len(headings(database)) == 30
    assert changes(take_table(database, table_of(PEOPLE[:10]))) == (0, 0, 10, 20)


def test_a_file_without_a_heading_changes_nothing(database):
    take_table(database)
    with pytest.raises(NothingInList):
        take_table(database, "heading\tkind\n\tperson\n")

    assert len(headings(database)) == 6


@pytest.mark.parametrize("code", ["", "Bộ từ khóa", "A", "x" * 21])
def test_a_list_has_a_code_of_small_letters_and_digits(database, code):
    with pytest.raises(BadListCode):
        take_table(database, code=code)


def test_a_list_is_taken_away_with_all_that_is_in_it(database):
    take_table(database)

    assert remove(database, "thu") == 6
    assert counts(database) == [0, 0, 0]
    with pytest.raises(NoSuchAuthorityList):
        remove(database, "thu")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("nguyen du", [("Nguyễn Du, 1765-1820", "")]),
        ("du nguyễn", [("Nguyễn Du, 1765-1820", "")]),
        ("to nhu", [("Nguyễn Du, 1765-1820", "Tố Như")]),
        ("huu tri tran", [("Nam Cao, 1915-1951", "Trần, Hữu Tri")]),
        ("nguyen thu", [("Thế Lữ, 1907-1989", "Nguyễn Thứ Lễ")]),
        ("robert gal", [("Rowling, J. K.", "Galbraith, Robert")]),
        ("nobody", []),
    ],
)
def test_a_heading_is_found_by_whatever_its_names_begin_with(database, words, expected):
    take_table(database)
    found = find(database, Wanted(words)).headings

    assert [(each.heading, each.by) for each in found] == expected


def test_headings_come_page_by_page_in_vietnamese_order(database):
    take_table(database, table_of(PEOPLE))
    found, after = [], ("", -1)
    while True:
        page = find(database, Wanted(code="thu", after=after, limit=7))
        found += [each.heading for each in page.headings]
        if page.more is None:
            break
        after = page.more

    assert found == [f"Nguyễn Văn {number}" for number in range(30)]


def test_a_heading_is_shown_with_where_its_references_lead(database):
    text = (
        "heading\tkind\tsee also\tbroader\tid\n"
        "Thơ\ttopic\tVăn xuôi\tVăn học\t1\nVăn xuôi\ttopic\t\t\t2\n"
    )
    take_table(database, text)
    found = show(database, Address("thu", "1"))

    assert [(each.relation, each.text, each.address) for each in found.links] == [
        ("also", "Văn xuôi", Address("thu", "2")),
        ("broader", "Văn học", None),
    ]
    with pytest.raises(NoSuchAuthority):
        show(database, Address("thu", "3"))


def test_kinds_stay_as_they_were_said_at_first(database):
    giving = Giving(code="thu", kind=Kind.PERSON)

    assert importing.kind_of(database, giving) is Kind.PERSON
    take(database, giving, read(BytesIO(b"heading\nA\n"), "table", Kind.PERSON))
    assert importing.kind_of(database, Giving(code="thu")) is Kind.PERSON
    assert importing.kind_of(database, Giving(code="new")) is Kind.TOPIC


def _many(count):
    yield b"heading\tkind\tsee\tid\n"
    for number in range(count):
        yield f"Lê {number}\tperson\tTên {number}; Th {number}\t{number}\n".encode()


@pytest.mark.soak
def test_a_hundred_thousand_headings_take_no_more_memory_than_ten_thousand(database, tmp_path):
    file = tmp_path / "many.tsv"

    def grown(count):
        with file.open("wb") as out:
            out.writelines(_many(count))
        with file.open("rb") as stream:
            tracemalloc.start()
            take(database, Giving(code="thu", accepts=True), read(stream, "table"))
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    few, many = grown(10_000), grown(100_000)

    assert looking.one_list(database, "thu").headings == 100_000
    assert many < few + (8 << 20)


def test_a_longer_list_takes_no_more_memory(database, monkeypatch):
    monkeypatch.setattr(importing, "_STEP", 50)

    def most(count):
        entries = read(BytesIO(b"".join(_many(count))), "table")
        tracemalloc.start()
        take(database, Giving(code="thu", accepts=True), entries)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most(50)

    assert most(600) < most(150) + (1 << 19)
