"""``lienthong import``: nothing counts before somebody says so, and each case has its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import queue
from catalogue.database import Database
from catalogue.model import RunStatus
from catalogue.store import close_run, open_run
from catalogue.store.run import KIND
from support.deliveries import book, books


@pytest.fixture
def hub(lienthong):
    lienthong("sources", "add", "s1", "--protocol", "file", "--url", "file:", "--library", "L1")
    return lienthong


@pytest.fixture
def file(tmp_path: Path):
    def make(body: bytes, name: str = "sach.mrc") -> str:
        path = tmp_path / name
        path.write_bytes(body)
        return str(path)

    return make


def test_a_file_is_checked_and_then_applied(hub, file):
    [checked] = hub("import", "check", "s1", file(books(range(300))), "--json").json
    before = hub("records", "list", "--source", "s1", "--json").json
    [applied] = hub("import", "apply", "1", "--json").json
    [run] = hub("runs", "list", "--json").json

    assert (checked["state"], checked["report"]["counts"]["added"], before) == ("checked", 300, [])
    assert (applied["state"], applied["run"], run["added"]) == ("applied", run["run"], 300)


def test_the_report_is_text_for_people(hub, file):
    broken = book("x1")[:60] + b"\x1d"
    said = hub("import", "check", "s1", file(books(range(5)) + broken))
    vietnamese = hub("--lang", "vi", "import", "show", "1")

    assert "added: 5" in said.out
    assert "sach.mrc!" in said.out
    assert "Nếu áp dụng:" in vietnamese.out


def test_what_stands_against_it_keeps_a_file_from_counting_at_once(hub, file):
    first = hub("import", "now", "s1", file(books(range(100)), "one.mrc"), "--kind", "whole")
    second = hub("import", "now", "s1", file(books(range(10)), "two.mrc"), "--kind", "whole")
    listed = hub("import", "list", "--open", "--json").json
    applied = hub("import", "apply", "2")

    assert (first.code, second.code) == (0, 1)
    assert "lienthong import apply 2" in second.err
    assert [each["id"] for each in listed] == [2]
    assert (applied.code, "runs approve 2" in applied.err) == (1, True)


def test_a_file_that_is_none_is_refused_and_thrown_away(hub, file):
    refused = hub("import", "check", "s1", file(b"%PDF-1.7 x\n" * 99, "bao-cao.pdf"))
    applied = hub("import", "apply", "1")
    discarded = hub("import", "discard", "1", "--json").json

    assert (refused.code, "PDF" in refused.out) == (1, True)
    assert (applied.code, "lienthong import show 1" in applied.err) == (1, True)
    assert discarded[0]["state"] == "discarded"


def test_saying_it_twice_is_as_good_as_once(hub, file):
    path = file(books(range(3)))
    hub("import", "check", "s1", path)
    again = hub("import", "check", "s1", path)
    hub("import", "apply", "1")
    applied = hub("import", "apply", "1")
    discarded = hub("import", "discard", "1")

    assert "waits already, as delivery 1" in again.err
    assert (applied.code, "applied before" in applied.err) == (0, True)
    assert (discarded.code, "applied already" in discarded.err) == (2, True)


def test_several_deliveries_are_applied_in_their_order(hub, file):
    hub("import", "check", "s1", file(books(range(3)), "1"), file(books(range(3, 6)), "2"))
    hub("import", "check", "s1", file(books(range(1, 7)), "3"), "--kind", "whole")
    applied = hub("import", "apply", "1", "2", "3", "--json").json

    assert [(each["state"], each["run"]) for each in applied] == [
        ("applied", 1),
        ("applied", 1),
        ("applied", 2),
    ]


def test_what_is_new_at_an_address_is_checked_first(hub, file, tmp_path: Path):
    folder = tmp_path / "giao"
    folder.mkdir()
    url = f"file:{folder}"
    hub(
        "sources",
        "add",
        "s2",
        "--protocol",
        "file",
        "--url",
        url,
        "--library",
        "L2",
        "--check-first",
        "true",
    )
    (folder / "thang-1.mrc").write_bytes(books(range(4)))
    told = hub("harvest", "s2", "--json")
    harvested = told.json
    [waiting] = hub("import", "list", "--source", "s2", "--json").json
    nothing = hub("import", "check", "s2")
    hub("import", "check", "--again", str(waiting["id"]))
    [applied] = hub("import", "apply", str(waiting["id"]), "--json").json
    hub("harvest", "s2")

    assert (harvested[0]["delivered"], waiting["origin"], waiting["kind"]) == (0, url, "changes")
    assert "nothing new" in nothing.err
    assert "1 deliveries of s2 wait" in told.err
    assert applied["state"] == "applied"
    assert len(hub("records", "list", "--source", "s2", "--json").json) == 4
    assert len(hub("import", "list", "--source", "s2", "--json").json) == 1


def test_files_cannot_be_delivered_elsewhere(hub, file):
    hub(
        "sources",
        "add",
        "o",
        "--protocol",
        "oai-pmh",
        "--url",
        "http://127.0.0.1/",
        "--library",
        "L3",
    )
    path = file(books(range(3)))
    oai, none = hub("import", "check", "o", path), hub("import", "check", "nobody", path)
    nothing, gone = hub("import", "check"), hub("import", "show", "9")

    assert [each.code for each in (oai, none, nothing, gone)] == [2, 2, 2, 2]
    assert "--protocol file" in oai.err


def test_a_run_tells_which_deliveries_it_read(hub, file):
    hub("import", "now", "s1", file(books(range(3))))
    shown, told = hub("runs", "show", "1"), hub("runs", "show", "1", "--json").json

    assert "1 (sach.mrc)" in shown.out
    assert told[0]["deliveries"] == [1]


def test_a_harvest_under_way_is_said_and_the_delivery_is_next(hub, file, tmp_path: Path):
    hub("import", "check", "s1", file(books(range(3))))
    database = Database.open(f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}")
    running = open_run(database, "s1")
    assert running is not None
    busy = hub("import", "apply", "1")
    close_run(database, running, RunStatus.SUCCEEDED)
    queued = queue.due(database, KIND)
    database.close()
    done = hub("import", "apply", "1", "--json").json

    assert (busy.code, "a worker harvests it next" in busy.err) == (1, True)
    assert queued == ["harvest:s1"]
    assert done[0]["state"] == "applied"
