"""CSV as libraries' programs and people write it, cut into rows under their headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import formats, reading
from crosswalks.columns import Target
from crosswalks.encodings import LEGACY, Encoding
from crosswalks.encodings.records import read, repair_record
from crosswalks.errors import ColumnMissing, FormatError, NothingRecognised
from crosswalks.formats import delimited, table
from crosswalks.model import RawRecord
from support.legacy import written

BOOKS = "STT;Nhan đề;Tác giả\n1;Truyện Kiều;Nguyễn Du\n2;Số đỏ;Vũ Trọng Phụng\n"
TITLES = [("Truyện Kiều", "Nguyễn Du"), ("Số đỏ", "Vũ Trọng Phụng")]


def titles(data: bytes, columns: str = "") -> list[tuple[str, str]]:
    found = table.entries(io.BytesIO(data), columns)
    return [(entry.first(Target.TITLE), entry.first(Target.AUTHOR)) for entry in found]


def cells(text: str) -> list[tuple[str, ...]]:
    way = delimited.dialect(text.encode())
    return [row.cells for row in delimited.rows(io.BytesIO(), text.encode(), way)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", delimited.DELIMITERS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_its_encoding_delimiter_and_line_ends(
    encoding, delimiter, newline
):
    text = BOOKS.replace(";", delimiter).replace("\n", newline)

    assert titles(text.encode(encoding)) == TITLES


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + BOOKS,
        "SỞ VĂN HÓA\n\nDANH MỤC SÁCH;;\n" + BOOKS,
        "STT;Nhan đề;Tác giả\n1;2;3\n1;Truyện Kiều;Nguyễn Du\n2;Số đỏ;Vũ Trọng Phụng\n",
        "STT;Nhan đề;Tác giả\n(1);(2);(3)\n1;Truyện Kiều;Nguyễn Du\n2;Số đỏ;Vũ Trọng Phụng",
        f"{BOOKS}3;;\n;;\n\nSTT;Nhan đề;Tác giả\n4;;\n",
        ";Sách;;\nSTT;Nhan đề;Tác giả;Năm XB\n1;Truyện Kiều;Nguyễn Du\n2;Số đỏ;Vũ Trọng Phụng;;;\n",
    ],
    ids=["separator line", "title lines", "numbers", "brackets", "pages", "ragged"],
)
def test_what_stands_around_the_rows_of_a_librarians_table_is_no_row(text):
    assert titles(text.encode()) == TITLES


def test_a_title_that_could_be_a_heading_is_none_where_a_row_of_headings_follows():
    text = "THƯ VIỆN;;\nTên sách;Ô lạ;Ô khác\nTruyện Kiều;x;y\n"

    assert titles(text.encode()) == [("Truyện Kiều", "")]


def test_headings_in_two_rows_are_those_of_the_lower_where_there_is_one():
    text = (
        "STT;Nhan đề;Thông tin xuất bản;;;Kho\n;;Nơi XB;NXB;Năm XB;\n"
        "1;Truyện Kiều;H.;Văn học;1998;Đọc\n"
    )
    [entry] = table.entries(io.BytesIO(text.encode()))

    assert [heading for heading, _ in entry.cells] == ["Nhan đề", "Nơi XB", "NXB", "Năm XB", "Kho"]
    assert entry.first(Target.YEAR) == "1998"


def test_a_column_without_a_heading_is_called_by_its_letter():
    text = "Nhan đề;;Tác giả\nTruyện Kiều;x;Nguyễn Du\n"
    [entry] = table.entries(io.BytesIO(text.encode()))

    assert entry.cells == (("Nhan đề", "Truyện Kiều"), ("[B]", "x"), ("Tác giả", "Nguyễn Du"))


def test_a_table_without_headings_is_read_by_letters():
    text = "101;Truyện Kiều;Nguyễn Du\n102;Số đỏ;Vũ Trọng Phụng\n"

    assert titles(text.encode(), "[A] = identifier; [B] = title; [C] = author") == TITLES


def test_rows_are_counted_as_a_spreadsheet_counts_them():
    text = 'BẢNG\n\nNhan đề;Tác giả\n"Truyện\nKiều";Nguyễn Du\n;\nSố đỏ;x\n'
    found = table.entries(io.BytesIO(text.encode()))

    assert [(entry.number, text.encode()[entry.offset :][:3]) for entry in found] == [
        (4, b'"Tr'),
        (6, "Số".encode()[:3]),
    ]


def test_a_quote_never_closed_spoils_only_its_own_row():
    text = 'Nhan đề;Tác giả\n"Truyện Kiều;Nguyễn Du\nSố đỏ;Vũ Trọng Phụng\n"Tắt ""đèn""";x\n'
    found = list(table.entries(io.BytesIO(text.encode())))

    assert [(entry.first(Target.TITLE), entry.problem) for entry in found] == [
        ('"Truyện Kiều', "quote-not-closed"),
        ("Số đỏ", ""),
        ('Tắt "đèn"', ""),
    ]


def test_a_quote_that_was_not_written_twice_is_a_letter():
    assert cells('a;b\n"Số "đỏ" và";"x"\n5" đĩa;y\n')[1:] == [('Số "đỏ" và', "x"), ('5" đĩa', "y")]


def test_rows_wider_than_the_headings_are_told():
    [entry] = table.entries(io.BytesIO(b"Nhan de,Tac gia\nKieu, truyen,Nguyen Du\n"))

    assert (entry.problem, entry.cells[-1]) == ("row-too-long", ("[C]", "Nguyen Du"))


