from __future__ import annotations

import csv
import gzip
import json
import re
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from crosswalks import formats
from crosswalks.checks.patterns import Pattern
from crosswalks.formats import iso2709, marcxml, oai_dc
from crosswalks.model import Element, Record, Schema
from hub.checking import check_file
from support.marc import marc
from support.processes import REPOSITORY
from web.language import translator
from web.quality.words import WORDS

CODED = "008 240101s2019    vm a     b    001 0 vie d"
SOUND = marc("001 1", CODED, "020 __ $a9786040000019", "245 10 $aSố đỏ")
WRONG = marc("001 2", CODED, "020 __ $a9786040000018", "245 10 $a<b>Tắt đèn</b>")
AUTHORITY = marc("001 3", "100 1_ $aNam Cao", leader="00000nz  a2200000n  4500")


def file_of(folder: Path, *records: Record) -> str:
    path = folder / "records.mrc"
    path.write_bytes(b"".join(map(iso2709.write, records)))
    return str(path)


def dc_file(folder: Path, **values: str) -> str:
    fields = tuple(Element(f"dc:{name}", (), text) for name, text in values.items())
    path = folder / "records.xml"
    written = oai_dc.write(Record(schema=Schema.OAI_DC, fields=fields))
    path.write_bytes(b"".join(formats.file_of(oai_dc, [written])))
    return str(path)


