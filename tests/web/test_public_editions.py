"""The list of other editions on the page of a record."""

from __future__ import annotations

from catalogue.manifestation import Manifestation
from support.filled import book
from web.public.editions import editions


def test_the_newest_edition_comes_first_and_one_without_a_year_last():
    years = ("1990", "9999", "2010", "    ")
    work = [Manifestation(public_id=year, record=book("Số đỏ", year=year)) for year in years]

    assert [each.public_id for each in editions(work)] == ["2010", "1990", "9999", "    "]
