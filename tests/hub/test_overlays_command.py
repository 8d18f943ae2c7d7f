"""Corrections on the command line: laid, listed, shown and taken off."""

from __future__ import annotations

import json
from pathlib import Path

from catalogue import database as databases
from catalogue.database import Database
from crosswalks.formats import marcxml
from crosswalks.model import Record
from support.pages import Book, add_source, books, deliver, place_all
from support.processes import lienthong, run

TITLE = "245 10 $a Số đỏ"
RIGHT = "245 10 $a Số đỏ : $b tiểu thuyết"


def test_a_record_is_corrected_by_command(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'lienthong.db'}"
    databases.upgrade(url)
    database = Database.open(url)
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)
    database.close()
    env = {"LIENTHONG_INSTANCE": str(tmp_path)}

    def said(*arguments: str, code: int = 0) -> str:
        [outcome] = run(lienthong("--lang", "vi", "overlays", *arguments), env=env)
        assert outcome.code == code, outcome.err
        return outcome.out + outcome.err

    because = ("--reason", "theo trang tên sách", "--author", "lan")
    wrong = said("add", "000000001", "650 #4 Thơ", *because, code=2)
    kept = said("replace", "000000001", TITLE, RIGHT, *because)
    number = json.loads(said("add", "000000001", "650 #4 $a Thơ", *because, "--json"))["number"]
    said("suppress", "000000001", "300 ## $a 250 tr.", *because)
    shown = said("show", "000000001")
    listed = [json.loads(line) for line in said("list", "--json").splitlines()]
    offers = [json.loads(line) for line in said("offer", "L1", "--json").splitlines()]
    said("offer", "L1", "--output", str(tmp_path / "sua.xml"))
    said("offer", "L1", "--output", str(tmp_path / "sua.csv"))
    said("offer", "L1", "--output", str(tmp_path / "sua.doc"), code=2)
    undone = said("undo", str(number), "--author", "hoa")
    left = said("list")
    doubtful = said("list", "--doubtful", "--json")
    all_of_it = said("list", "000000001", "--undone", "--json")

    [labelled] = run(lienthong("clusters", "labels", str(tmp_path / "judged")), env=env)
    rows = (tmp_path / "judged" / "overlays.csv").read_text("utf-8").splitlines()

    assert labelled.code == 0
    assert rows[0].startswith("number,cluster,kind,beneath,over,state,person,made")
    assert [line.split(",")[2] for line in rows[1:]] == ["replace", "add", "suppress"]
    assert "hai chỉ thị" in wrong
    assert "Đã hiệu đính, số 1." in kept
    assert RIGHT in shown.splitlines()
    assert "650 #4 $a Thơ" in shown
    assert "300 ## $a 250 tr." not in shown
    assert [each["kind"] for each in listed] == ["suppress", "add", "replace"]
    assert listed[0]["person"] == "lan"
    assert [each["kind"] for each in offers] == ["replace", "add", "suppress"]
    [record] = marcxml_records(tmp_path / "sua.xml")
    assert record.values("245", "b") == ["tiểu thuyết"]
    assert "Nên là" in (tmp_path / "sua.csv").read_text("utf-8-sig").splitlines()[0]
    assert undone.strip() == "Đã gỡ."
    assert "đang có hiệu lực" in left
    assert "650 #4" not in left
    assert doubtful == ""
    assert len(all_of_it.splitlines()) == 3


def marcxml_records(path: Path) -> list[Record]:
    with path.open("rb") as stream:
        return [marcxml.read(body) for _, body in marcxml.split(stream)]
