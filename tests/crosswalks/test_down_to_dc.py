from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import pytest

from crosswalks.crosswalk import from_pivot, to_pivot
from crosswalks.formats import marcxml, oai_dc
from crosswalks.model import Record, Schema
from crosswalks.punctuation import trim
from crosswalks.text import fold
from support.marc import marc


def down(record: Record) -> list[str]:
    mapped = from_pivot(record, Schema.OAI_DC)
    return [f"{element.name[3:]} {element.text}" for element in mapped.elements(*names(mapped))]


def names(record: Record) -> set[str]:
    return {field[0] for field in record.fields}


def test_a_book_gives_what_a_discovery_service_needs():
    record = marc(
        f"008 240101s2019    vm {'':17}vie d",
        "020 __ $a978-604-0-00001-9 (bìa mềm) :$c45000đ",
        "041 1_ $avieeng$hfre",
        "100 0_ $aTô Hoài.",
        "245 10 $aDế mèn phiêu lưu ký /$cTô Hoài ; minh họa: Tạ Thúc Bình",
        "264 _1 $aH. :$bKim Đồng,$c2019.",
        "264 _4 $c©2018",
        "300 __ $a143 tr. :$bminh họa ;$c21 cm",
        "490 1_ $aTủ sách vàng ;$v5",
        "520 __ $aTruyện đồng thoại.",
        "650 _7 $aVăn học thiếu nhi$zViệt Nam.$2btkvn",
        "651 _4 $aViệt Nam",
        "700 0_ $aTạ Thúc Bình,$eminh họa",
        "700 1_ $aNguyen, Kien,$d1920-1990,$eauthor.",
        "856 40 $uhttp://example.vn/a/",
    )

    assert down(record) == [
        "title Dế mèn phiêu lưu ký",
        "creator Tô Hoài",
        "creator Nguyen, Kien, 1920-1990",
        "contributor Tạ Thúc Bình",
        "subject Văn học thiếu nhi--Việt Nam",
        "description Truyện đồng thoại.",
        "publisher Kim Đồng",
        "date 2019",
        "type Text",
        "format 143 tr. : minh họa ; 21 cm",
        "identifier urn:ISBN:9786040000019",
        "identifier http://example.vn/a/",
        "language vie",
        "language eng",
        "relation Tủ sách vàng ; 5",
        "coverage Việt Nam",
    ]


@pytest.mark.parametrize(
    ("coded", "imprint", "date"),
    [
        ("240101s2019    ", "260 __ $c[2018]", "2019"),
        ("240101suuuu    ", "260 __ $cc2018.", "2018"),
        ("240101nuuuuuuuu", "264 _1 $ckhông rõ", "không rõ"),
        ("", "264 _1 $c1998-1999", "1998"),
    ],
)
def test_the_date_is_taken_from_008_and_else_from_the_imprint(coded, imprint, date):
    lines = [f"008 {coded}"] if coded else []

    assert f"date {date}" in down(marc(*lines, imprint))


def test_a_row_number_is_not_given_out_as_an_isbn():
    assert [line for line in down(marc("020 __ $a242")) if line.startswith("identifier")] == []


def test_no_value_is_given_twice_in_one_element():
    twice = marc("650 _0 $aHistory", "650 _7 $aHistory.", "655 _4 $atext")

    assert down(twice) == ["subject History", "type Text"]


def test_dublin_core_comes_back_from_marc_with_its_names_in_their_roles():
    document = (
        "<dc><title>A : b / c</title><creator>X Y</creator><creator>Z T</creator>"
        "<contributor>V W</contributor><date>2008</date><language>vi</language></dc>"
    )
    pivot = to_pivot(oai_dc.read(document.encode()))

    assert down(pivot) == [
        "title A : b",
        "creator X Y",
        "creator Z T",
        "contributor V W",
        "date 2008",
        "type Text",
        "language vie",
    ]


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        ("Hà Nội :", "Hà Nội"),
        ("Sử ký.", "Sử ký"),
        ("Tolkien, J. R. R.", "Tolkien, J. R. R."),
        ("King, Martin Luther, Jr.", "King, Martin Luther, Jr."),
        ("What next...", "What next..."),
        ("U.S.", "U.S."),
        ("c2019. ", "c2019"),
        (".", "."),
        ("", ""),
    ],
)
def test_only_the_punctuation_between_elements_is_trimmed(text, trimmed):
    assert trim(text) == trimmed


def oracle(shared) -> Iterator[tuple[Record, Record]]:
    path = shared / "data/corpora/crosswalk-oracles/oracle.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["marcxml"]:
                theirs = oai_dc.read(row["oai_dc_loc"].encode())
                yield marcxml.read(row["marcxml"].encode()), theirs


@pytest.mark.parametrize("name", ["dc:title", "dc:language", "dc:identifier"])
def test_the_library_of_congress_stylesheet_finds_nothing_that_we_miss(shared, name):
    """Theirs gives 245 $h, which is no title, leaves out $n and $p, and URN:ISBN: for nothing."""
    missed = [
        (record.control("001"), element.text)
        for record, theirs in oracle(shared)
        for element in theirs.elements(name)
        if element.text != "URN:ISBN:" and not found_in(values(record, name), element.text)
    ]

    assert missed == []


def found_in(ours: list[str], text: str) -> bool:
    theirs = fold(re.sub(r"\[(microform|electronic resource)[^]]*\]", "", text))
    return any(theirs.startswith(value) or value.startswith(theirs) for value in ours)


def values(record: Record, name: str) -> list[str]:
    return [fold(element.text) for element in from_pivot(record, Schema.OAI_DC).elements(name)]
