"""ISBNs that stand on several books are found by the clusters that carry them."""

from __future__ import annotations

import pytest

from catalogue import policies
from catalogue.match import kept_policy, shipped_text, with_reused
from catalogue.reused import Reused, reused
from support.pages import Book, add_source, books, deliver, place_all

TITLES = ("Số đỏ", "Giông tố", "Vỡ đê", "Tắt đèn")
AGAIN, ONCE = "9786049763342", "9780306406157"


@pytest.fixture
def shelf(database):
    """One number on four books, another on three printings of one."""
    add_source(database)
    deliver(database, "s1", *books((title, Book(title=title, isbn=AGAIN)) for title in TITLES))
    printings = (Book(title="Lều chõng", isbn=ONCE, year=str(year)) for year in (1939, 1952, 1968))
    deliver(database, "s1", *books((f"p{n}", book) for n, book in enumerate(printings)))
    place_all(database)
    return database


def test_only_a_number_on_unlike_titles_was_used_again(shelf):
    assert list(reused(shelf)) == [Reused(AGAIN, ("so do", "giong to", "vo de", "tat den"))]
    assert list(reused(shelf, 5)) == []


def test_all_numbers_are_looked_at_however_many(shelf, monkeypatch):
    monkeypatch.setattr("catalogue.reused._STEP", 1)

    assert [each.isbn for each in reused(shelf)] == [AGAIN]


def test_they_are_frozen_into_a_policy_of_another_name(shelf):
    text = with_reused(shipped_text(), "mine", {AGAIN})
    again = with_reused(text, "next", {AGAIN, ONCE})

    assert policies.add(shelf, text, "an").version == "mine"
    assert kept_policy(text).reused == {AGAIN}
    assert kept_policy(again).reused == {AGAIN, ONCE}
    assert (again.count("[reused]"), again.count('version = "')) == (1, 1)
