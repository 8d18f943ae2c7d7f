"""OpenURLs of records: the keys of their formats, in UTF-8, never too long."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.model import Control, Field, Record, Schema
from crosswalks.openurl import LONGEST, Source, openurl

BASE = "https://ill.example.vn/openurl"
HERE = Source("https://hub.example.vn/record/000000001", "hub.example.vn")
MTX = "info:ofi/fmt:kev:mtx"
KEYS = {
    "book": "btitle isbn date au aulast aufirst aucorp pub place edition series tpages genre",
    "journal": "jtitle issn date au aulast aufirst aucorp genre",
    "dissertation": "title isbn date au aulast aufirst inst degree tpages",
}
"""Of the formats in the registry, those that a catalogue has something for."""


def marc(*fields: Control | Field, level: str = "m") -> Record:
    return Record(schema=Schema.MARC21, leader=f"00000na{level} a2200000 i 4500", fields=fields)


def field(tag: str, indicators: str = "  ", **parts: str) -> Field:
    return Field(tag, indicators, tuple((code[-1], value) for code, value in parts.items()))


BOOK = marc(
    Control("008", "200101s1936    vm            000 0 vie d"),
    field("020", a="978-604-976-334-2 (bìa mềm)"),
    field("100", "0 ", a="Vũ Trọng Phụng,", d="1912-1939"),
    field("245", "10", a="Số đỏ :", b="tiểu thuyết /", c="Vũ Trọng Phụng"),
    field("250", a="In lần 2."),
    field("264", " 1", a="Hà Nội :", b="Văn học,", c="1936"),
    field("300", a="250 tr. ;", c="19 cm"),
    field("700", "1 ", a="Zinoman, Peter"),
)


def told(record: Record, base: str = BASE) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(openurl(base, record, HERE)).query, strict_parsing=True):
        found.setdefault(name, []).append(value)
    return found


def test_a_book_is_told_by_the_keys_of_books():
    assert told(BOOK) == {
        "url_ver": ["Z39.88-2004"],
        "url_ctx_fmt": [f"{MTX}:ctx"],
        "ctx_ver": ["Z39.88-2004"],
        "ctx_enc": ["info:ofi/enc:UTF-8"],
        "rfr_id": ["info:sid/hub.example.vn:lienthong"],
        "rft_id": ["https://hub.example.vn/record/000000001"],
        "rft_val_fmt": [f"{MTX}:book"],
        "rft.genre": ["book"],
        "rft.isbn": ["9786049763342"],
        "rft.btitle": ["Số đỏ: tiểu thuyết"],
        "rft.date": ["1936"],
        "rft.au": ["Vũ Trọng Phụng", "Zinoman, Peter"],
        "rft.pub": ["Văn học"],
        "rft.place": ["Hà Nội"],
        "rft.edition": ["In lần 2"],
        "rft.tpages": ["250"],
    }


def test_a_journal_and_a_dissertation_have_formats_of_their_own():
    journal = marc(
        field("022", a="0866-7500"),
        field("245", "00", a="Tạp chí Thư viện Việt Nam"),
        field("110", "2 ", a="Thư viện Quốc gia Việt Nam."),
        level="s",
    )
    thesis = marc(
        field("100", "1 ", a="Nguyen, Van An,"),
        field("245", "10", a="Luận án"),
        field("502", b="Tiến sĩ", c="Đại học Quốc gia Hà Nội", d="2015"),
    )
    first, second = told(journal), told(thesis)

    assert first["rft_val_fmt"] == [f"{MTX}:journal"]
    assert (first["rft.jtitle"], first["rft.issn"]) == (
        *(["Tạp chí Thư viện Việt Nam"], ["0866-7500"]),
    )
    assert first["rft.aucorp"] == ["Thư viện Quốc gia Việt Nam"]
    assert second["rft_val_fmt"] == [f"{MTX}:dissertation"]
    assert second["rft.inst"] == ["Đại học Quốc gia Hà Nội"]
    assert (second["rft.aulast"], second["rft.aufirst"]) == (["Nguyen"], ["Van An"])
    assert "rft.genre" not in second


def test_marks_between_elements_go_and_abbreviations_stay():
    part = marc(
        field("245", "10", a="Hồng lâu mộng.", n="T.1 /", c="Tào Tuyết Cần"),
        field("260", a="H. :", b="Văn học,", c="1999."),
        field("700", "1 ", a="Hawkes, D."),
    )
    found = told(part)

    assert found["rft.btitle"] == ["Hồng lâu mộng. T.1"]
    assert (found["rft.place"], found["rft.date"]) == (["H."], ["1999"])
    assert (found["rft.au"], found["rft.aufirst"]) == (["Hawkes, D."], ["D."])


def test_a_map_is_no_book_and_a_base_keeps_what_it_asks_already():
    made = openurl("https://ill.vn/?inst=9", marc(field("245", a="Bản đồ")), HERE)

    assert made.startswith("https://ill.vn/?inst=9&url_ver=")
    leader = "00000nem a2200000 i 4500"
    drawn = Record(schema=Schema.MARC21, leader=leader, fields=(field("245", a="Bản đồ"),))
    assert told(drawn)["rft.genre"] == ["document"]


TEXT = st.text(max_size=60)
TAGS = st.sampled_from(["020", "022", "100", "110", "245", "250", "264", "300", "490", "502"])


@settings(max_examples=12)
@given(
    st.lists(st.builds(lambda tag, a, b, c: field(tag, a=a, b=b, c=c), TAGS, TEXT, TEXT, TEXT)),
    st.sampled_from("msa"),
    st.integers(1, 40),
)
def test_no_record_makes_one_that_is_too_long_or_has_keys_of_another_format(
    fields: list[Field], level: str, times: int
):
    record = marc(field("245", a="Một nhan đề rất dài " * times), *fields, level=level)
    made = openurl(BASE, record, HERE)
    names = {name for name, _ in parse_qsl(urlsplit(made).query, strict_parsing=True)}
    kind = told(record)["rft_val_fmt"][0].removeprefix(f"{MTX}:")

    assert len(made) <= LONGEST
    assert {each for each in names if each.startswith("rft.")} <= {
        f"rft.{each}" for each in KEYS[kind].split()
    }


@pytest.mark.parametrize("nothing", [marc(), marc(field("245"), Control("008", ""))])
def test_a_record_that_says_nothing_is_told_by_its_address(nothing: Record):
    assert told(nothing)["rft_id"] == [HERE.address]
