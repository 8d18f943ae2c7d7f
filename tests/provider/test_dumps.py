"""Dumps: a full one and the deltas after it are the view, whatever breaks off in between."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from catalogue.database import Database
from provider.dumps.errors import (
    BadSeries,
    CatalogueOlder,
    DumpNotWritten,
    DumpStopped,
    NoFullDump,
    NoSuchSet,
    NoSuchView,
)
from provider.dumps.making import Pace, Wanted, make
from provider.dumps.model import Dump, Form, Kind, Series
from provider.dumps.shelf import all_series, dumps_of, is_half_made, newest_full
from support.dumped import Taker, shown
from support.engines import Engine
from support.filled import add_library, book, deliver, settle

LONG = "Phụ lục rất dài " * 400


def shelved(database: Database) -> None:
    for code in ("NLV", "HUST"):
        add_library(database, code, code)
    deliver(database, "NLV", {f"n{number}": book(f"Sách {number}") for number in range(7)})
    deliver(database, "HUST", {"h1": book("Báo cáo")})
    settle(database)


@pytest.fixture(scope="module")
def shelf(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a hub with eight books, to be copied: to fill one takes a while."""
    path = tmp_path_factory.mktemp("shelf") / "hub.db"
    with sqlite_engine.fresh() as url:
        with closing(Database.open(url)) as database:
            shelved(database)
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
    return path


