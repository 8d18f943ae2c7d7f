from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.hosts import host, is_numbered
from crosswalks.model import Schema
from crosswalks.names import is_corporate, is_meeting, separate
from support.dublin import SAYING, fields, records, up

DC = Schema.OAI_DC
ELEMENTS = [
    *("dc:title", "dc:creator", "dc:contributor", "dc:subject", "dc:description", "dc:publisher"),
    *("dc:date", "dc:type", "dc:format", "dc:identifier", "dc:source", "dc:language"),
    *("dc:relation", "dc:coverage", "dc:rights"),
]


@pytest.mark.parametrize(
    ("text", "title", "part", "coded"),
    [
        (
            "Tạp chí X; Tập 5, Số 3 (2010): Môi trường; 12-20",
            *("Tạp chí X", "Tập 5, Số 3 (2010); 12-20", "5:3<12"),
        ),
        ("Tạp chí Y, 5(3), tr. 12-20", "Tạp chí Y", "5(3), tr. 12-20", "5:3<12"),
        ("In: Z, vol. 7 (1999)", "Z", "vol. 7 (1999)", "7"),
        ("Tạp chí Không Số", "Tạp chí Không Số", "", ""),
        (
            "Lê, A. (2010). Một bài. Tạp chí X, 5(3), 12-20.",
            *("", "Lê, A. (2010). Một bài. Tạp chí X, 5(3), 12-20.", ""),
        ),
    ],
)
def test_a_host_is_told_apart_where_that_is_sure(text, title, part, coded):
    assert host(text) == (title, part, coded)


@given(st.one_of(SAYING, st.text()))
def test_a_host_is_read_from_any_text(text):
    assert is_numbered(text) in {True, False}
    assert host(text) is not None


@pytest.mark.parametrize(
    ("name", "corporate"),
    [
        ("Trường Đại học X, Khoa Y", True),
        ("Khoa, Nguyễn Đăng", False),
        ("Church, Alonzo", False),
        ("Smith, John (University of X)", False),
        ("Inter-university Consortium for Political Research", True),
        ("Viện Toán học", True),
        ("Nguyễn Văn Viện", False),
        ("Hội thảo khoa học Việt Nam học", True),
    ],
)
def test_a_body_is_known_by_its_words_and_a_family_name_is_not_one(name, corporate):
    assert is_corporate(name) is corporate


def test_a_meeting_is_no_person_and_no_institution():
    assert is_meeting("Hội nghị Khoa học trẻ")
    assert fields(up(DC, "dc:title T", "dc:creator Hội nghị Khoa học trẻ"), "111") == [
        "111 2_ $aHội nghị Khoa học trẻ"
    ]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Nguyễn Văn A, Trần Thị B; Smith, J.", ["Nguyễn Văn A", "Trần Thị B", "Smith, J."]),
        ("Nguyễn Văn, A", ["Nguyễn Văn, A"]),
        ("Hà, Lê Văn", ["Hà, Lê Văn"]),
        ("", []),
    ],
)
def test_names_in_one_value_are_parted_where_each_is_whole(value, names):
    assert separate(value) == names


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("PGS.TS. Nguyễn Văn A", "100 0_ $aNguyễn Văn A,$cPGS.TS."),
        ("Lewis, Sinclair, 1885-1951.", "100 1_ $aLewis, Sinclair,$d1885-1951"),
        ("Trần B (chủ biên)", "100 0_ $aTrần B$4edt"),
        ("Chủ biên: Trần B", "100 0_ $aTrần B$4edt"),
        (
            "Smith, J. https://orcid.org/0000-0001-2345-6789",
            "100 1_ $aSmith, J.$1https://orcid.org/0000-0001-2345-6789",
        ),
    ],
)
def test_what_is_written_around_a_name_has_its_own_subfield(name, line):
    assert fields(up(DC, "dc:title T", f"dc:creator {name}"), "100") == [line]


@pytest.mark.parametrize(
    ("type_", "leader", "nature", "content"),
    [
        ("http://purl.org/coar/resource_type/c_6501", "ab", "|", "txt"),
        ("info:eu-repo/semantics/doctoralThesis", "am", "m", "txt"),
        ("http://purl.org/dc/dcmitype/StillImage", "km", "|", "sti"),
        ("Bản đồ", "em", "|", "cri"),
        ("Bài báo", "ab", "|", "txt"),
        ("Khoá luận tốt nghiệp", "am", "m", "txt"),
        ("Dataset", "mm", "|", "cod"),
    ],
)
def test_the_type_is_known_in_words_and_in_codes(type_, leader, nature, content):
    record = up(DC, "dc:title T", f"dc:type {type_}")

    assert record.leader[6:8] == leader
    assert record.control("008")[24] == nature
    assert record.values("336", "b") == [content]


@pytest.mark.parametrize(
    ("title", "language", "line"),
    [
        ("The sea: a history", "en", "245 04 $aThe sea :$ba history"),
        ("L'été", "fr", "245 02 $aL'été"),
        ("A Di Đà kinh", "vi", "245 00 $aA Di Đà kinh"),
        ("Tiêu đề = Title / Lê A", "vi", "245 00 $aTiêu đề =$bTitle /$cLê A"),
        ("H<sub>2</sub>O and <i>E. coli</i>", "en", "245 00 $aH2O and E. coli"),
        ("Lúc 10: 30", "vi", "245 00 $aLúc 10: 30"),
    ],
)
def test_a_title_is_cut_and_filed_as_its_language_does(title, language, line):
    assert fields(up(DC, f"dc:title {title}", f"dc:language {language}"), "245") == [line]


def test_access_and_licence_stand_beside_the_address():
    licence = "https://creativecommons.org/licenses/by/4.0/"
    told = ("dc:rights info:eu-repo/semantics/openAccess", f"dc:rights {licence}")
    record = up(DC, "dc:title T", "dc:identifier http://example.vn/1", *told)

    assert fields(record, "506", "540", "856") == [
        "506 0_ $aOpen access$fUnrestricted online access$2star",
        f"540 __ $fCC BY 4.0$u{licence}$2cc",
        f"856 40 $uhttp://example.vn/1$r{licence}$70",
    ]


def test_an_embargo_is_no_date_of_publication():
    record = up(
        DC,
        "dc:title T",
        "dc:date info:eu-repo/date/embargoEnd/2030-01-01",
        "dc:rights info:eu-repo/semantics/embargoedAccess",
    )

    assert record.control("008")[6:15] == "nuuuuuuuu"
    assert fields(record, "506") == [
        "506 1_ $aEmbargoed access",
        "506 1_ $aEmbargoed access$g20300101",
    ]


def test_another_works_doi_is_not_its_own():
    record = up(
        DC,
        "dc:title T",
        "dc:relation doi:10.1000/other",
        "dc:relation info:eu-repo/semantics/altIdentifier/doi/10.1000/own",
    )

    assert record.values("024", "a") == ["10.1000/own"]


@given(records(DC, *ELEMENTS))
def test_any_simple_dublin_core_gives_marc_that_passes_its_own_check(record):
    found = {problem.code for problem in check(crosswalk.to_pivot(record))}

    assert found <= {"missing-title", "damaged-text"}
