from __future__ import annotations

import pytest
from hypothesis import given

from catalogue.match import Features, features
from catalogue.match.identifiers import isbn13
from catalogue.match.names import name_key, order_free, publisher_key
from catalogue.match.numbering import edition_number, split_volume, volume_number
from catalogue.match.words import remembered
from support.marc import marc, records


@given(records)
def test_any_record_has_features_that_survive_json(record):
    found = features(record)

    assert Features.from_json(found.to_json()) == found


def test_a_vietnamese_record_gives_what_is_compared():
    found = features(
        marc(
            "008 240101s2019    vm            000 0 vie d",
            "020 __ $a978-604-2-12345-6$c45000đ",
            "020 __ $a8935036612345$q(trọn bộ)",
            "100 0_ $aTô Hoài",
            "245 10 $aDế mèn phiêu lưu ký. T.2 :$btruyện /$cTô Hoài ; Minh hoạ: Tạ Thúc Bình",
            "250 __ $aTái bản lần thứ 70",
            "260 __ $aH. :$bNxb. Kim Đồng,$c2019",
            "300 __ $a143tr. :$bminh hoạ ;$c21cm",
        )
    )

    assert found.bare == "de men phieu luu ki"
    assert (found.subtitle, found.volume, found.edition) == ("truyen", "2", "r70")
    assert (found.author, found.publishers) == ("hoai to", ("kim dong",))
    assert (found.years, found.pages, found.language) == ((2019,), 143, "vie")
    assert found.has_marks
    assert not found.electronic


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Toán 5. T.1", "1"),
        ("Toán 5, Tập một", "1"),
        ("Lịch sử. Q. II", "2"),
        ("Chiến tranh và hoà bình / Quyển thứ 3", "3"),
        ("Giáo dục học. Tập hai", "2"),
        ("Tuyen tap van hoc. Tap 2", "2"),
        ("History. Vol. 4, Part 2", "4.2"),
        ("Bài tập 3", ""),
        ("Tuyển tập truyện ngắn", ""),
        ("Tập thơ", ""),
        ("Tiếng Việt 1", ""),
    ],
)
def test_a_volume_number_is_found_in_a_title_and_nothing_else_is(text, number):
    assert split_volume(text).number == number


@pytest.mark.parametrize(
    ("text", "number"), [("T.1", "1"), ("Tập ba", "3"), ("II", "2"), ("5", "5")]
)
def test_a_part_number_subfield_is_read_whatever_its_words(text, number):
    assert volume_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tái bản lần thứ 3", "r3"),
        ("Tái bản lần thứ ba, có sửa chữa, bổ sung", "r3"),
        ("Tb. lần 3", "r3"),
        ("In lần thứ hai", "i2"),
        ("Xuất bản lần thứ 2", "e2"),
        ("2nd ed.", "e2"),
        ("Second edition", "e2"),
        ("1st ed.", ""),
        ("Có sửa chữa", ""),
    ],
)
def test_an_edition_statement_gives_its_kind_and_number(text, number):
    assert edition_number(text) == number


@pytest.mark.parametrize(
    "form",
    ["Nguyễn, Nhật Ánh", "Ánh, Nguyễn Nhật", "TS. Nguyễn Nhật Ánh", "Nguyễn Nhật Ánh, ch.b."],
)
def test_a_name_has_one_key_in_any_order_and_with_any_honours(form):
    assert name_key(form) == name_key("Nguyễn Nhật Ánh")


def test_names_that_differ_in_marks_meet_but_are_not_one():
    hoa, hoaf = name_key("Phạm Việt Hoa"), name_key("Phạm Việt Hòa")

    assert hoa != hoaf
    assert order_free(hoa) == order_free(hoaf)


def test_a_syllable_that_is_also_a_role_stays_in_a_name():
    assert "dichJ" in name_key("Trần Văn Dịch")


@pytest.mark.parametrize(
    "form", ["Giáo dục", "NXB Giáo dục", "Nhà xuất bản Giáo dục Việt Nam", "GD"]
)
def test_a_publisher_has_one_key_in_all_its_usual_forms(form):
    assert publisher_key(form) == "giao duc"


def test_publishing_houses_with_like_names_stay_apart():
    assert publisher_key("Nxb. Đại học Sư phạm") != publisher_key("ĐHSP Tp. Hồ Chí Minh")


def test_isbns_are_checked_and_written_with_thirteen_digits():
    assert isbn13("604-0-00001-5 (bìa mềm)") == isbn13("9786040000019")
    assert isbn13("9786040000018") == ""
    assert isbn13("0000000000") == ""


def test_the_number_of_a_whole_set_is_not_the_number_of_a_volume():
    found = features(marc("020 __ $a9786040000019 (bộ)", "020 __ $a9786040000019$qtrọn bộ"))

    assert found.isbns == ()


