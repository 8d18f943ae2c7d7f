"""Dumps by command: made, listed, gone on with, and refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from catalogue.database import Database
from hub.dumping import Dumping, dumps_of
from hub.instance import Hub
from provider.dumps.model import Series
from provider.dumps.shelf import is_half_made
from scheduler.dumper import Asked
from support.engines import Engine
from support.filled import add_library, book, deliver, settle


@pytest.fixture
def url(sqlite_engine: Engine) -> Iterator[str]:
    """Give a hub of three books."""
    with sqlite_engine.fresh() as found:
        with closing(Database.open(found)) as database:
            add_library(database, "A", "Thư viện A")
            books = {str(number): book(f"Sách {number}") for number in range(3)}
            deliver(database, "A", books)
            settle(database)
        yield found


@pytest.fixture
def lienthong(lienthong, url):
    """Run commands on that hub."""
    return partial(lienthong, LIENTHONG_DATABASE_URL=url)


def change(url: str) -> None:
    with closing(Database.open(url)) as database:
        deliver(database, "A", {"0": None})
        settle(database)


def test_dumps_are_made_and_listed(lienthong, url, tmp_path):
    [full] = lienthong("export", "dump", "--json").json
    change(url)
    [delta] = lienthong("export", "dump", "--delta", "--json").json
    listed = lienthong("export", "list", "--json").json
    said = lienthong("--lang", "vi", "export", "list").out

    assert (full["kind"], full["records"]) == ("full", 3)
    assert (delta["kind"], delta["records"], delta["deletions"]) == ("delta", 0, 1)
    assert delta["from"] == full["until"]
    assert listed == [full, delta]
    assert Path(full["folder"]).parent == tmp_path / "instance" / "dumps" / "public/union/marcxml"
    manifest = json.loads((Path(full["folder"]) / "manifest.json").read_text())
    assert full == {"folder": full["folder"], **manifest}
    assert "bản đầy đủ" in said
    assert "phần thay đổi" in said


def test_settings_say_where_and_how_large(lienthong, url, tmp_path):
    place = tmp_path / "elsewhere"
    environment = {
        "LIENTHONG_DUMPS__FOLDER": str(place),
        "LIENTHONG_DUMPS__PART_RECORDS": "2",
        "LIENTHONG_DUMPS__KEEP": "1",
    }
    words = ("export", "dump", "--format", "iso2709", "--set", "library:A", "--json")
    lienthong(*words, **environment)
    change(url)
    [_, made] = lienthong(*words, **environment).json

    assert [each["name"] for each in made["parts"]] == ["part-00001.mrc.gz"]
    assert made["set"] == "library:A"
    folders = [path.name for path in (place / "public/library=A/iso2709").iterdir()]
    assert sorted(folders) == [made["name"], "latest.json"]


def test_earlier_ones_are_taken_away_where_that_is_said(lienthong, url):
    lienthong("export", "dump")
    change(url)
    lienthong("export", "dump", "--alone")
    [left] = lienthong("export", "list", "--json").json

    assert (left["kind"], left["records"]) == ("full", 2)
    refused = lienthong("export", "dump", "--alone", "--delta")
    assert (refused.code, "leave out --delta" in refused.err) == (2, True)


REFUSED = {
    ("--delta",): "There is no full dump of public marcxml",
    ("--view", "members"): "There is no view members. There are these: public",
    ("--set", "library:NONE"): "has no set library:NONE",
    ("--set", "../x"): "is no dump",
    ("--format", "pdf"): "pdf",
}


def test_what_cannot_be_made_is_wrong_use(lienthong, url):
    refused = {words: lienthong("export", "dump", *words) for words in REFUSED}

    assert {words: (each.code, REFUSED[words] in each.err) for words, each in refused.items()} == (
        dict.fromkeys(REFUSED, (2, True))
    )
    assert lienthong("export", "list").out.split() == HEADS


HEADS = ["Dump", "Kind", "Up", "to", "Records", "Deletions", "Bytes", "Folder"]


def test_a_delta_of_nothing_is_said(lienthong, url):
    lienthong("export", "dump")
    with closing(Database.open(url)) as database:
        settle(database)
    lienthong("export", "dump", "--delta")
    again = lienthong("export", "dump", "--delta")

    assert again.code == 0
    assert "Nothing can have changed" in again.err


def test_what_a_worker_was_kept_from_goes_on_with_a_worker_or_by_command(lienthong, url, tmp_path):
    hub = Hub(
        {
            "LIENTHONG_INSTANCE": str(tmp_path / "instance"),
            "LIENTHONG_DATABASE_URL": url,
            "LIENTHONG_DUMPS__PART_RECORDS": "1",
        },
        str,
    )
    resting, never = Event(), Event()
    resting.set()
    with hub.catalogue() as database:
        dumps = dumps_of(hub, database)
        dumping = Dumping(dumps, hub.settings.dumps.scheduled)
        asked = Asked(series=dumping.scheduled[0])
        other = Asked(series="public jsonl")
        ends = [dumping.make(each, never, resting) for each in (asked, asked, other)]
        assert is_half_made(dumps.folder, Series())
        ends.append(dumping.make(asked, never, never))
    [made] = lienthong("export", "list", "--json").json
    # The parts of one that was begun have one record each.
    [resumed] = lienthong("export", "dump", "--format", "jsonl", "--resume", "--json").json

    assert ends == [False, False, False, True]
    assert [part["records"] for part in made["parts"]] == [1, 1, 1]
    assert len(resumed["parts"]) == 3
