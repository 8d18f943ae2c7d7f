from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.language.transforms.citation import (
    first_page,
    issue,
    last_page,
    pages,
    volume,
    web_address,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tập 12, số 3 (2019), tr. 45-52", ("12", "3", "45-52")),
        ("T.5, S. 12-15", ("5", "", "12-15")),
        ("Số 7 (2010), tr.5", ("", "7", "5")),
        ("Vol. 24, pt. B no. 9 (Sept. 1993), p. 235-48", ("24", "9", "235-248")),
        ("24(1993), Seite 235-248", ("24", "", "235-248")),
        ("24:B:9<235", ("24", "9", "235")),
        ("Vol. 3, no. 1-2", ("3", "1-2", "")),
        ("Năm 2019", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_place_in_a_host_is_told_in_its_parts(text, found):
    assert (volume(text), issue(text), pages(text)) == found


def test_pages_have_a_first_and_a_last():
    assert (first_page("tr. 45-52"), last_page("tr. 45-52")) == ("45", "52")
    assert (first_page("p. 235-48"), last_page("p. 235-48")) == ("235", "248")
    assert (first_page("tr. 7"), last_page("tr. 7")) == ("7", "7")


def test_an_address_is_written_so_that_it_may_stand_anywhere():
    assert web_address(" http://x.vn/sách một?q={a}|b%20c%d ") == (
        "http://x.vn/sách%20một?q=%7Ba%7D%7Cb%20c%25d"
    )
    assert web_address("xem ở http://x.vn") == ""


@given(st.text())
def test_an_address_made_twice_is_the_same(text):
    once = web_address("http://x.vn/" + text)

    assert web_address(once) == once
    assert not set(once) & set(' <>"{}|\\^`\n')


@given(st.text())
def test_nothing_breaks_on_any_text(text):
    assert len(first_page(text)) <= len(text)
    assert volume(text) in text
