"""Which records were made before what they describe came out."""

from __future__ import annotations

import pytest

from catalogue.merge import preliminary
from catalogue.model import HubIdentity
from support.marc import BOOK, marc

HUB = HubIdentity()
CIP = "00000nam a22000008a 4500"
PARTIAL = "00000nam a22000005a 4500"
ENTERED = "008 190317s2019    vm"


@pytest.mark.parametrize(
    ("fields", "since"),
    [
        ((), 0),
        ((ENTERED,), 201903),
        (("008 991317s2019    vm",), 0),
        (("008 741217s1975    vm",), 197412),
        ((ENTERED, "263 __ $a201911"), 201911),
        ((ENTERED, "263 __ $a2019--"), 201903),
    ],
)
def test_since_when_is_told_by_the_projected_date_else_by_that_of_entry(fields, since):
    assert preliminary([marc(*fields, leader=CIP)], HUB) == since


def test_one_full_or_minimal_record_is_enough():
    minimal = marc(leader="00000nam a22000007a 4500")

    assert preliminary([marc(ENTERED, leader=CIP), marc(leader=BOOK)], HUB) is None
    assert preliminary([marc(ENTERED, leader=CIP), minimal], HUB) is None


def test_a_partial_record_counts_as_made_before_only_with_a_projected_date():
    assert preliminary([marc("263 __ $a202001", leader=PARTIAL)], HUB) == 202001
    assert preliminary([marc(leader=PARTIAL)], HUB) is None
    assert preliminary([marc("263 __ $a202001", leader=BOOK)], HUB) is None


def test_what_came_back_from_the_hub_says_nothing_and_the_latest_month_counts():
    echo = marc("003 LIENTHONG", leader=BOOK)
    later = marc("263 __ $a202105", leader=CIP)

    assert preliminary([marc(ENTERED, leader=CIP), echo, later], HUB) == 202105