@pytest.fixture
def hub(shelf: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "hub.db"
    shutil.copyfile(shelf, path)
    with closing(Database.open(f"sqlite:///{path}")) as database:
        yield database


def changed(database: Database, word: str) -> None:
    deliver(database, "NLV", {"n1": book(f"Sách {word}"), "n2": None, f"n{word}": book(word)})
    settle(database)


@pytest.mark.parametrize(
    ("engine", "form"),
    [
        *(("sqlite", form) for form in Form),
        ("postgresql", Form.JSONL),
        pytest.param("postgresql", Form.MARCXML, marks=pytest.mark.soak),
        pytest.param("postgresql", Form.ISO2709, marks=pytest.mark.soak),
    ],
    indirect=["engine"],
)
def test_a_full_dump_and_the_deltas_after_it_are_the_view(
    database: Database, tmp_path: Path, form: Form
) -> None:
    shelved(database)
    taker = Taker(database, tmp_path, Series(form=form))
    taker.make()
    assert taker.follow() == shown(database)

    for word in ("chín", "mười"):
        changed(database, word)
        [made] = taker.make()
        assert made.kind is Kind.DELTA

    assert taker.follow() == shown(database)


def test_a_set_is_dumped_with_what_left_it(hub: Database, tmp_path: Path) -> None:
    taker = Taker(hub, tmp_path, Series(set_spec="library:NLV"))
    taker.make()
    deliver(hub, "HUST", {"n3": book("Sách 3")})
    changed(hub, "chín")
    taker.make()

    assert taker.follow() == shown(hub, set_spec="library:NLV")
    assert (taker.place / "latest.json").is_file()
    assert taker.series.path.parts == ("public", "library=NLV", "marcxml")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_does_not_fit_into_iso_2709_is_beside_it_in_marcxml(
    database: Database, tmp_path: Path
) -> None:
    add_library(database, "NLV", "NLV")
    deliver(database, "NLV", {"a": book("Ngắn"), "b": book(LONG * 20), "c": book("Cũng ngắn")})
    settle(database)
    taker = Taker(database, tmp_path, Series(form=Form.ISO2709))
    [made] = taker.make()

    assert [each.records for each in (*made.parts, *made.too_long)] == [2, 1]
    assert taker.follow() == shown(database)


def test_a_dump_that_broke_off_goes_on_and_comes_to_the_same_bytes(
    hub: Database, tmp_path: Path
) -> None:
    whole = Taker(hub, tmp_path / "whole")
    broken = Taker(hub, tmp_path / "broken")
    [expected] = whole.make()
    for _ in range(2):
        with pytest.raises(DumpStopped):
            broken.make(pace=stopping(), resume=True)
        assert is_half_made(broken.dumps.folder, broken.series)
        assert dumps_of(broken.dumps.folder, broken.series) == []
    [made] = broken.make(resume=True)

    assert made.files == expected.files
    assert sums(made, broken) == sums(expected, whole)


def stopping() -> Pace:
    """Return what stops the making after each part, as a worker does that has else to do."""
    resting = Event()
    resting.set()
    return Pace(resting=resting)


def sums(dump: Dump, taker: Taker) -> str:
    return (taker.place / dump.name / "SHA256SUMS").read_text()


def test_what_changes_between_two_halves_of_a_dump_is_in_the_delta_after_it(
    hub: Database, tmp_path: Path
) -> None:
    taker = Taker(hub, tmp_path)
    with pytest.raises(DumpStopped):
        taker.make(pace=stopping())
    changed(hub, "chín")
    [full] = taker.make(resume=True)
    [delta] = taker.make()

    assert (full.kind, delta.kind, delta.start) == (Kind.FULL, Kind.DELTA, full.until)
    assert taker.follow() == shown(hub)


def test_what_was_begun_is_begun_anew_unless_it_is_to_go_on(hub: Database, tmp_path: Path) -> None:
    taker = Taker(hub, tmp_path)
    with pytest.raises(DumpStopped):
        taker.make(pace=stopping())
    changed(hub, "chín")
    [full] = taker.make()

    assert full.records == len(shown(hub))
    assert taker.follow() == shown(hub)


def test_a_full_dump_has_a_delta_before_it_so_that_nobody_who_follows_begins_anew(
    hub: Database, tmp_path: Path
) -> None:
    taker = Taker(hub, tmp_path)
    taker.make()
    taker.follow()
    for word in ("chín", "mười", "nhất"):
        changed(hub, word)
        delta, full = taker.make(Kind.FULL)
        assert (delta.kind, full.kind) == (Kind.DELTA, Kind.FULL)
        assert taker.go_on() == shown(hub)

    found = dumps_of(taker.dumps.folder, taker.series)
    assert [each.kind for each in found].count(Kind.FULL) == taker.dumps.rules.keep
    assert [each.kind for each in found].count(Kind.DELTA) == 1
    assert newest_full(found) == found[-1]


def test_earlier_dumps_are_taken_away_at_once_where_that_is_wanted(
    hub: Database, tmp_path: Path
) -> None:
    taker = Taker(hub, tmp_path)
    taker.make()
    changed(hub, "chín")
    made = make(taker.dumps, Wanted(series=taker.series, kind=Kind.FULL, alone=True))

    assert dumps_of(taker.dumps.folder, taker.series) == [made[-1]]
    assert sorted(path.name for path in taker.place.iterdir()) == [made[-1].name, "latest.json"]


def test_nothing_is_made_where_nothing_can_have_changed(hub: Database, tmp_path: Path) -> None:
    taker = Taker(hub, tmp_path)
    taker.make()

    assert taker.make(Kind.DELTA) == []
    assert all_series(tmp_path) == [taker.series]


def test_a_full_dump_is_due_again_once_the_last_one_is_old(hub: Database, tmp_path: Path) -> None:
    taker = Taker(hub, tmp_path)
    taker.make()
    settle(hub)
    taker.dumps = replace(taker.dumps, rules=replace(taker.dumps.rules, full_days=0))

    assert [each.kind for each in taker.make()] == [Kind.DELTA, Kind.FULL]


def test_what_cannot_be_dumped_is_refused_and_said(hub: Database, tmp_path: Path) -> None:
    taker = Taker(hub, tmp_path)
    with pytest.raises(NoFullDump):
        taker.make(Kind.DELTA)
    for series, error in (
        (Series(view="nowhere"), NoSuchView),
        (Series(set_spec="library:NONE"), NoSuchSet),
    ):
        with pytest.raises(error):
            Taker(hub, tmp_path, series).make()
    for name in (
        "public",
        "public pdf",
        "public marcxml a b",
        "Public marcxml",
        "public marcxml ../x",
    ):
        with pytest.raises(BadSeries):
            Series.parse(name)


def test_a_catalogue_that_was_put_back_gets_no_delta_but_a_full_dump_anew(
    hub: Database, tmp_path: Path
) -> None:
    taker = Taker(hub, tmp_path)
    taker.make()
    [folder] = taker.place.glob("full-*")
    manifest = folder / "manifest.json"
    until = json.loads(manifest.read_text())["until"]
    manifest.write_text(manifest.read_text().replace(until, "2999-01-01T00:00:00Z"))
    folder.rename(folder.with_name("full-29990101T000000Z"))

    with pytest.raises(CatalogueOlder):
        taker.make(Kind.DELTA)
    [made] = taker.make(Kind.FULL)
    assert dumps_of(tmp_path, taker.series) == [made]
    assert taker.follow() == shown(hub)


def test_a_folder_that_cannot_be_written_is_said(hub: Database, tmp_path: Path) -> None:
    (tmp_path / "public").write_text("no folder")

    with pytest.raises(DumpNotWritten):
        Taker(hub, tmp_path).make()


def test_the_same_records_make_the_same_bytes_whenever(hub: Database, tmp_path: Path) -> None:
    taker = Taker(hub, tmp_path)
    [made] = taker.make()
    packed = (taker.place / made.name / made.parts[0].name).read_bytes()

    assert gzip.decompress(packed).startswith(b"<?xml")
    # Nor when it was made (RFC 1952 s2.3.1), nor a name: the flags are none.
    assert (packed[3], packed[4:8]) == (0, bytes(4))
