from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import formats
from crosswalks.formats import csv_table
from crosswalks.model import Element, Record, Schema
from support.given_out import ARTICLE, BOOK, THESIS, everything, given_out, sample
from support.marc import records

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def cells(record: Record) -> dict[str, str]:
    [row] = rows(given_out(csv_table, record))
    return dict(zip(csv_table.COLUMNS, row, strict=True))


def made(*fields: Element) -> bytes:
    return csv_table.write(Record(schema=Schema.CSV, fields=fields))


def test_a_vietnamese_book_fills_the_columns():
    assert cells(BOOK) == {
        "id": "nlv-77",
        "title": "Mắt biếc : truyện dài | 𡨸喃 : 眼碧",
        "author": "Nguyễn Nhật Ánh",
        "contributors": "Smith, John | Đỗ Hoàng Tường | Hội Nhà văn, Chi hội Trẻ",
        "publisher": "Trẻ",
        "place": "Hà Nội",
        "year": "2019",
        "edition": "Tái bản lần 3",
        "extent": "316 tr. : minh họa ; 20 cm",
        "series": "Tủ sách tuổi hồng ; 12",
        "isbn": "9786040000019",
        "issn": "",
        "language": "vi",
        "subjects": "Văn học thiếu nhi--Việt Nam | Truyện dài",
        "description": "Chuyện của Ngạn & Hà Lan: 100% học trò",
        "type": "Book",
        "url": "https://example.vn/sách%20một.pdf",
        "identifiers": "https://doi.org/10.1000/xyz123",
    }


def test_a_thesis_and_an_article_say_what_they_are():
    assert [cells(record)["type"] for record in (THESIS, ARTICLE)] == ["Thesis", "Article"]


def test_a_file_begins_with_what_excel_knows_utf_8_by_and_the_names_of_the_columns():
    file = b"".join(formats.file_of(csv_table, [made(Element("title", (), "Số đỏ"))] * 2))
    heading, *lines = rows(file.decode("utf-8-sig"))

    assert file.startswith(b"\xef\xbb\xbfid,title,")
    assert tuple(heading) == csv_table.COLUMNS
    assert [line[1] for line in lines] == ["Số đỏ", "Số đỏ"]
    assert file.count(b"\r\n") == 3


def test_a_file_without_records_is_its_heading():
    assert len(rows(b"".join(formats.file_of(csv_table, [])).decode())) == 1


@given(st.lists(st.tuples(st.sampled_from(csv_table.COLUMNS), st.text(max_size=12)), max_size=6))
def test_no_cell_can_be_taken_for_a_formula_and_no_record_takes_two_lines(fields):
    text = made(*[Element(name, (), text) for name, text in fields]).decode()
    [row] = rows(text)

    assert len(row) == len(csv_table.COLUMNS)
    assert text.splitlines(keepends=True) == [text] or "\r\n" not in text[:-2]
    assert not any(cell.startswith(_FORMULAS) for cell in row)


def test_a_formula_is_told_as_text():
    assert made(Element("title", (), '=HYPERLINK("http://x")')).decode() == (
        "," + '"\'=HYPERLINK(""http://x"")"' + "," * 16 + "\r\n"
    )


@given(records)
def test_any_record_gives_one_line(record):
    assert len(cells(record)) == len(csv_table.COLUMNS)


def test_every_real_record_gives_one_line(shared):
    assert len([cells(record) for record in sample(shared, 150)]) > 450


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_all_real_records_give_one_line(shared):
    assert all(cells(record) for record in everything(shared))
