from __future__ import annotations

import re

import pytest
from hypothesis import given

from crosswalks.formats import ris
from crosswalks.model import Element, Record, Schema
from support.given_out import ARTICLE, BOOK, THESIS, everything, given_out, sample
from support.marc import marc, records

_REFERENCE = re.compile(r"TY  - [A-Z]+\r\n(?:[A-Z][A-Z0-9]  - [^\r\n]+\r\n)*ER  - \r\n")


def tags(text: str) -> list[str]:
    return [line.replace("  - ", " ").strip() for line in text.split("\r\n") if line]


def test_a_vietnamese_book_keeps_names_in_their_own_order_and_roles_apart():
    found = tags(given_out(ris, BOOK))

    assert found[:8] == [
        "TY BOOK",
        "ID nlv-77",
        "TI Mắt biếc : truyện dài",
        "AU Nguyễn Nhật Ánh",
        "A2 Hội Nhà văn, Chi hội Trẻ",
        "A4 Smith, John",
        "A3 Đỗ Hoàng Tường",
        "T2 Tủ sách tuổi hồng",
    ]
    assert {"VL 12", "PY 2019", "CY Hà Nội", "ET Tái bản lần 3", "LA vi"} <= set(found)
    assert {"DO 10.1000/xyz123", "N1 𡨸喃 : 眼碧", "SN 9786040000019"} <= set(found)
    assert found[-1] == "ER"


def test_a_thesis_says_which_and_where():
    assert {"TY THES", "M3 Thạc sĩ", "PB Trường Đại học Nông Lâm", "A3 Lê Văn Sáu"} <= set(
        tags(given_out(ris, THESIS))
    )


def test_an_article_has_its_place_in_the_periodical():
    wanted = ["TY JOUR", "T2 Tạp chí Văn học", "VL 12", "IS 3", "SP 235", "EP 248", "SN 0866-7349"]

    assert [each for each in tags(given_out(ris, ARTICLE)) if each in wanted] == wanted


def test_a_value_stays_on_its_line_and_the_kind_comes_first():
    fields = (Element("TI", (), "một\r\nER  - \x00hai"), Element("TY", (), "MAP"))

    assert ris.write(Record(schema=Schema.RIS, fields=fields)).decode() == (
        "TY  - MAP\r\nTI  - một ER - hai\r\nER  - \r\n"
    )


@pytest.mark.parametrize(
    ("leader", "kind"),
    [("nam", "BOOK"), ("nem", "MAP"), ("nas", "SER"), ("ngm", "VIDEO"), ("njm", "SOUND")],
)
def test_the_kind_of_reference_follows_the_leader(leader, kind):
    record = marc("245 00 $aX", leader=f"00000{leader} a2200000 a 4500")

    assert tags(given_out(ris, record))[0] == f"TY {kind}"


@given(records)
def test_any_record_gives_one_reference(record):
    assert _REFERENCE.fullmatch(given_out(ris, record))


def test_every_real_record_gives_one_reference(shared):
    found = [given_out(ris, record) for record in sample(shared, 150)]

    assert len(found) > 450
    assert [text for text in found if not _REFERENCE.fullmatch(text)] == []


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_all_real_records_give_one_reference(shared):
    assert all(_REFERENCE.fullmatch(given_out(ris, record)) for record in everything(shared))
