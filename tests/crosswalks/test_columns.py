"""What columns hold: by a map somebody wrote, else by their headings, however these are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import tables
from crosswalks.columns import Target, known, letter, named, parse, recognise
from crosswalks.encodings import LEGACY
from crosswalks.errors import ColumnMissing, ColumnsUnreadable, NoSuchTarget, NothingRecognised
from crosswalks.formats import table
from crosswalks.model import Element
from support.legacy import written
from support.processes import REPOSITORY

HEADINGS = tables.rows("columns.tsv")


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("Nhan đề chính", Target.TITLE),
        ("NHAN ĐỀ", Target.TITLE),
        ("nhan de", Target.TITLE),
        ("Tên sách (*)", Target.TITLE),
        ("Nhan đề / Title", Target.TITLE),
        ("Năm\nXB", Target.YEAR),
        ("Giá (VNĐ)", Target.PRICE),
        ("Khổ (cm)", Target.SIZE),
        ("Kho", Target.LOCATION),
        ("KHO", Target.LOCATION),
        ("245$a", Target.TITLE),
        ("020 a", Target.ISBN),
        ("STT", Target.IGNORE),
        ("title", Target.TITLE),
        ("Tiêu chí riêng", None),
        ("", None),
        ("x" * 1000, None),
    ],
)
def test_headings_are_known_as_librarians_write_them(heading, target):
    assert known(heading) is target


@pytest.mark.parametrize("encoding", LEGACY)
def test_headings_in_an_old_encoding_are_known(encoding):
    seen = written("Nhan đề", encoding).decode("latin-1")

    assert known(seen) is Target.TITLE


def test_every_heading_of_the_table_is_known_as_written_there():
    assert [heading for heading, target in HEADINGS if known(heading) != target] == []


def test_every_kind_has_a_heading_and_every_heading_a_kind():
    assert {target for _, target in HEADINGS} == set(Target)


def test_a_map_says_what_columns_hold_and_the_others_are_recognised():
    found = recognise(["Tên gọi", "Số hiệu", "Tác giả", "?"], "Tên gọi = title; Số hiệu = Mã sách")

    assert found == {0: Target.TITLE, 1: Target.IDENTIFIER, 2: Target.AUTHOR}


def test_a_map_holds_against_what_a_heading_says():
    assert recognise(["Tác giả"], "TAC GIA = ignore") == {0: Target.IGNORE}


def test_a_map_may_stand_on_several_lines_and_name_odd_headings_in_quotes():
    entries = parse('"Tên; phụ" = subtitle\n\n"a=b" = note ;; Kho= location\n')

    assert [(entry.heading, str(entry.target)) for entry in entries] == [
        ("Tên; phụ", "subtitle"),
        ("a=b", "note"),
        ("Kho", "location"),
    ]


def test_a_map_that_names_a_column_that_is_not_there_names_those_that_are():
    with pytest.raises(ColumnMissing, match=r"Tên lạ\. It has: STT, Nhan đề"):
        recognise(["STT", "Nhan đề"], "Tên lạ = title")


@pytest.mark.parametrize(
    "text", ["Nhan đề", "= title", "Nhan đề title; x = y = z", '"Nhan = title']
)
def test_a_map_that_cannot_be_read_is_refused_with_the_place(text):
    with pytest.raises((ColumnsUnreadable, NoSuchTarget)):
        parse(text)


def test_a_map_with_a_kind_that_nobody_knows_names_the_kinds():
    with pytest.raises(NoSuchTarget, match="isbn"):
        parse("Nhan đề = tittle")


def test_a_table_without_what_is_needed_is_refused_with_its_headings():
    with pytest.raises(NothingRecognised, match="It has: a, b"):
        recognise(["a", "b"], needed=(Target.TITLE,))


def test_columns_are_lettered_as_spreadsheets_do():
    assert [letter(place) for place in (0, 25, 26, 701, 702)] == [
        *("[A]", "[Z]", "[AA]", "[ZZ]", "[AAA]"),
    ]


def test_a_row_is_named_once_and_keeps_its_headings():
    row = table.read(table.row([("Tên gọi", "Kiều"), ("STT", "1"), ("Lạ", "?")]))
    once = named(row, "Tên gọi = title")

    assert once.fields == (
        Element("title", (("heading", "Tên gọi"),), "Kiều"),
        Element("column", (("heading", "Lạ"),), "?"),
    )
    assert named(once) == once


@given(st.lists(st.text(max_size=20), max_size=6), st.text(max_size=40))
def test_any_headings_and_any_map_are_taken_or_refused_in_our_own_words(headings, text):
    try:
        found = recognise(headings, text)
    except (ColumnMissing, ColumnsUnreadable, NoSuchTarget):
        return

    assert set(found) <= set(range(len(headings)))


@given(st.dictionaries(st.text("abcđê =;'\n", min_size=1, max_size=8), st.sampled_from(Target)))
def test_a_map_written_with_quotes_is_read_back(entries):
    wanted = {heading.strip(): target for heading, target in entries.items() if heading.strip()}
    text = "; ".join(f'"{heading}" = {target}' for heading, target in wanted.items())

    assert [tuple(entry) for entry in parse(text)] == list(wanted.items())


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_manual_names_every_kind_with_its_headings(language):
    manual = (REPOSITORY / "docs" / language / "tables.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in manual.splitlines() if line.startswith("| `")]
    told = {row[0].strip("| `"): row[2].rstrip(" |").split(", ") for row in rows}

    expected: dict[str, list[str]] = {}
    for heading, target in HEADINGS:
        expected.setdefault(target, []).append(heading)
    assert told == expected
