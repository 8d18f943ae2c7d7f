from __future__ import annotations

import pytest
from hypothesis import given

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.dates import coded, entered, issued, year
from crosswalks.errors import UnknownCrosswalk
from crosswalks.identifiers import Identifier, Kind, identify
from crosswalks.languages import marc_code
from crosswalks.model import Element, Record, Schema
from support.formats import DC_RECORDS
from support.marc import lines, marc

THESIS = {
    "title": ["Nghiên cứu\n  th&#7911;y văn : sông Hồng"],
    "creator": ["Nguyễn, Mai Đăng", "Phạm Việt Hoà"],
    "contributor": ["Trường Đại học Thủy lợi"],
    "subject": ["Thủy văn; Sông Hồng"],
    "description": ["Tóm tắt &amp; kết luận"],
    "publisher": ["Đại học Thủy lợi"],
    "date": ["2019-05-20T08:11:02Z", "2019-05-20T08:11:02Z", "2008"],
    "type": ["Luận văn thạc sĩ"],
    "format": ["application/pdf", "112 tr."],
    "identifier": [
        "http://tailieuso.example.vn/handle/123456789/77",
        "ISBN 978-604-0-00001-9 (bìa mềm)",
        "https://doi.org/10.1000/xyz123",
    ],
    "language": ["vi_VN"],
    "rights": ["https://creativecommons.org/licenses/by/4.0/"],
}
ACCESS = "$qapplication/pdf$rhttps://creativecommons.org/licenses/by/4.0/"


def dc(values: dict[str, list[str]]) -> Record:
    fields = [Element(f"dc:{name}", (), text) for name, texts in values.items() for text in texts]
    return Record(schema=Schema.OAI_DC, fields=tuple(fields))


def up(**values: list[str]) -> Record:
    return crosswalk.to_pivot(dc(values))


def test_a_dspace_thesis_becomes_a_minimal_marc_record():
    record = up(**THESIS)

    assert record.leader == "00000nam a22000007u 4500"
    assert record.control("008") == "190520s2008    vm |||||om||||||||||vie|d"
    assert lines(record, *{field[0] for field in record.fields}) == [
        "020 __ $a9786040000019$qbìa mềm",
        "024 7_ $a10.1000/xyz123$2doi",
        "100 1_ $aNguyễn, Mai Đăng",
        "245 10 $aNghiên cứu thủy văn :$bsông Hồng",
        "264 _1 $bĐại học Thủy lợi,$c2008",
        "300 __ $a112 tr.",
        "336 __ $atext$btxt$2rdacontent",
        "337 __ $acomputer$bc$2rdamedia",
        "338 __ $aonline resource$bcr$2rdacarrier",
        "520 __ $aTóm tắt & kết luận",
        "540 __ $fCC BY 4.0$uhttps://creativecommons.org/licenses/by/4.0/$2cc",
        "653 __ $aThủy văn",
        "653 __ $aSông Hồng",
        "655 _4 $aLuận văn thạc sĩ",
        "700 0_ $aPhạm Việt Hoà$4cre",
        "710 2_ $aTrường Đại học Thủy lợi$4ctb",
        f"856 40 $uhttp://tailieuso.example.vn/handle/123456789/77{ACCESS}",
        f"856 40 $uhttps://doi.org/10.1000/xyz123{ACCESS}",
    ]
    assert check(record) == ()


@given(DC_RECORDS)
def test_any_dublin_core_gives_marc_that_passes_its_own_check(record):
    found = {problem.code for problem in check(crosswalk.to_pivot(record))}

    assert found <= {"missing-title", "damaged-text"}


def test_html_is_resolved_once_and_no_more():
    assert lines(up(title=["R&amp;amp;D &copy; &bogus; &"]), "245") == [
        "245 00 $aR&amp;D © &bogus; &"
    ]


@pytest.mark.parametrize(
    ("dates", "date"),
    [
        (["2019-05-20T08:11:02Z", "2019-05-20T08:11:02Z", "2008-03"], "2008-03"),
        (["2019-05-20T08:11:02Z"], ""),
        (["2019-05-20T08:11:02Z", "2012-01-01T00:00:00Z"], "2012-01-01"),
        (["2031-01-01", "2019-05-20T08:11:02Z", "2018"], "2018"),
        (["2015-10-05", "2007-11-21", "1998"], "1998"),
        (["info:eu-repo/date/embargoEnd/2017-01-01", "2016"], "2016"),
        (["2015-08-01T07:00:00Z"], "2015-08-01"),
        (["không rõ", "[2001?]"], "[2001?]"),
        ([], ""),
    ],
)
def test_an_accession_stamp_is_never_the_year_of_publication(dates, date):
    assert issued(dates) == date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15052010", "2010"),
        ("c2019", "2019"),
        ("20190101", "2019"),
        ("tháng 5/1998", "1998"),
        ("12345", ""),
        ("", ""),
    ],
)
def test_a_year_is_found_however_it_is_written(text, expected):
    assert year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2008-03", ("s", "2008", "")),
        ("1990-1995", ("m", "1990", "1995")),
        ("1990-95", ("m", "1990", "1995")),
        ("01/01/1990-31/12/1991", ("m", "1990", "1991")),
        ("1999/2000", ("m", "1999", "2000")),
        ("1950?-1960", ("q", "1950", "1960")),
        ("giữa 1950 và 1960", ("s", "1950", "")),
        ("2008-", ("c", "2008", "9999")),
        ("ca. 1990", ("s", "1990", "")),
        ("[199-?]", ("s", "199u", "")),
        ("1990s", ("s", "199u", "")),
        ("thế kỷ XIX", ("s", "18uu", "")),
        ("19th century", ("s", "18uu", "")),
        ("tháng 5 năm 2010", ("s", "2010", "")),
    ],
)
def test_a_date_is_coded_as_sure_as_it_is(text, expected):
    assert coded(text) == expected


