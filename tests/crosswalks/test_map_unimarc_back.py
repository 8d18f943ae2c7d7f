"""MARC 21 to UNIMARC, a few fields at a time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from crosswalks import crosswalk
from crosswalks.model import Field, Record, Schema
from support.marc import lines, marc, records

BOOK = "00000nam a2200000 i 4500"
SERIAL = "00000nas a2200000 i 4500"


def down(*fields: str, leader: str = BOOK) -> Record:
    return crosswalk.from_pivot(marc(*fields, leader=leader), Schema.UNIMARC)


def test_a_book_becomes_a_book():
    record = down(
        "001 VN-1",
        "008 240315s2019    vm ac  g|b    001|1 vie d",
        "020 __ $a9786040000019$qbìa cứng$c50000đ",
        "040 __ $aTVQG$bvie$eaacr2",
        "041 1_ $avie$hfre",
        "082 04 $a895.922$223",
        "100 1_ $aLê, Văn An,$d1950-$4aut$0A12",
        "245 10 $aSông Đỏ :$btiểu thuyết /$cLê Văn An ; Trần Bình dịch",
        "250 __ $aIn lần 2,$bcó sửa chữa",
        "264 _1 $aHà Nội :$bVăn học,$c2019",
        "300 __ $a316 tr. :$bminh họa ;$c24 cm +$e1 CD",
        "490 1_ $aTủ sách Sông ;$v5",
        "650 _0 $aVăn học$zViệt Nam$yThế kỉ 20$xLịch sử",
        "700 1_ $aTrần, Bình$4trl",
        "830 _0 $aTủ sách Sông ;$v5",
    )

    assert record.leader == "00000nam0 2200000   450 "
    assert lines(record, *{field[0] for field in record.fields}) == [
        "010 __ $a9786040000019$bbìa cứng$d50000đ",
        "100 __ $a20240315d2019    m||y0|||y50      ba",
        "101 1_ $avie$cfre",
        "102 __ $aVN",
        "105 __ $aac  a   001ay",
        "200 1_ $aSông Đỏ$etiểu thuyết$fLê Văn An$gTrần Bình dịch",
        "205 __ $aIn lần 2$bcó sửa chữa",
        "210 __ $aHà Nội$cVăn học$d2019",
        "215 __ $a316 tr.$cminh họa$d24 cm$e1 CD",
        "225 2_ $aTủ sách Sông$v5",
        "410 _1 $tTủ sách Sông$v5",
        "606 __ $aVăn học$yViệt Nam$zThế kỉ 20$xLịch sử$2lc",
        "676 __ $a895.922$v23",
        "700 _1 $aLê$bVăn An$f1950-$4070$3A12",
        "702 _1 $aTrần$bBình$4730",
        "801 _0 $bTVQG$gaacr2",
    ]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("245 00 $aA =$bX : y /$cB", "200 1_ $aA$dX$ey$fB"),
        ("245 00 $aA.$nTập 1,$pSông /$cC", "200 1_ $aA$hTập 1$iSông$fC"),
        ("245 00 $aA$h[CD] :$bb", "200 1_ $aA$bCD$eb"),
        ("245 04 $aThe River", "200 1_ $a\x98The \x9cRiver"),
        ("245 09 $aThe", "200 1_ $aThe"),
        ("110 1_ $aViệt Nam.$bBộ A", "710 01 $aViệt Nam$bBộ A"),
        ("111 2_ $aHội nghị$n(2 :$d2001 :$cHuế)", "710 12 $aHội nghị$d2$f2001$eHuế"),
        ("780 05 $tBáo Sông$x1859-4581$w7", "434 _1 $tBáo Sông$x1859-4581$37"),
        ("246 14 $aBìa", "512 1_ $aBìa"),
        ("505 0_ $aMột -- Hai", "327 1_ $aMột$aHai"),
        ("650 _7 $aSông$2ram", "606 __ $aSông$2rameau"),
        ("910 __ $a1", "910 __ $a1"),
    ],
)
def test_other_fields(field, expected):
    record = down(field)

    assert [
        each for each in lines(record, *{each[0] for each in record.fields}) if each[:3] > "106"
    ] == [expected]


def test_a_serial_has_its_own_coded_field():
    record = down("008 900101c19749999vm qr|p|||||||0|||a0vie d", leader=SERIAL)

    assert lines(record, "110") == ["110 __ $aaha||||0|||"]


def test_a_pair_with_880_becomes_one_field_twice():
    main = Field("245", "10", (("6", "880-01"), ("a", "Hong lou meng")))
    other = Field("880", "10", (("6", "245-01/$1"), ("a", "红楼梦")))
    record = Record(schema=Schema.MARC21, leader=BOOK, fields=(main, other))

    assert lines(crosswalk.from_pivot(record, Schema.UNIMARC), "200") == [
        "200 1_ $6a01$aHong lou meng",
        "200 1_ $6a01$7ea$a红楼梦",
    ]


@given(records)
@settings(max_examples=60, deadline=None)
def test_any_marc_gives_unimarc_and_that_gives_marc_again(record):
    back = crosswalk.from_pivot(record, Schema.UNIMARC)

    assert back.schema is Schema.UNIMARC
    assert len(back.leader) == 24
    assert crosswalk.to_pivot(back).schema is Schema.MARC21
