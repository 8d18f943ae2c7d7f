from __future__ import annotations

from crosswalks.checks import shares
from crosswalks.checks.completeness import completeness
from crosswalks.model import Control, Field, Record, Schema
from support.filled import book


def test_a_record_is_told_to_have_what_it_has_and_how_complete_it_is():
    full = book(
        "Truyện Kiều",
        author="Nguyễn Du",
        isbn="9786046977711",
        subject="Thơ",
        call_number="895",
        url="https://example.vn/kieu",
    )

    judged = shares.judge(full)

    assert set(judged.has) == {*shares.NAMES} - {"extent", "class", "description"}
    assert judged.score == completeness(full)


def test_a_call_number_that_fills_the_place_only_is_none():
    fields = (Control("001", "1"), Field("852", "  ", (("h", "N/A"),)))
    judged = shares.judge(Record(schema=Schema.MARC21, leader="0" * 24, fields=fields))

    assert "call-number" not in judged.has
