"""What people decide: kept, refused where it contradicts, taken back in any allowed order."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import records, verdicts
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import (
    CatalogueError,
    ContradictsVerdicts,
    DecidedSince,
    NoSuchDecision,
    NoSuchRecord,
    NotStanding,
    SameRecord,
)
from catalogue.verdicts import Said, Verdict, decide, history, undo
from support.pages import Book, add_source, books, deliver, place_all

SAID = Said(author="Lan", reason="đã xem")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT
NAMES = "abcd"


@pytest.fixture
def shelf(database: Database) -> Database:
    """Two copies of one book, and two other books."""
    fill(database)
    return database


def fill(database: Database) -> None:
    add_source(database)
    titles = {"a": "Số đỏ", "b": "Số đỏ", "c": "Giông tố", "d": "Vỡ đê"}
    deliver(database, "s1", *books((name, Book(title=title)) for name, title in titles.items()))
    place_all(database)


def say(database: Database, one: str, other: str, wanted: Verdict) -> int:
    number = decide(database, ("s1", one), ("s1", other), wanted, SAID)
    place_all(database)
    return number


def clusters(database: Database) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in NAMES:
        found.setdefault(records.get(database, "s1", name).cluster, set()).add(name)
    return {frozenset(each) for each in found.values()}


def groups(*names: str) -> set[frozenset[str]]:
    return {frozenset(each) for each in names}


def test_what_people_say_stands_and_is_taken_back(shelf: Database) -> None:
    start = digest(shelf)
    apart = say(shelf, "a", "b", DIFFERENT)
    assert clusters(shelf) == groups("a", "b", "c", "d")
    together = say(shelf, "c", "d", SAME)
    assert clusters(shelf) == groups("a", "b", "cd")

    for number in (apart, together):
        undo(shelf, number, SAID)
    place_all(shelf)

    assert clusters(shelf) == groups("ab", "c", "d")
    assert digest(shelf) == start


def test_it_survives_a_new_delivery(shelf: Database) -> None:
    say(shelf, "a", "b", DIFFERENT)
    deliver(shelf, "s1", *books([("a", Book(title="Số đỏ", pages="251 tr."))]))
    place_all(shelf)

    assert clusters(shelf) == groups("a", "b", "c", "d")


def test_what_was_said_already_changes_nothing(shelf: Database) -> None:
    say(shelf, "a", "c", SAME)

    assert decide(shelf, ("s1", "c"), ("s1", "a"), SAME, SAID) == 0
    assert waiting(shelf) == 0
    assert len(history(shelf)) == 1


def test_a_contradiction_is_refused_with_its_path(shelf: Database) -> None:
    say(shelf, "a", "c", SAME)
    say(shelf, "c", "d", SAME)
    with pytest.raises(ContradictsVerdicts, match="s1/a = s1/c = s1/d"):
        say(shelf, "a", "d", DIFFERENT)
    say(shelf, "a", "b", DIFFERENT)
    with pytest.raises(ContradictsVerdicts, match="s1/b ≠ s1/a"):
        say(shelf, "b", "d", SAME)

    assert len(history(shelf)) == 3


def test_the_other_word_on_a_pair_takes_the_place_of_the_first(shelf: Database) -> None:
    say(shelf, "a", "c", SAME)
    say(shelf, "a", "c", DIFFERENT)

    assert clusters(shelf) == groups("ab", "c", "d")
    [last, first] = history(shelf)
    assert (last.before, last.after, last.stands) == ("same", "different", True)
    assert (first.after, first.stands, first.author, first.reason) == (
        "same",
        False,
        "Lan",
        "đã xem",
    )


def test_only_the_last_word_on_a_pair_is_taken_back(shelf: Database) -> None:
    first, second = say(shelf, "a", "c", SAME), say(shelf, "a", "c", DIFFERENT)
    with pytest.raises(DecidedSince, match=str(second)):
        undo(shelf, first, SAID)
    back = undo(shelf, second, SAID)
    place_all(shelf)
    assert clusters(shelf) == groups("ac", "b", "d")
    for number in (second, back):
        with pytest.raises(NotStanding):
            undo(shelf, number, SAID)
    undo(shelf, first, SAID)
    place_all(shelf)

    assert clusters(shelf) == groups("ab", "c", "d")
    assert [(each.undoes, each.stands) for each in history(shelf)] == [
        (first, False),
        (second, False),
        (None, False),
        (None, False),
    ]


def test_an_undo_that_would_contradict_is_refused(shelf: Database) -> None:
    say(shelf, "a", "c", SAME)
    second = say(shelf, "a", "c", DIFFERENT)
    say(shelf, "a", "d", SAME)
    say(shelf, "c", "d", DIFFERENT)

    with pytest.raises(ContradictsVerdicts):
        undo(shelf, second, SAID)
    assert clusters(shelf) == groups("ad", "b", "c")


def test_what_cannot_be_decided(shelf: Database) -> None:
    with pytest.raises(SameRecord):
        decide(shelf, ("s1", "a"), ("s1", "a"), SAME, SAID)
    with pytest.raises(NoSuchRecord):
        decide(shelf, ("s1", "a"), ("s1", "none"), SAME, SAID)
    with pytest.raises(NoSuchDecision):
        undo(shelf, 77, SAID)


def test_the_history_of_a_record_and_of_a_cluster(shelf: Database) -> None:
    one = say(shelf, "a", "c", SAME)
    other = say(shelf, "b", "d", DIFFERENT)
    cluster = records.get(shelf, "s1", "a").cluster

    assert [each.id for each in history(shelf, ("s1", "c"))] == [one]
    assert [each.id for each in history(shelf, limit=1)] == [other]
    assert [each.id for each in history(shelf, before=other)] == [one]
    assert [each.id for each in verdicts.of_cluster(shelf, cluster)] == [one]
    assert verdicts.of_cluster(shelf, "none") == []


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from((SAME, DIFFERENT))
        ),
        st.integers(0, 9),
    ),
    max_size=10,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_said_and_taken_back_all_undone_ends_where_it_began(sqlite_engine, steps):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        start = digest(database)
        for step in steps:
            with suppress(CatalogueError):
                if isinstance(step, int):
                    undo(database, step, SAID)
                else:
                    decide(database, ("s1", step[0]), ("s1", step[1]), step[2], SAID)
        place_all(database)
        while standing := [each for each in history(database) if each.stands]:
            for event in standing:
                # One whose earlier word contradicts what stands of others has to wait for these.
                with suppress(ContradictsVerdicts):
                    undo(database, event.id, SAID)
        place_all(database)
        assert digest(database) == start
        database.close()
