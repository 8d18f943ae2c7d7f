"""What a library took over from the hub is the hub's to show only where its origin is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import libraries
from catalogue.model import Sharing
from catalogue.served import served
from crosswalks.model import Field
from support.filled import add_library, book, deliver, settle
from support.searching import search


@pytest.fixture
def union(database):
    for code in ("L1", "L2"):
        add_library(database, code, code)
    return database


def taken_over(record, public_id):
    ours = Field("035", "  ", (("a", f"(LIENTHONG){public_id}"),))
    return replace(record, fields=(record.fields[0], ours, *record.fields[1:]))


def borrow(database):
    """Have L1 give a book to the hub, and L2 take it over; return its public id."""
    original = book("Giông tố", author="Vũ Trọng Phụng", isbn="9786049763342")
    deliver(database, "L1", {"a": original})
    settle(database)
    public_id = search(database, "giong to").hits[0].public_id
    deliver(database, "L2", {"b": taken_over(original, public_id)})
    settle(database)
    return public_id


def test_an_echo_adds_its_library_where_the_origin_is_shown(union):
    borrow(union)

    assert search(union, "giong to").hits[0].libraries == ("L1", "L2")


def test_an_echo_does_not_show_what_its_origin_keeps_to_fewer(union):
    public_id = borrow(union)

    libraries.change(union, "L1", sharing=Sharing.MEMBERS)
    settle(union)

    assert search(union, "giong to").total == 0
    assert served(union, public_id, "public").record is None

    libraries.change(union, "L1", sharing=Sharing.PUBLIC)
    settle(union)

    assert search(union, "giong to").hits[0].libraries == ("L1", "L2")


def test_an_echo_whose_origin_is_gone_stays_as_the_last_that_anybody_has(union):
    borrow(union)

    deliver(union, "L1", {"a": None})
    settle(union)

    assert search(union, "giong to").hits[0].libraries == ("L2",)
