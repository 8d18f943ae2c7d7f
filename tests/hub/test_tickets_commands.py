"""What readers reported, on the command line: listed, looked at and closed."""

from __future__ import annotations

from pathlib import Path

from catalogue.database import Database
from catalogue.tickets.model import Kind, Report
from catalogue.tickets.opening import open_ticket
from support.pages import Book, add_source, books, deliver, place_all


def filled(folder: Path) -> None:
    database = Database.open(f"sqlite:///{folder / 'instance' / 'lienthong.db'}")
    for name, library in (("s1", "A"), ("s2", "B")):
        add_source(database, name, library)
        deliver(database, name, *books([("a", Book(title=f"Tập {name}"))]))
    place_all(database)
    for public_id in ("000000001", "000000002"):
        report = Report(kind=Kind.LINK, text="Liên kết hỏng", mail="doc@example.vn")
        open_ticket(database, public_id, "Số đỏ", report)
    database.close()


def test_reports_are_listed_shown_and_closed(lienthong, tmp_path):
    lienthong("libraries", "list")
    filled(tmp_path)

    listed = lienthong("tickets", "list", "--json").json
    shown = lienthong("--lang", "vi", "tickets", "show", "1")
    end = ("--state", "mended", "--answer", "Đã sửa", "--author", "lan")
    [closed] = lienthong("tickets", "close", "1", *end, "--json").json
    left = lienthong("--lang", "vi", "tickets", "list")
    found = [
        [each["id"] for each in lienthong("tickets", "list", *asked, "--json").json]
        for asked in (
            *(["--state", "all"], ["--state", "mended"], ["--library", "B"]),
            ["--state", "all", "--before", "2", "--limit", "1"],
        )
    ]

    assert [(each["id"], each["state"], each["libraries"]) for each in listed] == [
        (2, "open", [{"code": "B", "name": "B"}]),
        (1, "open", [{"code": "A", "name": "A"}]),
    ]
    assert "liên kết không mở được" in shown.out
    assert "s1/a" in shown.out
    assert "doc@example.vn" not in shown.out + str(listed) + str(closed)
    assert (closed["ticket"]["state"], closed["events"][-1]["person"]) == ("mended", "lan")
    assert "chưa xem" in left.out
    assert "đã sửa" not in left.out
    assert found == [[2, 1], [1], [2], [1]]
    for wrong in (["show", "9"], ["list", "--library", "X"], ["close", "1", "--state", "open"]):
        assert lienthong("tickets", *wrong).code == 2