def test_an_issn_counts_for_serials_only():
    serial = marc("022 __ $a0794-7348", leader="00000nas a2200000 a 4500")

    assert features(serial).issns == ("07947348",)
    assert features(marc("022 __ $a0794-7348")).issns == ()


def test_only_numbers_of_known_agencies_are_control_numbers():
    found = features(marc("035 __ $a(OCoLC)ocm00012345", "035 __ $a(Sirsi) 12345", "035 __ $a99"))

    assert found.controls == ("oclc.12345",)


@pytest.mark.parametrize(
    ("lines", "carrier"),
    [
        (["007 cr |||"], "electronic"),
        (["245 10 $aA$h[tài nguyên điện tử]"], "electronic"),
        (["856 40 $uhttp://a.vn/1.pdf"], "electronic"),
        (["856 42 $uhttp://a.vn/cover.jpg"], ""),
        (["300 __ $a12 tr.$c21 cm", "856 40 $uhttp://a.vn/1.pdf"], ""),
        (["338 __ $bhe"], "microform"),
        (["300 __ $a12 tr.", "533 __ $aMicrofilm.$bHà Nội"], "microform"),
        (["300 __ $a12 tr.", "533 __ $aElectronic reproduction.$bHà Nội"], "electronic"),
        (["300 __ $a12 tr.", "533 __ $aBản sao điện tử.$bHà Nội"], "electronic"),
        (["300 __ $a12 tr.", "533 __ $aPhotocopy."], ""),
    ],
)
def test_the_carrier_is_what_the_record_says_not_what_it_links_to(lines, carrier):
    assert features(marc(*lines)).carrier == carrier


def test_a_year_of_publication_comes_before_a_copyright_year():
    found = features(marc("008 240101t20102009vm ", "260 __ $cc2009, 2010"))

    assert found.years == (2010, 2009)


def test_a_dublin_core_title_is_taken_apart_at_its_punctuation():
    found = features(marc("245 00 $aVật lí 10 : sách giáo viên / Lê Văn A"))

    assert (found.bare, found.subtitle, found.kind) == ("vat li 10", "sach giao vien", "teacher")


@pytest.mark.parametrize(("length", "expected"), [(1, 1), (200, 1), (201, 2), (5000, 2)])
def test_short_texts_are_remembered_and_long_ones_made_anew(length, expected):
    made = []

    @remembered
    def upper(text: str) -> str:
        made.append(text)
        return text.upper()

    assert [upper("ă" * length), upper("ă" * length)] == ["Ă" * length] * 2
    assert len(made) == expected


@pytest.mark.parametrize(
    ("said", "pages", "volumes"),
    [
        ("2 p. l., [3]-259, [1] p.", 259, 0),
        ("xii, 345, xx p. :", 345, 0),
        ("259, [1] tr. ;", 259, 0),
        ("3 tập (1200 tr.)", 1200, 3),
        ("v. :", 0, 0),
        ("9" * 10_000 + " p.", 0, 0),
    ],
)
def test_the_longest_sequence_of_pages_is_the_one_compared(said, pages, volumes):
    found = features(marc("245 10 $aX", f"300 __ $a{said}"))

    assert (found.pages, found.volumes) == (pages, volumes)


def test_a_country_is_compared_where_008_names_one():
    assert features(marc("008 030101s2003    vm a     b    000 0 vie d")).country == "vm"
    assert features(marc("008 030101s2003    xx a     b    000 0 vie d")).country == ""


@pytest.mark.parametrize(
    ("place", "publisher"),
    [
        ("[S.l.] :", "[s.n.],"),
        ("S.l. :", "s.n.,"),
        ("[S.l. :", "s.n.],"),
        ("[N.p.] :", "[n. pub.]"),
        ("[K.đ.] :", "[k.nxb.],"),
        ("KĐ", "KNxb"),
        ("[Place of publication not identified] :", "[publisher not identified],"),
        ("[Không rõ nơi xuất bản] :", "[Không rõ nhà xuất bản]"),
    ],
)
def test_what_says_that_nobody_knows_names_no_place_and_no_publisher(place, publisher):
    found = features(marc("245 10 $aSố đỏ", f"260 __ $a{place}$b{publisher}$c1936"))

    assert (found.place, found.publishers) == ("", ())


def test_a_publisher_that_a_cataloguer_supplied_counts():
    found = features(marc("245 10 $aSố đỏ", "260 __ $a[Hà Nội] :$b[Nxb. Văn học] (in lại),$c1936"))

    assert (found.place, found.publishers) == ("ha noi", ("van hoc",))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [("q18001899", 0), ("q18801885", 1880), ("s1880    ", 1880), ("q1880uuuu", 1880)],
)
def test_a_questionable_date_of_more_than_ten_years_is_no_year(dates, expected):
    found = features(marc("008 200101" + dates + "xxu           000 0 eng d", "245 10 $aSouthey"))

    assert found.coded_year == expected
    assert found.years == ((expected,) if expected else ())
