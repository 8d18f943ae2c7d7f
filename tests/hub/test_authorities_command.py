"""Lists of authorities on the command line: taken in, looked up, answered about, taken away."""

from __future__ import annotations

import json

from catalogue import database as databases
from catalogue.database import Database
from support.authorities import WRITERS
from support.indexed import index
from support.marc import marc

SHELF = [
    marc("001 1", "100 1_$aNguyễn, Du", "245 10$aTruyện Kiều"),
    marc("001 2", "100 0_$aTố Như", "245 10$aThơ"),
]
BAD = "\tperson\t\tp8\t\n"
AGAIN = "Tố Như\tperson\tHồng Sơn\tp9\t\n"


def shelve(url):
    databases.upgrade(url)
    database = Database.open(url)
    index(database, SHELF)
    database.close()


def test_a_list_is_taken_in_looked_up_and_taken_away(lienthong, tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir()
    shelve(f"sqlite:///{folder / 'lienthong.db'}")
    file = tmp_path / "writers.tsv"
    file.write_text(WRITERS + AGAIN + BAD, "utf-8")
    other = tmp_path / "other.bin"
    other.write_bytes(b"\x89PNG")

    def said(*arguments: str, code: int = 0) -> str:
        outcome = lienthong("--lang", "vi", *arguments)
        assert outcome.code == code, outcome.err
        return outcome.out + outcome.err

    def told(*arguments: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in said(*arguments, "--json").splitlines()]

    done = said("authorities", "import", str(file), "--list", "thu", "--author", "lan")
    [again] = told("authorities", "import", str(file), "--list", "thu")
    refused = said("authorities", "import", str(other), "--list", "thu", code=2)
    [listed] = told("authorities", "list")
    [found] = told("authorities", "find", "thanh", "hien", "--list", "thu")
    [shown] = told("authorities", "show", "thu", "p1")
    widened = said("search", "nguyễn du")
    typed = said("search", "nguyễn du", "--as-typed")
    scanned = told("search", "--scan", "person", "th", "--limit", "1")
    named = told("policy", "names")
    said("policy", "names", "--as", "named")
    [asked] = told("authorities", "asked")
    [answer] = told("authorities", "answer", "thu", "p1", "thu", "p9", "different")
    answers = told("authorities", "answers")
    undone = said("authorities", "undo", str(answer["number"]))
    said("authorities", "set", "thu", "--widens", "no")
    kept_out = told("search", "nguyễn du")
    gone = said("authorities", "remove", "thu")

    assert ["Số", "đề", "mục", "7"] in [line.split() for line in done.splitlines()]
    assert "Biểu ghi 9: không có đề mục nào trong đó" in done
    assert (again["unchanged"], again["problems"]) == (7, 1)
    assert "Tệp không ở dạng nào" in refused
    assert (listed["list"], listed["headings"], listed["widens"]) == ("thu", 7, True)
    assert (found["number"], found["see_from"]) == ("p1", "Thanh Hiên")
    assert shown["see_from"] == [
        {"text": "Tố Như", "language": ""},
        {"text": "Thanh Hiên", "language": ""},
    ]
    assert shown["same"] == ["http://viaf.org/viaf/1"]
    assert "Thơ" in widened
    assert "Đã tìm thêm: Tố Như (danh sách thu)" in widened
    assert "Thơ" not in typed
    assert [(each["text"], each["see"]) for each in scanned] == [
        ("Thanh Hiên", ["Nguyễn Du, 1765-1820"])
    ]
    assert named == []
    assert (asked["one"], asked["other"]) == ("thu p1", "thu p9")
    assert [each["answer"] for each in answers] == ["different"]
    assert "Đã rút lại câu trả lời 1." in undone
    assert len(kept_out) == 1
    assert "Đã bỏ danh sách thu; danh sách từng có 7 đề mục." in gone
