from __future__ import annotations

from hypothesis import given

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.model import Element, Record, Schema
from support.dublin import fields, records, up

QDC = Schema.QDC


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