@pytest.mark.parametrize(
    ("date", "type_", "dates"),
    [
        ("2008", "Book", "s2008    "),
        ("2008-", "Book", "m20089999"),
        ("2008-", "Tạp chí", "c20089999"),
        ("2008", "Tạp chí", "u2008uuuu"),
        ("1990-1995", "Tạp chí", "d19901995"),
        ("1990-1995", "Collection", "i19901995"),
    ],
)
def test_dates_are_coded_by_what_they_are_of(date, type_, dates):
    assert up(date=[date], type=[type_]).control("008")[6:15] == dates


def test_the_first_stamp_is_when_the_record_was_entered():
    assert entered(["2019-05-20T08:11:02Z", "2018-01-02T00:10:00Z", "2008"]) == "180102"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("urn:ISBN:0-306-40615-2", Kind.ISBN, "0306406152"),
        ("978-604-0-00001-9", Kind.ISBN, "9786040000019"),
        ("ISBN 978-604-0-00001-8", Kind.BAD_ISBN, "ISBN 978-604-0-00001-8"),
        ("0306406152", Kind.OTHER, "0306406152"),
        ("1859-4581", Kind.ISSN, "1859-4581"),
        ("ISSN: 1859-4580", Kind.BAD_ISSN, "1859-4580"),
        ("1990-1998", Kind.OTHER, "1990-1998"),
        ("doi:10.1000/xyz", Kind.DOI, "10.1000/xyz"),
        ("http://hdl.handle.net/10877/1606", Kind.HANDLE, "10877/1606"),
        ("http://hdl.handle.net/123456789/5", Kind.URL, "http://hdl.handle.net/123456789/5"),
        ("urn:nbn:de:101:1-2", Kind.URN, "urn:nbn:de:101:1-2"),
        ("Tạp chí X, số 3 (2010), tr. 5-9", Kind.CITATION, "Tạp chí X, số 3 (2010), tr. 5-9"),
        ("LV 00123", Kind.OTHER, "LV 00123"),
    ],
)
def test_identifiers_are_told_apart(text, kind, value):
    assert identify(text)[:2] == Identifier(kind, value)[:2]


def test_an_issn_is_a_serials_own_and_an_articles_host():
    assert lines(up(identifier=["1859-4581"], type=["Tạp chí"]), "022") == ["022 __ $a1859-4581"]
    assert lines(up(identifier=["1859-4581"], type=["Bài báo"]), "773") == ["773 0_ $x1859-4581"]


@pytest.mark.parametrize(
    "text", ["vi", "vi_VN", "vi-VN", "vn", "VIE", "Tiếng Việt", "Vietnamese", "Việt"]
)
def test_vietnamese_is_known_by_all_its_names(text):
    assert marc_code(text) == "vie"


@pytest.mark.parametrize(
    ("text", "code"), [("en_", "eng"), ("zh", "chi"), ("fra", "fre"), ("Klingon", ""), ("", "")]
)
def test_languages_are_mapped_to_marc_codes_or_not_at_all(text, code):
    assert marc_code(text) == code


def test_several_languages_and_unknown_ones_are_kept():
    record = up(language=["vi", "en", "tiếng lóng"])

    assert record.control("008")[35:38] == "vie"
    assert lines(record, "041", "546") == ["041 0_ $avie$aeng", "546 __ $atiếng lóng"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Tô Hoài", "100 0_"),
        ("Nguyễn, Nhật Ánh", "100 1_"),
        ("Bộ Giáo dục và Đào tạo", "110 2_"),
        ("Asian Development Bank", "110 2_"),
        ("Bo Derek", "100 0_"),
    ],
)
def test_persons_and_bodies_are_told_apart(name, field):
    assert lines(up(creator=[name]), "100", "110") == [f"{field} $a{name}"]


def test_marc_goes_through_as_it_is_but_for_nfc():
    decomposed = marc("001 1", "245 10 $aSo\u0302\u0301 đo\u0309")

    assert crosswalk.to_pivot(decomposed) == marc("001 1", "245 10 $aSố đỏ")


def test_a_pure_ascii_record_is_not_even_copied():
    record = marc("001 1", "245 10 $aTitle")

    assert crosswalk.to_pivot(record) is record


def test_crosswalks_are_known_by_name():
    assert {"marc21-marc21", "oai_dc-marc21", "marc21-oai_dc"} <= set(crosswalk.known())
    assert crosswalk.to_pivot(dc({}), "oai_dc-marc21").schema is Schema.MARC21


@pytest.mark.parametrize("name", ["nosuch", "marc21-oai_dc"])
def test_an_unknown_or_unfit_crosswalk_is_wrong_use(name):
    with pytest.raises(UnknownCrosswalk, match="These exist: marc21-marc21"):
        crosswalk.to_pivot(dc({}), name)
