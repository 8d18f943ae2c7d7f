"""Bulk corrections on the command line: looked at, carried out, listed and taken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import database as databases
from catalogue.database import Database
from catalogue.overlays import making
from support.pages import Book, add_source, books, deliver, place_all

RULE = '264 .. <- 264 $* | replace "^Văn học$" "NXB Văn học"'
BECAUSE = ("--reason", "theo bảng tên nhà xuất bản", "--author", "lan")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the database of the instance, with two books and what looks like them in a list."""
    (tmp_path / "instance").mkdir()
    url = f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}"
    databases.upgrade(url)
    database = Database.open(url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    database.close()
    return url


def corrected(url: str) -> list[tuple[str, str]]:
    database = Database.open(url)
    made = [(each.person, each.reason) for each in making.all(database)]
    database.close()
    return made


def test_many_records_are_corrected_by_command(url: str, tmp_path: Path, lienthong) -> None:
    (tmp_path / "rules.txt").write_text(RULE, "utf-8")
    rules = ("--rules", str(tmp_path / "rules.txt"))
    preview = ("overlays", "bulk", "preview")
    [looked] = lienthong(*preview, "--cql", "dc.title=do", *rules, *BECAUSE, "--json").json
    before = corrected(url)
    [done] = lienthong("overlays", "bulk", "apply", "1", "--author", "hoa", "--json").json
    made = corrected(url)
    [again] = lienthong("overlays", "bulk", "apply", "1", "--json").json
    shown = lienthong("--lang", "vi", "overlays", "bulk", "show", "1").out
    [listed] = lienthong("overlays", "bulk", "list", "--json").json
    table = lienthong("overlays", "bulk", "list").out
    [undone] = lienthong("overlays", "bulk", "undo", "1", "--author", "an", "--json").json

    assert (looked["state"], looked["found"], looked["would"]) == ("looked", 1, 1)
    assert looked["samples"][0]["changes"][0]["over"] == "264 #1 $b NXB Văn học"
    assert before == []
    assert (done["state"], done["done"], again["done"]) == ("applied", 1, 1)
    assert made == [("hoa", "theo bảng tên nhà xuất bản")]
    assert "+ 264 #1 $b NXB Văn học" in shown
    assert "đã thực hiện" in shown
    assert (listed["number"], listed["query"]) == (1, "dc.title=do")
    assert "carried out" in table
    assert (undone["state"], undone["undone"], undone["undone_by"]) == ("undone", 1, "an")
    assert corrected(url) == []


def test_what_cannot_be_changed_is_listed_with_its_reason(url: str, lienthong) -> None:
    preview = ("overlays", "bulk", "preview")
    touching = ("--rule", "852 .. <- 852 $!a", "--rule", RULE)
    lienthong("sets", "add", "van-hoc", "--words", "van hoc")
    said = lienthong("--lang", "vi", *preview, "--set", "van-hoc", *touching, *BECAUSE).out
    [looked] = lienthong("overlays", "bulk", "show", "1", "--limit", "1", "--json").json

    assert said.count("Trường 852") == 2
    assert [each["code"] for each in looked["troubles"]] == ["not-overlaid"]
    assert (looked["found"], looked["refused"]) == (2, 2)


def test_what_is_wrong_is_said_with_what_to_do(url: str, lienthong) -> None:
    preview = ("overlays", "bulk", "preview", "--rule", RULE)
    cases = {
        (): "Say in one way which records",
        ("--words", "a", "--cql", "a"): "Say in one way which records",
        ("--cql", "dc.title ="): "The query ends",
        ("--words", "a", "--rule", "264 <-"): "Line 2, column",
    }
    answers = {given: lienthong(*preview, *given, *BECAUSE) for given in cases}

    assert {answer.code for answer in answers.values()} == {2}
    assert [said in answers[given].err for given, said in cases.items()] == [True] * len(cases)


def test_a_part_of_a_field_is_corrected_by_command(url: str, lienthong) -> None:
    fields = ("245 10 $a Số đỏ", "245 10 $a Số đỏ $b tiểu thuyết")
    lienthong("overlays", "replace", "000000001", *fields, "--subfields", *BECAUSE)
    lienthong("overlays", "replace", "000000001", "LDR/06 a", "LDR/06 c", *BECAUSE)
    position, subfield = lienthong("overlays", "list", "--json").json
    shown = lienthong("overlays", "show", "000000001").out

    assert (subfield["kind"], subfield["over"]) == ("add", "245 10 $b tiểu thuyết")
    assert subfield["within"] == fields[0]
    assert (position["beneath"], position["over"]) == ("LDR/06 a", "LDR/06 c")
    assert "LDR 00000ncm" in shown
    assert fields[1] in shown
