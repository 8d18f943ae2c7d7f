"""Pairs of records as people look at them."""

from __future__ import annotations

import pytest

from catalogue import pairs
from catalogue.database import Database
from catalogue.errors import NoSuchRecord
from support.pages import Book, add_source, books, deliver, place_all


@pytest.fixture
def union(database: Database) -> Database:
    """Two libraries whose records make a doubt; the second has one book twice."""
    for name, library in (("s1", "L1"), ("s2", "L2")):
        add_source(database, name, library)
    deliver(database, "s1", *books([("a", Book(title="Chiếc lược ngà"))]))
    twice = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
    others = [
        ("b", Book(title="Chiếc lược ngà. Tập 1")),
        ("c", twice),
        ("d", twice),
        ("e", Book(title="Lều chõng")),
    ]
    deliver(database, "s2", *books(others))
    place_all(database)
    return database


def test_two_records_are_judged_as_matching_would_today(union: Database) -> None:
    same = pairs.compare(union, ("s2", "c"), ("s2", "d"))
    other = pairs.compare(union, ("s2", "e"), ("s2", "d"))

    assert (same.decision, other.decision) == ("same", "different")
    assert same.a.name == "s2/c"
    with pytest.raises(NoSuchRecord):
        pairs.compare(union, ("s2", "c"), ("s2", "none"))


def test_what_a_library_has_twice_is_reported_and_left_as_it_is(union: Database) -> None:
    found = pairs.within(union, "L2")

    [doubled] = found.found
    assert [each.name for each in doubled.records] == ["s2/c", "s2/d"]
    assert {each.cluster for each in doubled.records} == {doubled.cluster}
    assert found.more == 0
    assert pairs.within(union, "L1").found == ()


def test_doubles_come_a_page_at_a_time(union: Database) -> None:
    more = Book(title="Bỉ vỏ", author="Nguyên Hồng", year="1938")
    deliver(union, "s2", *books([("f", more), ("g", more)]))
    place_all(union)

    first = pairs.within(union, "L2", limit=1)
    last = pairs.within(union, "L2", first.more, limit=1)

    assert [len(step.found) for step in (first, last)] == [1, 1]
    assert last.more == 0
    assert list(pairs.all_within(union, "L2")) == [*first.found, *last.found]
