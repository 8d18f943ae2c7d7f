"""What another matching policy would do, by command."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

TEXT = files("catalogue.match").joinpath("policy.toml").read_text("utf-8")


@pytest.fixture
def union(lienthong, tmp_path):
    """A source whose file holds one book twice, placed."""
    path = tmp_path / "sach.csv"
    path.write_text(
        "Số ĐKCB;Nhan đề;Tác giả;Năm XB;Nhà xuất bản;Số trang\n"
        "1;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n"
        "2;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n",
        encoding="utf-8",
    )
    lienthong(
        "sources", "add", "xa", "--protocol", "file", "--url", path.as_uri(), "--library", "XA"
    )
    lienthong("harvest", "xa")
    return lienthong


def test_a_policy_is_tried_without_being_used(union, tmp_path):
    same, strict = tmp_path / "same.toml", tmp_path / "strict.toml"
    same.write_text(TEXT, "utf-8")
    strict.write_text(re.sub(r"(?m)^(same|sure) = .*$", r"\1 = 1.0", TEXT), "utf-8")

    [nothing] = union("clusters", "effect", str(same), "--json").json
    [told] = union("clusters", "effect", str(strict), "--json").json
    said = union("--lang", "vi", "clusters", "effect", str(strict))

    assert (nothing["pairs"], nothing["clusters"], nothing["clusters_then"]) == ({}, 1, 1)
    assert (told["pairs"], told["parted"], told["clusters_then"]) == ({"same-ask": 1}, 1, 2)
    assert "xa/1  xa/2" in said.out
    assert union("clusters", "effect", str(same), "--json").json == [nothing]


def test_what_is_no_policy_is_refused_with_its_line(union, tmp_path):
    bad, binary = tmp_path / "bad.toml", tmp_path / "binary.toml"
    bad.write_text("version = \n", "utf-8")
    binary.write_bytes(b"version = 1\n\xff")

    assert union("clusters", "effect", str(bad)).code == 2
    assert union("clusters", "effect", str(binary)).code == 2
    assert union("clusters", "effect", str(tmp_path / "none.toml")).code == 2
