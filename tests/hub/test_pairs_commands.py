"""What matching says of records, by command."""

from __future__ import annotations

import csv

import pytest

from crosswalks.formats import iso2709
from support.pages import Book, marc


@pytest.fixture
def union(lienthong, tmp_path):
    """A source whose file holds one book twice and another, placed."""
    path = tmp_path / "sach.csv"
    path.write_text(
        "Số ĐKCB;Nhan đề;Tác giả;Năm XB;Nhà xuất bản;Số trang\n"
        "1;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n"
        "2;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n"
        "3;Chiếc lược ngà;Nguyễn Quang Sáng;1966;Văn học;60\n"
        "4;Chiếc lược ngà. Tập 1;Nguyễn Quang Sáng;1966;Văn học;60\n",
        encoding="utf-8",
    )
    lienthong(
        "sources", "add", "xa", "--protocol", "file", "--url", path.as_uri(), "--library", "XA"
    )
    lienthong("harvest", "xa")
    return lienthong


def test_two_records_are_compared_in_words(union):
    said = union("--lang", "vi", "clusters", "compare", "xa/1", "xa/2")
    [told] = union("clusters", "compare", "xa/1", "xa/3", "--json").json

    assert said.code == 0
    assert "cùng một ấn phẩm" in said.out
    assert "cùng tác giả" in said.out
    assert told["decision"] == "different"
    assert told["words"] != told["reasons"]


def test_pairs_to_decide_are_listed(union):
    [told] = union("clusters", "asked", "--json").json

    assert (told["a"], told["b"], told["decision"]) == ("xa/3", "xa/4", "ask")
    assert "xa/4" in union("clusters", "asked", "--library", "XA", "--limit", "1").out
    assert union("clusters", "asked", "--library", "NONE").code == 2


def test_what_a_library_has_twice_is_listed_and_written(union, tmp_path):
    [told] = union("libraries", "duplicates", "XA", "--json").json
    out = tmp_path / "trung.csv"
    said = union("libraries", "duplicates", "XA", "--csv", str(out))
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))

    assert told["records"] == ["xa/1", "xa/2"]
    assert said.code == 0
    assert [row[1] for row in rows[1:]] == ["1", "2"]


def test_a_cluster_says_in_words_why_its_records_are_one(union):
    [told] = union("libraries", "duplicates", "XA", "--json").json

    assert "cùng năm: 1939" in union("--lang", "vi", "clusters", "show", told["cluster"]).out


def test_what_is_too_much_alike_is_listed(union):
    said = union("--lang", "vi", "clusters", "crowds")

    assert union("clusters", "crowds", "--json").json == []
    assert "Một trong số đó" in said.out


def test_what_only_cip_records_describe_is_listed(union, tmp_path):
    path = tmp_path / "cip.mrc"
    record = marc(Book(title="Bỉ vỏ", level="8", entered="190317"))
    path.write_bytes(iso2709.write(record))
    union("sources", "add", "cip", "--protocol", "file", "--url", path.as_uri(), "--library", "NXB")
    union("harvest", "cip")
    [told] = union("clusters", "cip", "--json").json
    said = union("--lang", "vi", "clusters", "cip")

    assert (told["since"], told["records"], told["library"]) == (201903, 1, "NXB")
    assert "2019-03" in said.out
    assert "Bỉ vỏ" in said.out
    assert union("clusters", "cip", "--months", "5000", "--json").json == []
