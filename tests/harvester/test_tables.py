"""Tables as files of a source: rows under their headings, each with its identifier."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest

from crosswalks.columns import Target
from crosswalks.model import Severity
from crosswalks.text import is_storable
from harvester.files import tables
from harvester.files.errors import RecordTooLong
from harvester.files.model import Cut
from harvester.files.tableerrors import NoTableInFile, TableRefused
from harvester.model import FileSettings
from support.legacy import written
from support.workbooks import Rows, ods, xlsx
from web.language import message, translator

HEADINGS = ["STT", "Mã sách", "Nhan đề", "Tác giả"]
BOOKS: Rows = [HEADINGS, [1, 101, "Truyện Kiều", "Nguyễn Du"], [2, 102, "Số đỏ", None]]


def csv_of(rows: Rows) -> bytes:
    text = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return text.encode()


def cut(data: bytes, **settings: str) -> list[Cut]:
    return list(tables.cut(io.BytesIO(data), FileSettings(**settings), "books"))  # type: ignore[arg-type]


def refused(data: bytes, **settings: str) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        cut(data, **settings)
    return caught.value


def codes(one: Cut) -> list[str]:
    return [problem.code for problem in one.problems]


@pytest.mark.parametrize("data", [csv_of(BOOKS), xlsx({"Sách": BOOKS}), ods({"Sách": BOOKS})])
def test_a_row_is_a_record_whatever_kind_of_table_it_stands_in(data):
    assert tables.looks_like_table(data[: 1 << 16], FileSettings())
    assert [(one.offset, one.identifier, one.body.decode()) for one in cut(data)] == [
        (2, "101", '{"Mã sách": "101", "Nhan đề": "Truyện Kiều", "Tác giả": "Nguyễn Du"}'),
        (3, "102", '{"Mã sách": "102", "Nhan đề": "Số đỏ"}'),
    ]


@pytest.mark.parametrize(
    ("headings", "settings", "expected"),
    [
        (["Số ĐKCB", "Nhan đề"], {}, "V1"),
        (["Số ĐKCB", "Nhan đề", "Mã sách"], {}, "7"),
        (["Số ĐKCB", "Nhan đề", "Mã sách"], {"identifier": "so dkcb"}, "V1"),
        (["Số ĐKCB", "Nhan đề", "Mã riêng"], {"identifier": "Mã riêng"}, "7"),
        (["Số ĐKCB", "Nhan đề", "Mã riêng"], {"columns": "Mã riêng = identifier"}, "7"),
        (["Số ĐKCB", "Nhan đề", "Mã sách"], {"identifier": "001"}, "7"),
        (["Lạ", "Nhan đề"], {}, ""),
    ],
)
def test_a_row_is_called_by_its_number_or_that_of_its_first_copy(headings, settings, expected):
    [one] = cut(csv_of([headings, ["V1, V2", "Kiều", "7"][: len(headings)]]), **settings)

    assert one.identifier == expected


def test_another_numbering_of_the_rows_changes_none_of_them():
    moved = [HEADINGS, [1, 99, "Mới", None], *([cell + 1, *rest] for cell, *rest in BOOKS[1:])]  # type: ignore[operator]

    assert [one.body for one in cut(csv_of(moved))[1:]] == [one.body for one in cut(csv_of(BOOKS))]


def test_rows_that_are_no_records_are_told_and_rows_of_nothing_left_out():
    rows: Rows = [*BOOKS, [3, 103, None, "Ai đó"], [4, None, None, None]]
    *_, one = cut(csv_of(rows))

    assert (one.identifier, codes(one)) == ("103", ["row-without-title"])
    assert one.problems[0].severity is Severity.ERROR


def test_a_number_whose_digits_are_lost_is_told():
    [one] = cut(csv_of([["Nhan đề", "ISBN"], ["Kiều", "9.78604E+12"]]))

    assert [(each.code, each.field) for each in one.problems] == [("number-rounded", "ISBN")]


def test_a_sheet_without_known_headings_is_told_where_another_has_some():
    found = cut(xlsx({"Ghi chú": [["a", "b"], ["c", "d"]], "Sách": BOOKS}))

    assert [codes(one) for one in found] == [[], [], ["sheet-not-read"]]


def test_a_wrong_map_is_refused_with_the_headings_that_are_there_in_both_languages():
    error = refused(csv_of(BOOKS), columns="Tên lạ = title")
    vietnamese = message(error, translator("vi"))

    assert "Tên lạ" in str(error)
    assert "STT, Mã sách, Nhan đề, Tác giả" in str(error)
    assert "Sơ đồ cột nêu những cột mà bảng không có: Tên lạ. Bảng có: STT, Mã sách" in vietnamese


@pytest.mark.parametrize(
    "settings",
    [{"columns": "Nhan đề = tittle"}, {"columns": "Nhan đề"}, {"identifier": "Mã không có"}],
)
def test_settings_that_fit_no_column_are_refused(settings: Mapping[str, str]):
    assert "books" in str(refused(csv_of(BOOKS), **settings))


@pytest.mark.parametrize("data", [b"a;b\n1;2\n", xlsx({"x": [["a", "b"], [1, 2]]})])
def test_a_table_that_nobody_understands_is_refused(data):
    assert "It has: a, b" in str(refused(data))


def test_a_spreadsheet_without_rows_is_refused():
    with pytest.raises(NoTableInFile):
        cut(xlsx({"a": [], "b": [["x"]]}, hidden=["b"]))


def test_a_line_without_an_end_is_refused():
    with pytest.raises(RecordTooLong):
        cut(csv_of(BOOKS) + b"\n" + b"x" * (3 << 20))


def test_rows_give_what_columns_hold_to_whoever_wants_no_records():
    rows = tables.rows(
        io.BytesIO(b"ISBN,So luong\n9786042088664,3\n"), "list", needed=[Target.ISBN]
    )

    assert [(row.number, row.first(Target.ISBN), row.first(Target.COPIES)) for row in rows] == [
        (2, "9786042088664", "3")
    ]


def test_what_is_told_of_a_table_can_always_be_stored():
    error = refused(b"\xaen;\0x\n1;2\n")
    [one] = cut(b"Ma sach;Nhan de;ISBN\nS\0\xe91;;9,1E+11\n")

    told = [str(error), one.identifier, *(each.sample + each.field for each in one.problems)]
    assert [is_storable(each) for each in told] == [True] * len(told)


def test_rows_in_an_old_encoding_are_given_as_text():
    data = written("Nhan đề;Tác giả\nĐất rừng;Đoàn Giỏi\n", "tcvn3")  # type: ignore[arg-type]
    [row] = tables.rows(io.BytesIO(data), "list", encoding="tcvn3")

    assert row.cells == (("Nhan đề", "Đất rừng"), ("Tác giả", "Đoàn Giỏi"))
