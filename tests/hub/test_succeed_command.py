"""A member changes its system, by commands alone, from two servers that are really asked."""

from __future__ import annotations

import csv

import pytest

from crosswalks.formats import marcxml
from support.loopback import replying
from support.oai_source import Item, Repository
from support.succession import book

TITLES = ("Chí Phèo", "Lão Hạc", "Đời thừa", "Sống mòn", "Đôi mắt", "Một bữa no")


def item(identifier: str, title: str, number: str, *more: str) -> Item:
    return Item(identifier=identifier, payload=marcxml.write(book(title, number, *more)).decode())


def old_system() -> Repository:
    items = [item(f"oai:cu:{n}", title, f"{n}") for n, title in enumerate(TITLES, 101)]
    return Repository(items=items)


def new_system() -> Repository:
    items = [
        item(f"oai:moi:{n}", title, f"{n}", f"035 __ $a(CU){n - 400}")
        for n, title in enumerate(TITLES[:5], 501)
    ]
    return Repository(items=[*items, item("oai:moi:599", "Truyện người hàng xóm", "599")])


@pytest.fixture
def moved(lienthong):
    """Add and harvest both systems; the new one's records wait."""
    with replying(old_system()) as old, replying(new_system()) as new:
        more = ("--protocol", "oai-pmh", "--library", "VN-A", "--prefix", "marc21")
        assert lienthong("sources", "add", "cu", "--url", old, *more).code == 0
        assert lienthong("harvest", "cu").code == 0
        assert lienthong("sources", "add", "moi", "--url", new, *more, "--succeeds", "cu").code == 0
        assert lienthong("harvest", "moi").code == 0
        yield lienthong


def test_pairs_are_shown_before_anything_is_done(moved):
    [told] = moved("sources", "succeed", "cu", "moi", "--json").json
    said = moved("--lang", "vi", "sources", "succeed", "cu", "moi")

    assert (told["state"], told["paired"], told["waiting"]) == ("waiting", 5, 6)
    assert (told["unpaired_old"], told["unpaired_new"]) == (1, 1)
    assert [(each["rule"], each["paired"]) for each in told["rules"]] == [("035", 5)]
    assert "số cũ ở 035" in said.out
    assert "Chí Phèo" in said.out


def test_carried_over_nothing_is_gone_and_the_rest_is_listed(moved, tmp_path):
    table = tmp_path / "left.csv"

    said = moved("sources", "succeed", "cu", "moi", "--apply", "--unpaired", str(table), "--json")
    [told] = said.json
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))

    assert (told["state"], told["applied"], told["waiting"]) == ("applied", 5, 0)
    assert [(row["side"], row["title"], row["reason"]) for row in rows] == [
        ("old", "Một bữa no", "none"),
        ("new", "Truyện người hàng xóm", "none"),
    ]
    listed = moved("records", "list", "--source", "cu", "--json").json
    assert sum(not each["deleted"] for each in listed) == 1


def test_the_old_source_is_refused_and_the_new_one_goes_on(moved):
    assert moved("sources", "succeed", "cu", "moi", "--apply").code == 0

    old = moved("harvest", "cu")
    new = moved("harvest", "moi", "--json").json

    assert old.code == 1
    assert "lienthong harvest moi" in old.err
    assert [(each["status"], each["changed"], each["deleted"]) for each in new] == [
        ("succeeded", 0, 0)
    ]


def test_a_handful_that_is_left_of_the_old_system_goes_as_the_guards_allow(moved):
    assert moved("sources", "succeed", "cu", "moi", "--apply").code == 0

    [told] = moved("sources", "succeed", "cu", "moi", "--delete-unpaired", "--json").json
    [run] = moved("runs", "show", str(told["run"]), "--json").json

    assert (run["status"], run["absent"], told["unpaired_old"]) == ("succeeded", 1, 0)


def test_called_off_the_new_records_are_like_any_others(moved):
    [told] = moved("sources", "succeed", "cu", "moi", "--cancel", "--json").json

    assert (told["state"], told["waiting"], told["paired"]) == ("cancelled", 0, 0)


def test_it_cannot_be_called_off_and_carried_out_at_once(moved):
    assert moved("sources", "succeed", "cu", "moi", "--cancel", "--apply").code == 2


def test_a_source_cannot_stop_waiting_by_a_setting(moved):
    said = moved("sources", "change", "moi", "--succeeds", "")

    assert said.code == 2
    assert "--cancel" in said.err


def test_a_file_of_sources_keeps_who_takes_over_from_whom(moved, tmp_path):
    file = tmp_path / "sources.yaml"
    moved("sources", "export", str(file))

    again = moved("sources", "apply", str(file), "--yes", "--json")
    elsewhere = moved(
        "sources", "apply", str(file), "--yes", LIENTHONG_INSTANCE=str(tmp_path / "other")
    )

    assert "succeeds: cu" in file.read_text("utf-8")
    assert again.json == []
    assert elsewhere.code == 0