def test_a_line_without_an_end_is_refused_with_its_place():
    with pytest.raises(FormatError, match="at byte 16"):
        list(table.entries(io.BytesIO(b"Nhan de;Tac gia\n" + b"x" * (3 << 20))))


def test_memory_is_bounded_by_quotes_that_never_close():
    text = b"Nhan de;Tac gia\n" + b'"x;y\n' * 5_000

    assert sum(1 for _ in table.entries(io.BytesIO(text))) == 5_000


def test_a_table_whose_columns_nobody_knows_is_refused():
    with pytest.raises(NothingRecognised, match="It has: x, y"):
        list(table.split(io.BytesIO(b"x;y\n1;2\n")))
    with pytest.raises(ColumnMissing):
        list(table.entries(io.BytesIO(BOOKS.encode()), "Tên lạ = title"))


@pytest.mark.parametrize("encoding", LEGACY)
def test_bytes_of_an_old_encoding_are_kept_and_repaired_with_the_source(encoding: Encoding):
    data = written(BOOKS, encoding)
    bodies = [body for _, body in table.split(io.BytesIO(data))]
    first = RawRecord(identifier="1", format="table", body=bodies[0])
    record, _ = read(first, encoding)

    assert written("Truyện Kiều", encoding) in bodies[0].replace(b"\\u001e", b"\x1e")
    assert record is not None
    assert [each.text for each in repair_record(record, encoding)[0].fields][-2:] == [
        "Truyện Kiều",
        "Nguyễn Du",
    ]


def test_a_row_that_is_not_in_utf8_is_told_where_no_encoding_is_known():
    body = table.row([("Nhan đề", "x"), ("Tác giả", "\udce9")])
    record, problems = reading.read(RawRecord(identifier="1", format="table", body=body))

    assert record is not None
    assert [problem.code for problem in problems] == ["bad-encoding"]


def test_a_heading_may_stand_over_several_columns():
    [(_, body)] = table.split(io.BytesIO("Nhan đề;Từ khóa;Từ khóa\nKiều;thơ;truyện\n".encode()))

    assert [each.text for each in table.read(body).fields] == ["Kiều", "thơ", "truyện"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (BOOKS.encode(), True),
        (b"Ma sach;Nhan de\n1;x\n", True),
        (b"Ma sach\n1\n", True),
        (b"Dear Title, please find enclosed\nthe list\n", False),
        (b'{"Nhan de": "x"}', True),
        (b'{"Nhan de": 1}', False),
        (b'{"a": {"b": "c"}}', False),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, False),
        (b"%PDF-1.4 something; else\n", False),
        (b"", False),
    ],
)
def test_only_tables_are_taken_for_tables(data, expected):
    assert table.sniff(data) is expected


@pytest.mark.parametrize("body", [b"", b"[]", b'{"a": 1}', b'{"a"', b"{}", b'[["a", "b"]]'])
def test_what_is_no_row_is_refused(body):
    with pytest.raises(FormatError):
        table.read(body)


def test_rows_are_found_by_the_name_of_their_format():
    assert formats.find(RawRecord(identifier="1", format="table", body=b'{"leader": "x"}')) is table


words = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=9)
rows_of_text = st.lists(st.lists(words, min_size=3, max_size=3), min_size=1, max_size=12)


def written_by_csv(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("Mã sách", "Nhan đề", "Tác giả"), *rows])
    return out.getvalue()


@given(rows_of_text, st.sampled_from(delimited.DELIMITERS), st.sampled_from(["utf-8", "utf-16"]))
def test_what_the_csv_module_writes_is_read_back(rows, delimiter, encoding):
    data = written_by_csv(rows, delimiter).encode(encoding)
    head = delimited.peek(io.BytesIO(data))
    way = delimited.dialect(head, {"Mã sách", "Nhan đề", "Tác giả"}.__contains__)
    found = [row.cells for row in delimited.rows(io.BytesIO(), head, way)][1:]

    expected = [tuple(cell for cell in row) for row in rows if any(cell.strip() for cell in row)]
    assert (way.delimiter, found) == (delimiter, expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_markup_is_no_table_in_whatever_encoding(encoding):
    page = "<table>\nNhan đề;Tác giả;ISBN\nSố đỏ;Vũ Trọng Phụng;1\n</table>"

    assert not table.is_delimited(page.encode(encoding))
    assert table.is_delimited(page.split("\n", 1)[1].encode(encoding))


@given(st.binary(max_size=300))
def test_any_bytes_are_cut_or_refused_in_our_own_words(data):
    try:
        bodies = [body for _, body in table.split(io.BytesIO(b"Nhan de;Tac gia\n" + data))]
    except FormatError:
        return

    assert all(reading.read(RawRecord(identifier="", format="table", body=b))[0] for b in bodies)


@given(st.lists(st.tuples(words, words.filter(str.strip)), min_size=1, max_size=5))
def test_a_row_that_is_written_is_read_back(pairs):
    record = table.read(table.row(pairs))

    assert [(each[0], each.text) for each in record.fields] == pairs


@pytest.mark.parametrize(
    "data",
    [
        b"<entry>\n  <title>\n  <author>\n</entry>",
        b'<?xml version="1.0"?><record xmlns="http://a.example/"><title>A</title>\n<author>B</author>',
        b"\xef\xbb\xbf <doc>\n<x>,title,author,isbn\n1,2,3,4\n</x></doc>",
    ],
)
def test_xml_of_a_schema_that_is_not_known_is_no_table(data):
    assert not table.sniff(data)
