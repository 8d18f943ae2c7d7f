from __future__ import annotations

import pytest
from hypothesis import given

from crosswalks.language.compile import compiled
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.language.parse import parse
from crosswalks.model import Control, Field, Record, Schema
from support.marc import BOOK, marc, records

HEADING = "crosswalk t version 1\nfrom marc21 to marc21\n"


def mapped(text: str, record: Record) -> Record:
    return compiled(parse(HEADING + text)).run(record)


@given(records)
def test_a_crosswalk_that_keeps_and_has_no_rules_changes_nothing(record: Record):
    made = mapped("keep", record)

    assert made.leader == record.leader
    assert sorted(made.fields) == sorted(record.fields)


def test_fields_that_no_rule_takes_stay_in_their_order():
    told = ("001 7", "007 ta", "007 cr", "245 00 $aT", "952 __ $aHN", "500 __ $aN", "990 __ $ak")

    made = mapped("keep\n852 __ $b <- 952 $a", marc(*told))

    assert [field[0] for field in made.fields] == ["001", "007", "007", "245", "500", "852", "990"]
    assert made.leader == BOOK


def test_single_positions_are_put_over_what_is_kept():
    made = mapped('keep\n008/35-37 <- "vie"\nLDR/6 <- "g"', marc("008 " + "x" * 40))

    assert made.leader == "00000ngm a2200000 a 4500"
    assert made.fields == (Control("008", "x" * 35 + "vie" + "xx"),)


def test_tags_that_are_like_a_rule_s_source_are_taken():
    made = mapped("keep\n500 __ $a <- 9.. $a", marc("901 __ $aA", "245 00 $aT", "952 __ $aB"))

    assert [field[0] for field in made.fields] == ["245", "500", "500"]


def test_only_what_stays_in_its_schema_can_be_kept():
    with pytest.raises(CrosswalkSyntax, match="stay in their schema"):
        parse("crosswalk t version 1\nfrom marc21 to oai_dc\nkeep\n")


def test_text_without_subfields_is_the_first_of_them():
    fields = (
        Control("001", "7"),
        Control("245", "Truyện Kiều"),
        Field("260", "  ", (("?", "H."), ("b", "Văn học"))),
        Control("260", "^AHuế^BThuận Hóa"),
    )
    record = Record(schema=Schema.MARC21, leader=BOOK, fields=fields)

    made = mapped("bare\n001 <- 001\n245 00 $a <- 245 $a\n260 __ $ab <- 260 $ab", record)

    assert made.fields == (
        Control("001", "7"),
        Field("245", "00", (("a", "Truyện Kiều"),)),
        Field("260", "  ", (("a", "H."), ("b", "Văn học"))),
        Field("260", "  ", (("a", "Huế"), ("b", "Thuận Hóa"))),
    )
