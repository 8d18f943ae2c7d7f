from __future__ import annotations

from hypothesis import given

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.model import Record, Schema
from support.dublin import fields, records, up

DIM = Schema.DIM


def dim(*told: str) -> Record:
    return up(DIM, *told)


def test_a_thesis_says_its_degree_its_adviser_and_its_year():
    record = dim(
        "dc.title Nghiên cứu thủy văn : sông Hồng",
        "dc.contributor.author Nguyễn, Mai Đăng",
        "dc.contributor.advisor PGS.TS. Trần Văn B",
        "dc.date.accessioned 2019-05-20T08:11:02Z",
        "dc.date.issued 2018",
        "dc.type Luận văn thạc sĩ",
        "dc.language.iso vi",
        "thesis.degree.name Thạc sĩ",
        "thesis.degree.discipline Thủy văn học",
        "thesis.degree.grantor Trường Đại học Thủy lợi",
    )

    assert record.control("008") == "190520s2018    xx ||||||m||||||||||vie|d"
    assert fields(record) == [
        "100 1_ $aNguyễn, Mai Đăng",
        "245 10 $aNghiên cứu thủy văn :$bsông Hồng",
        "264 _1 $c2018",
        "336 __ $atext$btxt$2rdacontent",
        "502 __ $bThạc sĩ$cTrường Đại học Thủy lợi$d2018$gThủy văn học",
        "655 _4 $aLuận văn thạc sĩ",
        "700 0_ $aTrần Văn B,$cPGS.TS.$4ths",
    ]
    assert check(record) == ()


def test_qualifiers_say_what_an_identifier_is():
    record = dim(
        "dc.title T",
        "dc.identifier.isbn 0306406152",
        "dc.identifier.uri http://hdl.handle.net/10877/1606",
        "dc.identifier.other LV 00123",
    )

    assert fields(record, "020", "024", "856") == [
        "020 __ $a0306406152",
        "024 7_ $a10877/1606$2hdl",
        "024 8_ $aLV 00123",
        "856 40 $uhttps://hdl.handle.net/10877/1606",
    ]


def test_an_article_stands_in_its_journal():
    record = dim(
        "dc.title T",
        "dc.type Article",
        "dc.identifier.issn 1859-4581",
        "dc.identifier.citation Tạp chí Khoa học; Tập 5, Số 3 (2010), tr. 12-20",
    )

    assert record.leader[6:8] == "ab"
    assert fields(record, "022", "773") == [
        "773 0_ $tTạp chí Khoa học$gTập 5, Số 3 (2010), tr. 12-20$q5:3<12$x1859-4581"
    ]


def test_roles_are_those_of_the_qualifiers():
    record = dim(
        "dc.title T",
        "dc.contributor.editor Lê, Văn A",
        "dc.contributor.illustrator Tạ Thúc Bình",
        "dc.contributor.department Khoa Thủy văn",
    )

    assert fields(record, "700", "710") == [
        "700 1_ $aLê, Văn A$4edt",
        "700 0_ $aTạ Thúc Bình$4ill",
        "710 2_ $aKhoa Thủy văn$4ctb",
    ]


def test_a_series_is_one_with_or_without_a_number():
    record = dim(
        "dc.title T", "dc.relation.ispartofseries Báo cáo;12", "dc.relation.ispartofseries B"
    )

    assert fields(record, "490") == ["490 0_ $aBáo cáo ;$v12", "490 0_ $aB"]


def test_what_staff_did_to_a_record_stays_in_the_repository():
    record = dim("dc.title T", "dc.description.provenance Submitted by An (an@example.vn)")

    assert fields(record) == ["245 00 $aT"]


def test_the_headings_of_a_scheme_keep_it():
    record = dim(
        "dc.title T", "dc.subject.lcsh Rice -- Vietnam", "dc.subject.ddc 633.18", "dc.subject Lúa"
    )

    assert fields(record, "082", "650", "653") == [
        "082 04 $a633.18$223",
        "650 _0 $aRice$xVietnam",
        "653 __ $aLúa",
    ]


@given(
    records(
        DIM,
        *("dc.title", "dc.title.alternative", "dc.contributor.author", "dc.contributor.advisor"),
        *("dc.contributor.editor", "dc.date.issued", "dc.date.accessioned", "dc.type"),
        *("dc.identifier.isbn", "dc.identifier.issn", "dc.identifier.uri", "dc.subject.lcsh"),
        *("dc.identifier.citation", "dc.relation.ispartofseries", "dc.language.iso"),
        *("dc.rights.uri", "thesis.degree.name", "dc.format.extent", "oaire.citation.volume"),
        *("dc.subject.ddc", "dc.relation.ispartof", "dc.publisher", "dc.coverage.spatial"),
    )
)
def test_any_dim_gives_marc_that_passes_its_own_check(record):
    found = {problem.code for problem in check(crosswalk.to_pivot(record))}

    assert found <= {"missing-title", "damaged-text"}
