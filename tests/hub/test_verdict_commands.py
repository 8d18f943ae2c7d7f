"""What people decide about pairs, by command."""

from __future__ import annotations

import pytest


@pytest.fixture
def union(lienthong, tmp_path):
    """A source whose file holds one book twice and another, placed."""
    path = tmp_path / "sach.csv"
    path.write_text(
        "Số ĐKCB;Nhan đề;Tác giả;Năm XB;Nhà xuất bản;Số trang\n"
        "1;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n"
        "2;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n"
        "3;Lều chõng;Ngô Tất Tố;1941;Mai Lĩnh;300\n",
        encoding="utf-8",
    )
    lienthong(
        "sources", "add", "xa", "--protocol", "file", "--url", path.as_uri(), "--library", "XA"
    )
    lienthong("harvest", "xa")
    return lienthong


def doubles(union) -> list[list[str]]:
    """Return the clusters of several records, once all that waits is placed."""
    union("harvest", "xa")
    return [each["records"] for each in union("libraries", "duplicates", "XA", "--json").json]


def test_two_records_are_said_to_be_one_or_not_and_it_is_taken_back(union):
    [apart] = union("clusters", "different", "xa/1", "xa/2", "--author", "Lan", "--json").json
    parted = doubles(union)
    union("clusters", "same", "xa/2", "xa/3", "--author", "Lan", "--reason", "in chung một cuốn")
    joined = doubles(union)
    told = union("clusters", "history", "--json").json
    undone = union("--lang", "vi", "clusters", "undo", str(apart["decision"]))
    again = union("clusters", "different", "xa/3", "xa/2", "--json")

    assert apart["changed"]
    assert (parted, joined) == ([], [["xa/2", "xa/3"]])
    assert [(each["after"], each["author"], each["reason"]) for each in told] == [
        ("same", "Lan", "in chung một cuốn"),
        ("different", "Lan", ""),
    ]
    assert "Đã rút lại quyết định" in undone.err
    assert again.code == 0
    assert doubles(union) == [["xa/1", "xa/2"]]
    shown = union("clusters", "history", "xa/1")
    assert "took" in shown.out


def test_what_cannot_be_decided_says_why(union):
    union("clusters", "same", "xa/1", "xa/3")
    union("clusters", "same", "xa/3", "xa/2")

    refused = union("clusters", "different", "xa/1", "xa/2")

    assert refused.code == 2
    assert "xa/1 = xa/3 = xa/2" in refused.err
    assert union("clusters", "same", "xa/1", "xa/9").code == 2
    assert union("clusters", "undo", "77").code == 2


def test_many_are_decided_by_a_file_and_one_bad_line_stops_no_other(union, tmp_path):
    path = tmp_path / "quyết định.csv"
    path.write_text(
        "one;other;decision;reason\n"
        "xa/1;xa/2;different;khác bản in\n"
        "xa/1;xa/9;same;\n"
        "xa/2;xa/1;different;\n",
        encoding="utf-8-sig",
    )

    said = union("clusters", "judge", str(path), "--json", "--author", "Lan")

    assert said.code == 1
    assert '"kept": 1, "unchanged": 1, "refused": 1' in said.out
    assert "Line 3" in said.err
    assert doubles(union) == []


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "one,other,decision\nxa/1,xa/2,maybe\n", "one,other,decision\nxa/1,xa/2\n", ""],
)
def test_a_file_that_cannot_be_taken_keeps_nothing(union, tmp_path, text):
    path = tmp_path / "sai.csv"
    path.write_text(f"{text}", encoding="utf-8")

    assert union("clusters", "judge", str(path)).code == 2
    assert union("clusters", "history", "--json").json == []
