from __future__ import annotations

import pytest
from hypothesis import assume, given

from crosswalks import crosswalk, tables
from crosswalks.check import check
from crosswalks.formats import iso2709, qdc
from crosswalks.model import Element, Record, Schema
from crosswalks.text import fold
from support.dublin import fields, records, up
from support.formats import loc_books
from support.marc import marc
from support.marc import records as marc_records

QDC = Schema.QDC
TERMS = [name for name, kind in tables.rows("dcterms.tsv") if kind == "element"]
ALL = [*(f"dcterms:{name}" for name in TERMS), *(f"dc:{name}" for name in TERMS)]


def test_refinements_go_where_simple_dublin_core_could_only_guess():
    record = up(
        QDC,
        "dc:title Báo cáo",
        "dcterms:alternative A report",
        "dcterms:abstract <p>Tóm tắt</p>",
        "dcterms:tableOfContents Chương 1 -- Chương 2",
        "dcterms:issued 2010-05",
        "dcterms:dateAccepted 2009",
        "dcterms:extent 32 trang",
        "dcterms:spatial Hà Nội",
        "dcterms:temporal 1945-1954",
        "dcterms:isReplacedBy Báo cáo mới",
        "dcterms:license https://creativecommons.org/licenses/by-sa/4.0/",
        "dcterms:accessRights info:eu-repo/semantics/openAccess",
        "dcterms:audience Sinh viên",
    )

    assert record.control("008")[6:15] == "s2010    "
    assert fields(record) == [
        "245 00 $aBáo cáo",
        "246 3_ $aA report",
        "264 _1 $c2010-05",
        "300 __ $a32 trang",
        "505 0_ $aChương 1 -- Chương 2",
        "506 0_ $aOpen access$fUnrestricted online access$2star",
        "520 3_ $aTóm tắt",
        "521 __ $aSinh viên",
        "540 __ $fCC BY-SA 4.0$uhttps://creativecommons.org/licenses/by-sa/4.0/$2cc",
        "648 _4 $a1945-1954",
        "651 _4 $aHà Nội",
        "785 00 $tBáo cáo mới",
    ]
    assert check(record) == ()


def test_a_subject_of_a_scheme_is_a_heading_of_it():
    scheme = (("xsi:type", "dcterms:LCSH"),)
    told = (
        Element("dc:title", (), "T"),
        Element("dc:subject", scheme, "Rice--Vietnam--History"),
        Element("dc:subject", (), "Lúa"),
    )
    record = crosswalk.to_pivot(Record(schema=QDC, fields=told))

    assert fields(record, "650", "653") == ["650 _0 $aRice$xVietnam$xHistory", "653 __ $aLúa"]


@given(
    records(
        QDC,
        *("dc:title", "dcterms:title", "dcterms:alternative", "dc:creator", "dc:contributor"),
        *("dcterms:issued", "dc:date", "dcterms:created", "dc:type", "dc:identifier", "dc:source"),
        *("dcterms:isPartOf", "dcterms:hasVersion", "dcterms:isFormatOf", "dcterms:replaces"),
        *("dcterms:accessRights", "dcterms:license", "dcterms:extent", "dcterms:medium"),
        *("dcterms:spatial", "dcterms:temporal", "dcterms:bibliographicCitation", "dc:relation"),
        *("dcterms:audience", "dcterms:accrualPeriodicity", "dcterms:provenance", "dc:publisher"),
    )
)
def test_any_qualified_dublin_core_gives_marc_that_passes_its_own_check(record):
    found = {problem.code for problem in check(crosswalk.to_pivot(record))}

    assert found <= {"missing-title", "damaged-text"}


def down(record: Record) -> list[str]:
    mapped = crosswalk.from_pivot(record, QDC)
    return [f"{each.name} {each.text}" for each in mapped.fields if isinstance(each, Element)]


def test_marc_is_told_by_the_most_exact_terms():
    record = marc(
        f"008 240101s2019    vm {'':17}vie d",
        "020 __ $a978-604-0-00001-9",
        "245 00 $aLúa nước /$cLê A",
        "246 3_ $aWet rice",
        "264 _1 $aH. :$bKim Đồng,$c2019.",
        "264 _4 $c©2018",
        "300 __ $a143 tr. ;$c21 cm",
        "490 1_ $aTủ sách vàng ;$v5",
        "505 0_ $aChương 1",
        "506 0_ $aOpen access",
        "520 3_ $aTóm tắt.",
        "520 1_ $aMột bài điểm sách.",
        "540 __ $aGhi công$uhttp://example.vn/l",
        "648 _7 $a1945-1975",
        "650 _0 $aRice$zVietnam.",
        "650 _7 $aRice$zVietnam.",
        "651 _4 $aViệt Nam",
        "785 00 $tLúa mới",
    )

    assert down(record) == [
        "dc:subject Rice--Vietnam",
        "dc:title Lúa nước",
        "dcterms:alternative Wet rice",
        "dcterms:abstract Tóm tắt.",
        "dc:description Một bài điểm sách.",
        "dcterms:tableOfContents Chương 1",
        "dc:publisher Kim Đồng",
        "dcterms:issued 2019",
        "dcterms:dateCopyrighted 2018",
        "dc:type Text",
        "dcterms:extent 143 tr. ; 21 cm",
        "dc:identifier urn:ISBN:9786040000019",
        "dc:language vie",
        "dcterms:isPartOf Tủ sách vàng ; 5",
        "dcterms:isReplacedBy Lúa mới",
        "dcterms:spatial Việt Nam",
        "dcterms:temporal 1945-1975",
        "dcterms:accessRights Open access",
        "dcterms:license http://example.vn/l",
        "dc:rights Ghi công",
    ]


@given(marc_records)
def test_any_marc_gives_terms_that_dcmi_defines(record):
    mapped = crosswalk.from_pivot(record, QDC)
    assume(mapped.fields)
    again = qdc.read(qdc.write(mapped))

    assert {each.name for each in mapped.elements(*ALL)} == {each[0] for each in mapped.fields}
    assert len(again.fields) == len(mapped.fields)


@pytest.mark.parametrize("term", ["dc:title", "dc:identifier", "dc:language", "dcterms:spatial"])
def test_what_goes_down_to_terms_and_up_again_stays(shared, term):
    for data in loc_books(shared, 200):
        once = crosswalk.from_pivot(crosswalk.to_pivot(iso2709.read(data)), QDC)
        again = crosswalk.from_pivot(crosswalk.to_pivot(once), QDC)

        assert texts(once, term) == texts(again, term)


def texts(record: Record, name: str) -> set[str]:
    return {fold(element.text) for element in record.elements(name)}
