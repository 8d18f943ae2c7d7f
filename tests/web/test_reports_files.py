"""Tables of a report as files: another reader finds in them what was put in, and no formula."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from catalogue.reports.model import BESIDE, NUMBERS, Figures, Group, Member, Report, read
from catalogue.reports.periods import parse
from web.language import LANGUAGES, translator
from web.reports import workbook
from web.reports.charts import MOST, Amount, chart
from web.reports.tables import Table, tables
from web.reports.words import DEFINITIONS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")', "_x0041_"]


def table(*rows: tuple[str | int, ...], headings: tuple[str, ...] = ("a", "b")) -> Table:
    return Table(name="members", title="Bảng", headings=headings, rows=rows)


def opened(*made: Table) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook.xlsx(made)))


def figures(name: str = "Đại học") -> Figures:
    numbers = {each: at * 1000 for at, each in enumerate(NUMBERS, 1)}
    member = Member(
        code="A", name="Thư viện A", kind=name, region="", standing="member", numbers=numbers
    )
    group = Group(name=name, libraries=1, numbers=numbers)
    nowhere = Group(name="", libraries=1, numbers=numbers)
    return Figures(
        members=(member,),
        kinds=(group,),
        regions=(nowhere,),
        total=nowhere,
        beside=dict.fromkeys(BESIDE, 7),
    )


def report(definitions: int = 1) -> Report:
    return Report(
        period=parse("2026-q3"),
        issue=2,
        made=1_790_000_000,
        author="",
        program="1.0",
        definitions=definitions,
        zone="Asia/Ho_Chi_Minh",
        figures=figures(),
    )


def test_figures_read_back_as_they_were_kept() -> None:
    assert read(figures().written()) == figures()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_has_each_table_as_a_sheet_with_numbers_as_numbers(language: str) -> None:
    made = tables(report(), translator(language))
    found = opened(*made)

    assert found.sheet_names == [each.title for each in made]
    # What Excel takes for the name of a sheet.
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found.sheet_names)
    for each in made:
        rows = found.get_sheet_by_name(each.title).to_python()
        assert rows == [list(each.headings), *map(list, each.rows)]
    assert len(made[3].headings) == len(made[3].rows[0]) == 5 + len(NUMBERS)


def test_what_the_figures_mean_goes_along_in_the_readers_language() -> None:
    vietnamese, english = (tables(report(), translator(each)) for each in ("vi", "en"))

    assert vietnamese[3].headings[:2] == ("Mã", "Tên")
    assert [row[0] for row in english[4].rows][:2] == ["The period and the moment", *FIRST]
    assert len(vietnamese[4].rows) == len(DEFINITIONS[1])
    assert all(a[1] != b[1] for a, b in zip(vietnamese[4].rows, english[4].rows, strict=True))
    told = dict(vietnamese[0].rows)
    assert (told["Kỳ báo cáo"], told["Lần lập"], told["Người lập"]) == (
        *("2026-q3", 2),
        "hệ thống tự lập",
    )
    assert told["Lập lúc"] == "2026-09-21 21:13+07:00"
    assert vietnamese[2].rows[0][0] == "chưa ghi"


FIRST = ("Records contributed",)


def test_the_same_report_gives_the_same_bytes() -> None:
    made = tables(report(), translator("vi"))

    assert workbook.xlsx(made) == workbook.xlsx(made)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    made = table((text, 1), headings=(text, "b"))
    with zipfile.ZipFile(io.BytesIO(workbook.xlsx([made]))) as package:
        sheet = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    rows = list(csv.reader(io.StringIO(workbook.csv(made).decode("utf-8-sig"))))

    assert sheet.findall(f".//{MAIN}f") == []
    kinds = {cell.get("t"): cell.find(f"{MAIN}v") for cell in sheet.iter(f"{MAIN}c")}
    assert kinds["inlineStr"] is None
    assert [row[0] for row in rows] == [text if text == "_x0041_" else f"'{text}"] * 2
    assert rows[1][1] == "1"


@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=30), number=st.integers(0, 2**53))
def test_another_reader_finds_the_text_that_was_put_in(texts: list[str], number: int) -> None:
    headings = tuple(f"c{at}" for at in range(len(texts) + 1))
    [sheet] = [opened(table((*texts, number), headings=headings)).get_sheet_by_index(0)]

    row = [*sheet.to_python(), []][1]
    assert list(map(str, row[:-1])) == [stored(each) for each in texts]
    assert row[-1] == number


def stored(text: str) -> str:
    """Return a text as XML can hold it, with the ends of lines that it has there (XML s2.11)."""
    legal = "".join(each if legal_in_xml(each) else "\N{REPLACEMENT CHARACTER}" for each in text)
    return legal.replace("\r\n", "\n").replace("\r", "\n")


def legal_in_xml(sign: str) -> bool:
    return (
        sign in "\t\n\r"
        or "\x20" <= sign <= "\ud7ff"
        or "\ue000" <= sign <= "\ufffd"
        or (sign >= "\U00010000")
    )


def test_a_chart_shows_the_longest_bars_first_in_proportion_and_no_more_than_fit() -> None:
    amounts = [Amount(f"Thư viện {at}", at, at) for at in range(30)]
    drawn = chart([*amounts, Amount("x" * 60, 1000, 0)])

    first, second = drawn.bars[:2]
    assert (len(drawn.bars), drawn.left_out) == (MOST, 10)
    assert (first.total, first.name[-1], len(first.name)) == (1000, "…", 26)
    assert second.total == 58
    assert second.unique == second.overlapping
    assert first.end < drawn.width
    assert abs(first.unique / 1000 - second.unique / 29) < 0.05
    assert chart([Amount("none", 0, 0)]).bars == ()
