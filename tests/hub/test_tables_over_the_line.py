"""Tables at the command line: converted and checked without a hub, harvested into one."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.workbooks import xlsx

BOOKS = """DANH MỤC SÁCH;;;
STT;Mã sách;Tên sách;Tác giả
1;S01;Truyện Kiều;Nguyễn Du
2;S02;;Ai đó
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "books.csv"
    path.write_text(BOOKS, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("options", [(), ("--from", "table")])
def test_a_table_is_converted_by_its_headings(lienthong, table, options):
    said = lienthong("convert", table, *options, "--to", "mrk")

    assert said.code == 0
    assert "=001  S01\n" in said.out
    assert "=245  10$aTruyện Kiều\n" in said.out


def test_a_table_that_nobody_understands_is_refused_with_its_headings(lienthong, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    said = lienthong("convert", str(path), "--from", "table", "--to", "mrk")

    assert said.code == 2
    assert "It has: a, b" in said.err


def test_a_table_is_checked_by_the_records_that_come_of_it(lienthong, table):
    [told] = lienthong("check", table, "--json").json

    assert (told["format"], told["records"]) == ("table", 2)
    assert [each["code"] for each in told["problems"]] == ["missing-title"]


def test_a_column_map_that_cannot_be_is_refused_when_it_is_set(lienthong, table):
    added = ("sources", "add", "s", "--protocol", "file", "--url", f"file:{table}")
    said = lienthong(*added, "--library", "S", "--columns", "Tên sách = tittle")

    assert said.code == 2
    assert "tittle" in said.err


def test_a_spreadsheet_is_looked_at_and_harvested(lienthong, tmp_path):
    path = tmp_path / "books.xlsx"
    path.write_bytes(xlsx({"Sách": [["Mã", "Tựa"], [7, "Số đỏ"]]}))
    added = ("sources", "add", "s", "--protocol", "file", "--url", f"file:{path}")
    lienthong(*added, "--library", "S", "--columns", "Mã = identifier; Tựa = title")
    seen, harvested = lienthong("sources", "preview", "s"), lienthong("harvest", "s")

    assert "title (Tựa): Số đỏ" in seen.out
    assert "=245  00$aSố đỏ" in seen.out
    assert harvested.code == 0
    assert lienthong("records", "list", "--source", "s", "--json").json[0]["identifier"] == "7"
