from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import tables
from crosswalks.text import word_key
from crosswalks.values import imprints, places, publishers
from crosswalks.values.editions import Edition, Kind


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("H. :", "Hà Nội"),
        ("[H.]", "Hà Nội"),
        ("T.P. HCM", "Thành phố Hồ Chí Minh"),
        ("Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Saigon", "Sài Gòn"),
        ("ĐN.", "Đà Nẵng"),
        ("Hà Nội, Việt Nam", "Hà Nội"),
        ("Luân Đôn", "London"),
        ("Đông Hà", "Đông Hà"),
    ],
)
def test_places_are_written_in_full(text, label):
    assert [place.label for place in places.read(text)] == [label]


def test_known_places_tell_their_country():
    assert [place.country for place in places.read("H. ; Paris ; Đông Hà")] == ["vm", "fr", ""]


def test_a_place_that_nobody_knows_has_no_name():
    (unknown,) = places.read("[K.đ.]")

    assert unknown.name == ""
    assert not unknown.is_same(unknown)


def test_a_city_is_not_the_province_of_its_name():
    city, province, either = (
        places.read(text)[0] for text in ("Tp. Cao Bằng", "Tỉnh Cao Bằng", "Cao Bằng")
    )

    assert not city.is_same(province)
    assert city.is_same(either)
    assert province.is_same(either)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Nxb. Giáo dục Việt Nam", "Giáo dục"),
        ("NXB CTQG - ST", "Chính trị quốc gia"),
        ("KH&KT", "Khoa học Kỹ thuật"),
        ("Nha xuat ban Y hoc", "Y học"),
        ("Cục Thống kê", "Cục Thống kê"),
    ],
)
def test_publishers_are_written_out(text, label):
    assert [publisher.label for publisher in publishers.read(text)] == [label]


def test_a_company_is_no_publishing_house_of_its_name():
    house, company, either = (
        publishers.read(text)[0] for text in ("Nxb. Sao Mai", "Công ty Sao Mai", "Sao Mai")
    )

    assert not house.is_same(company)
    assert house.is_same(either)


@pytest.mark.parametrize("table", ["vn-places.tsv", "vn-publishers.tsv"])
def test_no_spelling_stands_for_two_names(table):
    rows = [
        (row[0], {word_key(x) for x in [row[0], *row[1].split("|")]}) for row in tables.rows(table)
    ]
    twice = [(a, b) for a, one in rows for b, two in rows if a < b and (one & two) - {""}]

    assert twice == []


def test_an_imprint_in_one_piece_is_cut_into_its_parts():
    imprint = imprints.read("H. ; Đà Nẵng : Nxb. Trẻ ; Kim Đồng, c2012")

    assert [place.label for place in imprint.places] == ["Hà Nội", "Đà Nẵng"]
    assert [publisher.label for publisher in imprint.publishers] == ["Trẻ", "Kim Đồng"]
    assert imprint.date
    assert imprint.date.coded == ("s", "2012", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nxb. Trẻ, 2005", (0, 1, True)),
        ("Đà Nẵng", (1, 0, False)),
        ("2005", (0, 0, True)),
        ("H. : Trẻ", (1, 1, False)),
    ],
)
def test_what_an_imprint_does_not_tell_stays_empty(text, told):
    imprint = imprints.read(text)

    assert (len(imprint.places), len(imprint.publishers), imprint.date is not None) == told


@pytest.mark.parametrize(
    "text",
    [
        "Sao Mai : Thơ / Lê Lan ch.b.. - Tái bản lần thứ 3. - H. : Trẻ, 2012. - 90tr. ; 19cm",
        "Sao Mai : Thơ / Lê Lan ch.b. - Tái bản lần thứ ba - H.: Nxb. Trẻ, 2012 - 90 tr.; 19 cm",
    ],
)
def test_a_description_is_cut_into_its_areas_however_it_is_punctuated(text):
    found = imprints.describe(text)

    assert found.title == "Sao Mai : Thơ"
    assert found.responsibility.startswith("Lê Lan ch.b")
    assert found.edition == Edition(kind=Kind.REPRINT, number=3)
    assert found.imprint
    assert found.imprint.date
    assert found.imprint.date.first == "2012"
    assert found.extent
    assert (found.extent.counts, found.extent.size) == ((("page", "90"),), (19,))


@given(st.text(max_size=60))
def test_any_text_can_be_cut(text):
    assert imprints.read(text) is not None
    assert imprints.describe(text) is not None
