"""Reports by command: made, listed, shown and written for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from catalogue.database import Database
from support.filled import add_library, book, deliver, settle

THIS_YEAR = str(datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).year)


SHARED = book("Số đỏ", author="Vũ Trọng Phụng", isbn="9786049763342")


@pytest.fixture
def filled(lienthong, tmp_path: Path):
    """Two libraries that share one book of three."""
    lienthong("libraries", "list")
    url = f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}"
    with closing(Database.open(url)) as database:
        add_library(database, "A", "Thư viện A")
        add_library(database, "B", "=HYPERLINK(1)")
        deliver(database, "A", {"1": SHARED, "2": book("Giông tố")})
        deliver(database, "B", {"1": SHARED, "3": book("Vỡ đê")})
        settle(database)


@pytest.mark.usefixtures("filled")
def test_a_report_is_made_once_and_is_there_to_be_shown_and_listed(lienthong):
    [made] = lienthong("reports", "make", THIS_YEAR, "--author", "Lan", "--json").json
    again = lienthong("--lang", "vi", "reports", "make", f"{THIS_YEAR}-01-01..{THIS_YEAR}-12-31")
    listed = lienthong("reports", "list", "--json").json
    [first] = lienthong("reports", "show", THIS_YEAR, "--issue", "1", "--json").json

    assert first == made
    assert (made["period"], made["issue"], made["author"]) == (THIS_YEAR, 1, "Lan")
    total = made["figures"]["total"]["numbers"]
    assert (total["records"], total["clusters"], total["unique"], total["avoided"]) == (4, 3, 2, 1)
    assert [(each["period"], each["issue"]) for each in listed] == [(THIS_YEAR, 2), (THIS_YEAR, 1)]
    assert listed[0]["author"] == "lienthong"
    assert "Kỳ báo cáo chưa kết thúc" in again.err
    assert re.search(r"Ấn phẩm +3 *\n", again.out)
    assert "Lan" in lienthong("reports", "list", "--limit", "1000").out


@pytest.mark.usefixtures("filled")
def test_each_table_is_shown_in_the_readers_language(lienthong):
    lienthong("reports", "make", THIS_YEAR)

    members = lienthong("--lang", "vi", "reports", "show", THIS_YEAR, "--table", "members").out
    told = lienthong("reports", "show", THIS_YEAR, "--table", "definitions").out

    heads, first, _ = members.splitlines()
    assert heads.startswith("Mã")
    assert "Số lần biên mục trùng tránh được" in heads
    assert re.fullmatch(r"A +Thư viện A +thành viên +2 +2 +0 +0 +2 +1 +1 +0 +0 *", first)
    assert "less one" in told
    assert (
        "chưa ghi"
        in lienthong("--lang", "vi", "reports", "show", THIS_YEAR, "--table", "types").out
    )


@pytest.mark.usefixtures("filled")
def test_a_report_is_written_as_a_workbook_and_as_csv(lienthong, tmp_path):
    lienthong("reports", "make", THIS_YEAR)
    book, folder, one = tmp_path / "bc.xlsx", tmp_path / "bc", tmp_path / "one.csv"
    export = ("reports", "export", THIS_YEAR)
    csvs = (*export, "--format", "csv")

    assert lienthong("--lang", "vi", *export, "-o", str(book)).code == 0
    [told] = lienthong(*csvs, "-o", str(folder), "--json").json
    assert lienthong(*csvs, "--table", "members", "-o", str(one)).code == 0

    sheets = CalamineWorkbook.from_path(str(book))
    assert sheets.sheet_names[0] == "Tất cả"
    [_, _, b] = sheets.get_sheet_by_name("Theo thư viện").to_python()
    assert b[:2] == ["B", "=HYPERLINK(1)"]
    assert b[5:] == [2, 2, 0, 0, 2, 1, 1, 1, 0]
    names = [f"{THIS_YEAR}-1-{table}.csv" for table in ("total", "types", "regions", "members")]
    assert [Path(each).name for each in told["files"]][:4] == names
    assert (folder / names[3]).read_bytes() == one.read_bytes()
    assert one.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(one.read_text("utf-8-sig"))))
    assert rows[2][:2] == ["B", "'=HYPERLINK(1)"]


def test_what_a_worker_is_left_is_asked_for_once(lienthong):
    asked = lienthong("--lang", "vi", "reports", "make", THIS_YEAR, "--background")
    again = lienthong("reports", "make", THIS_YEAR, "--background", "--json")

    assert f"lienthong reports show {THIS_YEAR}" in asked.err
    assert again.json == [{"period": THIS_YEAR, "queued": False}]
    assert lienthong("reports", "list", "--json").json == []


def test_what_is_wrong_is_said(lienthong):
    for arguments, told in (
        (("make", "tháng 10"), "2026-q3"),
        (("make", "2999"), "has not begun yet"),
        (("show", "2020"), "lienthong reports list"),
        (("export", "2020", "-o", "x"), "There is no report 2020."),
    ):
        said = lienthong("reports", *arguments)
        assert (said.code, told in said.err) == (2, True), said
