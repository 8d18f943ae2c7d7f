"""Copies of one record are one witness."""

from __future__ import annotations

from catalogue.merge import origins
from catalogue.model import HubIdentity
from crosswalks.model import Record
from support.marc import marc

HUB = HubIdentity()


def member(library: str, *fields: str) -> tuple[str, Record]:
    return library, marc(*fields)


def test_ten_copies_of_one_record_are_one_origin() -> None:
    copies = [member(f"L{each}", "040 __ $aDLC$cL$d" + f"L{each}") for each in range(10)]

    assert origins(copies, HUB) == 1


def test_who_catalogued_it_for_itself_counts() -> None:
    assert origins([member("A"), member("B"), member("C", "040 __ $aB$bvie")], HUB) == 2


def test_a_number_of_another_system_shows_where_a_record_was_taken_from() -> None:
    one = member("A", "035 __ $a(OCoLC) 123")
    two = member("B", "040 __ $cX", "035 __ $a(ocolc)123", "010 __ $a 2001 5")
    three = member("C", "010 __ $a20015")

    assert origins([one, two, three], HUB) == origins([three, one, two], HUB) == 1


def test_an_echo_of_the_hub_is_no_witness() -> None:
    echo = member("B", "003 LIENTHONG")

    assert origins([member("A"), echo], HUB) == 1
    assert origins([echo], HUB) == 1
