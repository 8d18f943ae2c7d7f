"""The editions of a work, by pages, as each view sees them."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from catalogue import libraries
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.errors import ViewNotSearched
from catalogue.model import Sharing
from catalogue.search.editions import Edition, Place, editions
from catalogue.search.waiting import does_wait
from catalogue.search.waiting import settle as index_some
from catalogue.sql import table
from catalogue.tables import SearchedViewRow
from support.engines import SQLITE_USUALLY
from support.filled import add_library, book, deliver, settle
from support.searching import search

YEARS = ("1990", "2019", "    ", "2004", "1936")


@pytest.fixture
def work(database: Database) -> Database:
    """A novel in five editions, one of them without a year, and another book."""
    store.add(database, Consumer(name="m", view=Sharing.MEMBERS))
    add_library(database, "NLV", "Thư viện Quốc gia")
    isbns = (f"97860400000{number}" for number in (19, 26, 33, 40, 57))
    books = [
        book("Số đỏ", author="Vũ Trọng Phụng", year=year, isbn=isbn)
        for year, isbn in zip(YEARS, isbns, strict=True)
    ]
    named = {f"n{at}": each for at, each in enumerate(books)}
    deliver(database, "NLV", {**named, "other": book("Giông tố", author="Vũ Trọng Phụng")})
    settle(database)
    return database


def walked(database: Database, public_id: str, limit: int) -> list[Edition]:
    """Return all editions, a page of so many at a time."""
    found: list[Edition] = []
    place: Place | None = None
    while True:
        page = editions(database, public_id, limit, place)
        assert page is not None
        assert page.total == len(YEARS)
        found += page.found
        place = page.last
        if place is None:
            return found


def test_pages_of_any_length_give_each_edition_once_the_newest_first(work: Database) -> None:
    public_id = search(work, "so do").hits[0].public_id
    found = walked(work, public_id, 100)

    assert [each.record.control("008")[7:11] for each in found] == [
        *("2019", "2004", "1990", "1936"),
        "    ",
    ]
    assert {(each.title, each.material, each.language, each.libraries) for each in found} == {
        ("Số đỏ", "book", "vie", 1)
    }
    for limit in (1, 2, 4):
        assert walked(work, public_id, limit) == found


@SQLITE_USUALLY
def test_a_work_has_one_name_whichever_edition_is_asked_about(work: Database) -> None:
    public_id = search(work, "so do").hits[0].public_id
    known = editions(work, public_id, 10)
    assert known is not None
    firsts = {editions(work, each.public_id, 1).first for each in known.found}

    assert firsts == {min(each.public_id for each in known.found)}


@SQLITE_USUALLY
def test_a_record_alone_is_a_work_of_one_and_an_unknown_one_is_none(work: Database) -> None:
    alone = search(work, "giong to").hits[0].public_id
    known = editions(work, alone, 10)

    assert known is not None
    assert (known.first, known.total, len(known.found), known.last) == (alone, 1, 1, None)
    assert editions(work, "nosuch", 10) is None


@SQLITE_USUALLY
def test_an_edition_that_a_view_does_not_see_is_neither_listed_nor_counted(work: Database) -> None:
    add_library(work, "B", "Thư viện khác")
    libraries.change(work, "B", sharing=Sharing.MEMBERS)
    kept = book("Số đỏ", author="Vũ Trọng Phụng", year="2023", isbn="9786040000071")
    deliver(work, "B", {"b": kept})
    settle(work)
    while does_wait(work):
        index_some(work)
    public_id = search(work, "so do").hits[0].public_id
    public, members = (editions(work, public_id, 10, view=view) for view in ("public", "members"))

    assert public is not None
    assert members is not None
    assert (public.total, len(public.found)) == (5, 5)
    assert members.total == 6
    assert editions(work, members.found[0].public_id, 10) is None


@SQLITE_USUALLY
def test_a_view_that_is_not_indexed_cannot_tell(work: Database) -> None:
    unready = update(table(SearchedViewRow)).values(ready=False)
    work.writing(lambda connection: connection.execute(unready))

    with pytest.raises(ViewNotSearched):
        editions(work, "000000001", 10)
