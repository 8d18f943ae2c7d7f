from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.values import editions, extents, numerals, volumes, years
from crosswalks.values.editions import Edition, Kind
from crosswalks.values.volumes import Numbering

ONES = ["", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
AFTER_TENS = {1: "mốt", 5: "lăm"}


def spelled(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens < 2:
        return f"{'mười ' if tens else ''}{'lăm' if number == 15 else ONES[ones]}".strip()
    return f"{ONES[tens]} mươi {AFTER_TENS.get(ones, ONES[ones])}".strip()


def roman(number: int) -> str:
    parts = [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    written = ""
    for value, sign in parts:
        written += sign * (number // value)
        number %= value
    return written


@pytest.mark.parametrize("number", range(1, 90))
def test_every_way_to_write_a_number_comes_to_it(number):
    assert numerals.value(str(number)) == str(number)
    assert numerals.value(spelled(number)) == str(number)
    assert numerals.value(roman(number)) == str(number)


@pytest.mark.parametrize("text", ["", "và", "mười mười", "iiii", "vx", "hai ba", "toán"])
def test_what_is_no_number_has_no_value(text):
    assert numerals.value(text) == ""


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("Sử ký. T.1", "volume", "1"),
        ("Sử ký. T. IV", "volume", "4"),
        ("Sử ký, tập mười hai", "volume", "12"),
        ("Sử ký. Quyển thượng", "book", "upper"),
        ("Sử ký. Q.2", "book", "2"),
        ("Sử ký (Phần III)", "part", "3"),
        ("Tạp chí Y học. Số 12", "issue", "12"),
        ("History. Vol. 2", "volume", "2"),
        ("Sử ký. T.2B", "volume", "2b"),
    ],
)
def test_the_volume_of_a_title_is_found(text, kind, number):
    assert volumes.read(text).numbers == (Numbering(kind=kind, number=number),)


@pytest.mark.parametrize(
    "text",
    [
        "Bài tập 5",
        "Tuyển tập 2",
        "Tập trung dân chủ",
        "Nghị định số 7/2001",
        "Thành phần 2",
        "Cuốn theo chiều gió",
        "Toán 5",
    ],
)
def test_words_that_only_look_like_a_volume_are_left_alone(text):
    assert volumes.read(text) == volumes.Volumes(numbers=(), rest=text)


def test_volumes_within_volumes_and_ranges_are_kept_in_their_order():
    assert volumes.alone("T.4, Q.2-3").numbers == (
        Numbering(kind="volume", number="4"),
        Numbering(kind="book", number="2", last="3"),
    )


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Tái bản lần thứ ba", Edition(kind=Kind.REPRINT, number=3)),
        ("TB. lần 12", Edition(kind=Kind.REPRINT, number=12)),
        ("In lần thứ hai mươi mốt", Edition(kind=Kind.IMPRESSION, number=21)),
        ("Xuất bản lần đầu", Edition(kind=Kind.EDITION, number=1)),
        ("2nd ed., revised", Edition(kind=Kind.EDITION, number=2, changes=("revised",))),
        ("Tái bản", Edition(kind=Kind.REPRINT)),
        ("Bản đặc biệt", Edition(kind=Kind.EDITION, rest=("đăcJ", "biêtJ"))),
        (
            "Tái bản lần thứ 2, có sửa chữa và bổ sung",
            Edition(kind=Kind.REPRINT, number=2, changes=("enlarged", "revised")),
        ),
    ],
)
def test_an_edition_statement_tells_what_its_number_counts(text, edition):
    assert editions.read(text) == edition


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("[2011]", ("s", "2011", "")),
        ("c2011", ("s", "2011", "")),
        ("2011, c2009", ("t", "2011", "2009")),
        ("1990-95", ("m", "1990", "1995")),
        ("2008-", ("c", "2008", "9999")),
        ("[198-]", ("s", "198u", "")),
        ("[20--]", ("s", "20uu", "")),
        ("2010 [i.e. 2011]", ("s", "2011", "")),
        ("ngày 7 tháng 5 năm 2011", ("s", "2011", "")),
        ("Tự Đức thứ 15", ("s", "1862", "")),
        ("Minh Mạng năm thứ ba", ("s", "1822", "")),
        ("Duy Tân 3 [1909]", ("s", "1909", "")),
    ],
)
def test_dates_are_coded_as_008_has_them(text, coded):
    date = years.read(text)

    assert date
    assert date.coded == coded


@pytest.mark.parametrize(
    "text", ["2011-05-07T01:02:03Z", "[k.n.]", "Tự Đức 60", "Bảo Đại", "", "32/13/2011x"]
)
def test_what_is_no_date_of_publication_is_none(text):
    assert years.read(text) is None


def test_a_doubtful_year_is_not_a_sure_one():
    doubtful, sure = years.read("2011?"), years.read("2011")

    assert doubtful
    assert sure
    assert not doubtful.is_same(sure)


@pytest.mark.parametrize(
    ("text", "counts", "size"),
    [
        ("xii, 200 tr. : minh hoạ ; 24 cm", (("page", "xii"), ("page", "200")), (24,)),
        ("143tr., [4] tờ ảnh ; 14x20,5cm", (("page", "143"), ("leaf", "4")), (14, 21)),
        ("1 tập (200 tr.)", (("volume", "1"), ("page", "200")), ()),
        ("3 t. ; 240 mm", (("volume", "3"),), (24,)),
        ("v, 90 p.", (("page", "v"), ("page", "90")), ()),
        ("1 đĩa CD-ROM", (("disc", "1"),), ()),
    ],
)
def test_an_extent_counts_and_measures(text, counts, size):
    extent = extents.read(text)

    assert (extent.counts, extent.size, extent.rest) == (counts, size, ())


def test_pages_in_a_host_are_a_place_and_no_count():
    extent = extents.read("tr. 15 - 20")

    assert (extent.pages, extent.counts) == ((15, 20), ())


def test_pictures_are_noticed_in_many_words():
    assert extents.read("90tr. : hình vẽ, bảng").illustrated
    assert not extents.read("90tr. ; 19cm").illustrated


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    assert volumes.read(text).rest is not None
    assert volumes.alone(text).numbers is not None
    assert extents.read(text) == extents.read(text)
    assert (editions.read(text), years.read(text)) == (editions.read(text), years.read(text))
