"""One bad record never stops the hub."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, select

from catalogue import browse, records
from catalogue.cluster import render
from catalogue.cluster.place import place, try_again, waiting
from catalogue.sql import table
from catalogue.tables import DirtyRow, MatchKeyRow, PolicyRow, RecordRow
from support.pages import HUB, Book, add_source, books, deliver, place_all

BAD = "Không ghép được"
SHELF = [(str(number), Book(title=f"Sách số {number}", number=str(number))) for number in range(9)]


@pytest.fixture
def poisoned(database, monkeypatch):
    """A hub on which one title breaks the merging of masters."""
    add_source(database)
    master = render.master

    def breaking(members, *rest):
        if any(member.record.values("245", "a") == [BAD] for member in members):
            raise ZeroDivisionError
        return master(members, *rest)

    monkeypatch.setattr(render, "master", breaking)
    deliver(database, "s1", *books([*SHELF[:4], ("bad", Book(title=BAD)), *SHELF[4:]]))
    place_all(database)
    return database


def test_a_record_that_cannot_be_placed_is_set_aside_and_the_rest_is_published(poisoned):
    assert browse.totals(poisoned).clusters == len(SHELF)
    assert records.get(poisoned, "s1", "bad").cluster == ""


def test_the_record_says_why(poisoned):
    (problem,) = records.get(poisoned, "s1", "bad").problems

    assert (problem["code"], problem["severity"]) == ("not-placeable", "error")
    assert problem["detail"].startswith("ZeroDivisionError")


def test_it_is_placed_when_it_changes(poisoned):
    deliver(poisoned, "s1", *books([("bad", Book(title="Ghép được"))]))
    place_all(poisoned)

    assert records.get(poisoned, "s1", "bad").cluster
    assert records.get(poisoned, "s1", "bad").problems == ()


def test_it_is_tried_again_on_demand(poisoned, monkeypatch):
    monkeypatch.undo()

    try_again(poisoned)
    place_all(poisoned)

    assert records.get(poisoned, "s1", "bad").cluster
    assert records.get(poisoned, "s1", "bad").problems == ()


@pytest.mark.parametrize("letters", ["汉", "ก"])
def test_a_paragraph_without_spaces_is_indexed_on_both_engines(database, letters):
    add_source(database)

    deliver(database, "s1", *books([("a", Book(title=letters * 3000))]))
    place_all(database)

    assert records.get(database, "s1", "a").cluster


def test_features_of_another_version_are_made_anew(database):
    for source in ("s1", "s2"):
        add_source(database, source, source.upper())
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)
    old = table(RecordRow).update().values(features_version=0, features='{"nonsense": 1}')
    database.writing(lambda connection: connection.execute(old))

    deliver(database, "s2", *books([("b", Book())]))
    place_all(database)

    assert records.get(database, "s1", "a").cluster == records.get(database, "s2", "b").cluster


def test_keys_of_another_version_are_made_anew_with_the_policy(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)
    with database.reading() as connection:
        before = set(connection.execute(select(MatchKeyRow.key)).scalars())

    def older(connection: Connection) -> None:
        connection.execute(delete(table(MatchKeyRow)).where(MatchKeyRow.key.startswith("tay:")))
        connection.execute(table(MatchKeyRow).update().values(key=MatchKeyRow.key + "x"))
        connection.execute(table(RecordRow).update().values(features_version=0))
        connection.execute(table(PolicyRow).update().values(version="older"))

    database.writing(older)
    place(database, HUB)

    with database.reading() as connection:
        assert set(connection.execute(select(MatchKeyRow.key)).scalars()) == before


def test_waiting_is_counted_no_further_than_asked(database):
    add_source(database)
    deliver(database, "s1", *books(SHELF))

    assert waiting(database, 1) == 1
    assert waiting(database) == len(SHELF)
    database.writing(lambda connection: connection.execute(delete(table(DirtyRow))))
    assert place(database, HUB).records == 0
