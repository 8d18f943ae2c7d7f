"""Publications that only CIP records describe are listed until a full record comes."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from catalogue.preliminary import all_overdue, overdue
from support.pages import Book, add_source, books, deliver, place_all

TITLES = ("Số đỏ", "Giông tố", "Vỡ đê", "Tắt đèn")


def cip(title: str, entered: str) -> Book:
    return Book(title=title, level="8", entered=entered)


@pytest.fixture
def shelf(database):
    add_source(database)
    entered = ("190317", "180101", "190317", "261101")
    told = [(title, cip(title, date)) for title, date in zip(TITLES, entered, strict=True)]
    deliver(database, "s1", *books(told))
    place_all(database)
    return database


def listed(database, **how) -> list[tuple[int, str]]:
    return [(each.place.since, each.side.name) for each in overdue(database, **how)]


def test_the_longest_waiting_come_first_and_new_ones_not_at_all(shelf):
    assert listed(shelf) == [
        (201801, "s1/Giông tố"),
        (201903, "s1/Số đỏ"),
        (201903, "s1/Vỡ đê"),
    ]
    [first] = overdue(shelf, limit=1)
    assert listed(shelf, after=first.place) == listed(shelf)[1:]
    assert [each.place for each in all_overdue(shelf)] == [each.place for each in overdue(shelf)]


def test_a_full_record_takes_the_cluster_off_the_list_and_its_end_puts_it_back(shelf):
    add_source(shelf, "s2", "S2")
    deliver(shelf, "s2", *books([("x", Book(title="Số đỏ"))]))
    place_all(shelf)
    without = listed(shelf)
    deliver(shelf, "s2", *books([("x", None)]))
    place_all(shelf)
    again = listed(shelf)
    deliver(shelf, "s1", *books([("Vỡ đê", None)]))
    place_all(shelf)

    assert "s1/Số đỏ" not in [name for _, name in without]
    assert (201903, "s1/Số đỏ") in again
    assert "s1/Vỡ đê" not in [name for _, name in listed(shelf)]


def test_a_page_asks_as_often_for_many_as_for_one(shelf):
    asked: list[str] = []
    event.listen(shelf.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    overdue(shelf, limit=1)
    one = len(asked)
    overdue(shelf)

    assert len(asked) == 2 * one
