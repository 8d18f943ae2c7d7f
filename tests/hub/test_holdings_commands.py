"""Lists of libraries without records, by command."""

import csv

import pytest

FILE = "ISBN;Nhan đề;Tác giả;Năm XB;Kho;Số ĐKCB\n9786049763342;Số đỏ;;;Kho đọc;VV1\n1234;;;;;VV2\n"
HOLDINGS = ("libraries", "holdings")


@pytest.fixture
def given(lienthong, tmp_path):
    path = tmp_path / "sach.csv"
    path.write_text(FILE, encoding="utf-8")
    lienthong("libraries", "add", "SMALL")
    return path


def test_a_list_is_put_and_told_by_figures_and_problems(lienthong, given):
    [told] = lienthong(*HOLDINGS, "put", "SMALL", str(given), "--json").json

    assert (told["rows"], told["added"], told["found"]) == (2, 2, {"none": 2})
    assert told["problems"] == {"bad-isbn": 1}
    assert told["told"][0][0] == 3


def test_a_dry_run_says_the_same_and_stores_nothing(lienthong, given):
    [told] = lienthong(*HOLDINGS, "put", "SMALL", str(given), "--dry-run", "--json").json

    assert (told["dry_run"], told["found"]) == (True, {"none": 2})
    assert lienthong(*HOLDINGS, "list", "--json").json == []


def test_rows_and_work_list_are_shown_and_written(lienthong, given, tmp_path):
    lienthong(*HOLDINGS, "put", "SMALL", str(given))
    rows = lienthong(*HOLDINGS, "show", "SMALL", "--json").json
    out = tmp_path / "work.csv"
    said = lienthong("--lang", "vi", *HOLDINGS, "work", "SMALL", "--csv", str(out))
    with out.open(encoding="utf-8-sig", newline="") as lines:
        headings, first, _ = csv.reader(lines)

    assert [row["says"]["local_number"] for row in rows] == ["VV1", "VV2"]
    assert (said.code, headings[0], first[7]) == (0, "Danh sách", "Số đỏ")
    assert first[2] == "mục lục liên hợp không có tài liệu nào giống"


def test_a_work_list_can_be_given_as_a_list_of_its_own(lienthong, given, tmp_path):
    lienthong(*HOLDINGS, "put", "SMALL", str(given))
    for language in ("vi", "en"):
        out = str(tmp_path / f"work-{language}.csv")
        lienthong("--lang", language, *HOLDINGS, "work", "SMALL", "--list", "main", "--csv", out)
        lienthong(*HOLDINGS, "put", "SMALL", out, "--list", language)

    main, english, vietnamese = (
        [
            row["says"]
            for row in lienthong(*HOLDINGS, "show", "SMALL", "--list", name, "--json").json
        ]
        for name in ("main", "en", "vi")
    )
    assert main == english == vietnamese


def test_column_maps_are_kept_for_the_next_time(lienthong, tmp_path):
    lienthong("libraries", "add", "SMALL")
    path = tmp_path / "a.csv"
    path.write_text("Cái này;Cái kia\nTruyện;Nam Cao\n", encoding="utf-8")
    columns = "Cái này = title; Cái kia = author"
    first = lienthong(*HOLDINGS, "put", "SMALL", str(path), "--columns", columns)
    again = lienthong(*HOLDINGS, "put", "SMALL", str(path), "--json").json

    assert first.code == 0
    assert again[0]["unchanged"] == 1


def test_what_cannot_be_is_said(lienthong, given, tmp_path):
    nowhere = lienthong(*HOLDINGS, "put", "NOBODY", str(given))
    missing = lienthong(*HOLDINGS, "put", "SMALL", str(tmp_path / "none.csv"))
    no_list = lienthong(*HOLDINGS, "remove", "SMALL", "main")
    image = tmp_path / "a.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    strange = lienthong(*HOLDINGS, "put", "SMALL", str(image))

    assert [nowhere.code, missing.code, no_list.code] == [2, 2, 2]
    assert "lienthong libraries list" in nowhere.err
    assert strange.code != 0
    assert "Traceback" not in strange.err


def test_a_list_that_shrinks_waits_for_yes_and_a_removed_one_is_gone(lienthong, given):
    lienthong(*HOLDINGS, "put", "SMALL", str(given))
    given.write_text(FILE[: FILE.index("1234")], encoding="utf-8")
    refused = lienthong(*HOLDINGS, "put", "SMALL", str(given))
    taken = lienthong(*HOLDINGS, "put", "SMALL", str(given), "--yes", "--json").json
    removed = lienthong(*HOLDINGS, "remove", "SMALL", "main", "--json").json

    assert refused.code == 1
    assert "--yes" in refused.err
    assert (taken[0]["withdrawn"], removed[0]["rows"]) == (1, 1)


def test_a_retry_says_how_many_were_tried(lienthong, given):
    lienthong(*HOLDINGS, "put", "SMALL", str(given))

    assert lienthong(*HOLDINGS, "retry", "SMALL", "--json").json == [{"tried": 2, "more": 0}]
