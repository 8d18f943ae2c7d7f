"""Dumps under random changes, killed in the middle, and as others see them meanwhile."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.database import Database
from provider.dumps.making import Pace
from provider.dumps.model import Form, Kind, Series
from provider.dumps.serving import respond
from provider.dumps.shelf import dumps_of
from support.dumped import Taker, shown
from support.engines import SQLITE_USUALLY, Engine
from support.filled import add_library, book, deliver, settle
from support.processes import function, running

KEYS = st.sampled_from("abcdefgh")
CHANGES = st.dictionaries(KEYS, st.none() | st.sampled_from(("Một", "Hai", "Ba")), max_size=6)
STEPS = st.lists(st.tuples(CHANGES, st.sampled_from((None, Kind.FULL))), min_size=1, max_size=4)


def followed(engine: Engine, steps: list[tuple[dict[str, str | None], Kind | None]]) -> None:
    """Dump after each step of changes; whoever follows has what the hub shows."""
    with engine.fresh() as url, closing(Database.open(url)) as database:
        add_library(database, "NLV", "NLV")
        with TemporaryDirectory() as folder:
            taker = Taker(database, Path(folder), Series(form=Form.JSONL))
            for number, (changes, kind) in enumerate(steps):
                told = {
                    key: book(f"{title} {key}") if title else None for key, title in changes.items()
                }
                deliver(database, "NLV", told)
                settle(database)
                taker.make(kind)
                has = taker.follow() if number == 0 else taker.go_on()
                assert has == shown(database)
            assert taker.follow() == shown(database)


@settings(max_examples=4)
@given(steps=STEPS)
def test_whatever_changes_whoever_follows_has_the_catalogue(
    sqlite_engine: Engine, steps: list[tuple[dict[str, str | None], Kind | None]]
) -> None:
    followed(sqlite_engine, steps)


@pytest.mark.soak
@settings(max_examples=150)
@given(steps=STEPS)
def test_whatever_changes_long_and_on_postgresql(
    postgresql_engine: Engine, steps: list[tuple[dict[str, str | None], Kind | None]]
) -> None:
    followed(postgresql_engine, steps)


def filled(database: Database) -> None:
    add_library(database, "NLV", "NLV")
    deliver(database, "NLV", {f"n{number}": book(f"Sách {number}") for number in range(10)})
    settle(database)


def make_and_die(url: str, folder: str, records: int) -> None:
    """Make a dump, and be killed once it has so many records."""

    def die(count: int) -> None:
        if count >= records:
            os.kill(os.getpid(), signal.SIGKILL)

    with closing(Database.open(url)) as database:
        Taker(database, Path(folder)).make(pace=Pace(told=die), resume=True)


@SQLITE_USUALLY
def test_who_was_killed_in_the_middle_goes_on_to_the_same_checksums(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    filled(database)
    [whole] = Taker(database, tmp_path / "whole").make()
    folder = tmp_path / "killed"
    for records in (4, 8):
        with running(function(make_and_die, database_url, str(folder), records)) as [process]:
            assert process.finish().code == -signal.SIGKILL
        assert dumps_of(folder, Series()) == []
    taker = Taker(database, folder)
    [made] = taker.make(resume=True)

    assert made.files == whole.files
    assert taker.follow() == shown(database)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_sees_half_a_dump(database: Database, tmp_path: Path) -> None:
    filled(database)
    taker = Taker(database, tmp_path)
    seen = []

    def look(_count: int) -> None:
        answers = [
            respond(tmp_path, "public", path, lambda _series: True)
            for path in ("union/marcxml/latest.json", "union/marcxml/.begun/part-00001.xml.gz")
        ]
        seen.append((dumps_of(tmp_path, taker.series), *answers))

    taker.make(pace=Pace(told=look))

    assert len(seen) == 4
    assert all(each == ([], None, None) for each in seen)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_dump_that_nothing_points_to_is_pointed_to_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    filled(database)
    taker = Taker(database, tmp_path)
    taker.make()
    (taker.place / "latest.json").unlink()
    (taker.place / "full-20200101T000000Z").mkdir()
    (taker.place / ".gone-full-20190101T000000Z").mkdir()
    settle(database)
    taker.make()

    assert taker.follow() == shown(database)
    assert not list(taker.place.glob(".gone-*"))