class Page(HTMLParser):
    """Gathers what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        outside = {"src", "href", "action", "srcset", "data"} & {name for name, _ in attrs}
        runs = [name for name, _ in attrs if name.startswith("on")]
        if tag in {"script", "link", "img", "iframe", "object"} or outside or runs:
            self.loads.append(tag)


def codes(value: dict[str, Any]) -> set[str]:
    return {problem["code"] for problem in value["problems"]}


def test_a_file_without_faults_is_said_to_have_none(lienthong, tmp_path):
    [told] = lienthong("check", file_of(tmp_path, SOUND), "--json").json

    assert (told["records"], told["faulty"], told["problems"]) == (1, 0, [])
    assert told["format"] == "iso2709"


def test_problems_are_listed_with_their_field_count_and_a_sample(lienthong, tmp_path):
    said = lienthong("check", file_of(tmp_path, SOUND, WRONG, WRONG))

    assert said.code == 0
    assert re.search(r"warning +bad-isbn +020 +2 +9786040000018", said.out)


def test_warnings_leave_the_exit_code_alone_and_errors_do_not(lienthong, tmp_path):
    assert lienthong("check", file_of(tmp_path, WRONG)).code == 0
    assert lienthong("check", file_of(tmp_path, AUTHORITY)).code == 1


def test_a_record_that_cannot_be_read_fails_and_the_others_are_checked(lienthong, tmp_path):
    path = Path(file_of(tmp_path, WRONG))
    path.write_bytes(path.read_bytes() + b"00030nam a2200000 a 4500xx\x1e\x1d" + b"\x00" * 40)
    said = lienthong("check", str(path), "--json")

    assert said.code == 1
    assert "bad-isbn" in codes(json.loads(said.out))


def test_the_table_is_in_the_persons_language(lienthong, tmp_path):
    said = lienthong("--lang", "vi", "check", file_of(tmp_path, WRONG))

    assert re.search(r"cảnh báo +bad-isbn", said.out)
    assert "Không phải ISBN" in said.out


def test_every_problem_is_a_line_of_the_list(lienthong, tmp_path):
    target = tmp_path / "problems.csv"
    lienthong("check", file_of(tmp_path, SOUND, WRONG), "--csv", str(target))
    with target.open(encoding="utf-8-sig", newline="") as lines:
        [row] = csv.DictReader(lines)

    assert (row["record"], row["identifier"], row["code"], row["field"]) == (
        "2",
        "2",
        "bad-isbn",
        "020",
    )


def test_no_cell_of_the_list_is_a_formula(lienthong, tmp_path):
    formula = marc("001 2", CODED, "245 10 $aA", "020 __ $a=1+1")
    target = tmp_path / "problems.csv"
    lienthong("check", file_of(tmp_path, formula), "--csv", str(target))

    assert "'=1+1" in target.read_text("utf-8-sig")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_whole_in_itself_and_says_what_it_found(lienthong, tmp_path, language):
    target = tmp_path / "report.html"
    path = file_of(tmp_path, SOUND, WRONG, AUTHORITY)
    lienthong("--lang", language, "check", path, "--html", str(target))
    text = target.read_text("utf-8")
    page = Page()
    page.feed(text)

    assert page.loads == []
    assert f'<html lang="{language}">' in text
    assert translator(language)("Quality report") in text
    assert str(tmp_path) not in text


def test_what_records_hold_cannot_become_part_of_the_page(lienthong, tmp_path):
    target = tmp_path / "report.html"
    lienthong("check", file_of(tmp_path, WRONG), "--html", str(target))
    text = target.read_text("utf-8")

    assert "<b>Tắt đèn</b>" not in text
    assert "&lt;b&gt;Tắt đèn&lt;/b&gt;" in text


def test_dublin_core_is_held_against_a_profile(lienthong, tmp_path):
    path = dc_file(tmp_path, title="Số đỏ", date="hôm qua")
    [told] = lienthong("check", path, "--profile", "openaire", "--json").json

    assert (told["format"], told["profile"]) == ("oai_dc", "openaire")
    assert codes(told) == {"missing-element", "bad-value"}


def test_a_profile_for_what_is_no_dublin_core_is_refused(lienthong, tmp_path):
    said = lienthong("check", file_of(tmp_path, SOUND), "--profile", "simple")

    assert (said.code, "Dublin Core" in said.err) == (2, True)


@pytest.mark.parametrize("wrong", [["--from", "xyz"], []])
def test_a_schema_that_is_not_known_is_refused(lienthong, tmp_path, wrong: list[str]):
    path = tmp_path / "file"
    path.write_bytes(b"neither this nor that")

    assert lienthong("check", str(path), *wrong).code == 2


def test_a_file_that_is_not_there_is_named(lienthong, tmp_path):
    said = lienthong("check", str(tmp_path / "nothing.mrc"))

    assert (said.code, "nothing.mrc" in said.err) == (2, True)


def test_a_packed_file_is_read_as_what_is_in_it(lienthong, tmp_path):
    path = tmp_path / "records.xml.gz"
    written = formats.file_of(marcxml, [marcxml.write(WRONG)])
    path.write_bytes(gzip.compress(b"".join(written)))
    [told] = lienthong("check", str(path), "--json").json

    assert (told["format"], codes(told)) == ("marcxml", {"bad-isbn"})


def test_memory_does_not_grow_with_the_file(tmp_path):
    data = iso2709.write(WRONG)
    peaks = []
    for count in (200, 2000):
        path = tmp_path / "many.mrc"
        path.write_bytes(data * count)
        with path.open("rb") as stream:
            tracemalloc.start()
            check_file(stream, iso2709, "")
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

    assert peaks[1] < peaks[0] + 1_000_000


def test_every_pattern_has_its_words():
    assert {pattern.value for pattern in Pattern} - set(WORDS) == set()


def test_a_real_library_gets_a_report(lienthong, shared, tmp_path):
    target = tmp_path / "report.html"
    [path] = (shared / "data/corpora/vn-emiclib").glob("LA*.ISO")
    said = lienthong("check", str(path), "--html", str(target), "--json")
    [told] = said.json
    page = Page()
    page.feed(target.read_text("utf-8"))

    assert (told["records"], told["unreadable"]) == (1654, 0)
    assert {"no-subfields", "missing-008", "damaged-text"} <= codes(told)
    assert page.loads == []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_pattern_and_every_fault_of_a_shape_is_explained(language: str):
    pages = [REPOSITORY / "docs" / language / name for name in ("check.md", "records.md")]
    explained = "".join(page.read_text("utf-8") for page in pages)
    code = "".join(
        path.read_text("utf-8") for path in (REPOSITORY / "crosswalks/checks").glob("*.py")
    )
    names = {pattern.value for pattern in Pattern} | set(re.findall(r'Fault\(\s*"([\w-]+)"', code))

    assert {name for name in names if f"`{name}`" not in explained} == set()
