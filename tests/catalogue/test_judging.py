"""Decisions about whole clusters, their history, and taking back what matching did to them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from catalogue import records, verdicts
from catalogue.cluster import around
from catalogue.database import Database, downgrade, upgrade
from catalogue.digest import digest, facts
from catalogue.errors import (
    ContradictsVerdicts,
    DecidedSince,
    NoSuchCluster,
    NoSuchEvent,
    NothingToRevert,
    NotStanding,
    TooManyTogether,
)
from catalogue.judging import decide, revert
from catalogue.moves import Move, of_cluster
from catalogue.tables import ClusterRow
from catalogue.verdicts import Said, Verdict, history, undo
from support.engines import SQLITE_USUALLY
from support.pages import Book, Delivery, add_source, books, deliver, live_facts, place_all

SAID = Said(author="Lan", reason="hai lần in")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT
RED, STORM, DIKE = (Book(title=title) for title in ("Số đỏ", "Giông tố", "Vỡ đê"))


@pytest.fixture
def shelf(database: Database) -> Database:
    """Two copies of one book, that came one after the other, and another book."""
    add_source(database)
    for name, book in {"a": RED, "b": RED, "c": STORM}.items():
        bring(database, name, book)
    return database


def bring(database: Database, name: str, book: Book | None) -> None:
    deliver(database, "s1", Delivery(identifier=name, book=book))
    place_all(database)


def cluster_of(database: Database, name: str) -> str:
    return records.get(database, "s1", name).cluster


def partition(database: Database) -> set[frozenset[str]]:
    with database.reading() as connection:
        found = [fact[1:] for fact in facts(connection) if fact[0] == "cluster"]
    return {frozenset(name for _, name in members) for members in found}


def groups(*names: str) -> set[frozenset[str]]:
    return {frozenset(each) for each in names}


def latest(database: Database, name: str, kind: str) -> Move:
    """Return the last thing of a kind that happened to a record's cluster."""
    return next(m for m in of_cluster(database, cluster_of(database, name)) if m.kind == kind)


def take_back(database: Database, move: Move) -> int:
    number = revert(database, move.number, SAID)
    place_all(database)
    return number


def test_a_cluster_has_a_history(shelf: Database) -> None:
    joined, made = of_cluster(shelf, cluster_of(shelf, "a"))

    assert (made.kind, made.records, made.can_revert) == ("made", (), False)
    assert (joined.kind, joined.records, joined.size) == ("joined", ("s1/b",), 1)
    assert (joined.author, joined.decision, joined.can_revert) == ("", None, True)
    assert of_cluster(shelf, joined.cluster, before=joined.number) == [made]
    with pytest.raises(NoSuchCluster):
        of_cluster(shelf, "none")


def test_a_record_that_joined_is_parted_and_that_is_taken_back(shelf: Database) -> None:
    start = digest(shelf)
    number = take_back(shelf, latest(shelf, "a", "joined"))
    apart = partition(shelf)
    undo(shelf, number, SAID)
    place_all(shelf)

    assert apart == groups("a", "b", "c")
    assert digest(shelf) == start


def test_a_merge_is_taken_back_and_the_masters_are_what_they_were(shelf: Database) -> None:
    deliver(shelf, "s1", *books([("d", DIKE), ("e", DIKE)]))
    place_all(shelf)
    before = live_facts(shelf)
    decided = decide(shelf, ("s1", "a"), ("s1", "d"), SAME, SAID)
    place_all(shelf)
    merged = latest(shelf, "a", "merged")
    with pytest.raises(ContradictsVerdicts, match=r"s1/. = s1/."):
        revert(shelf, merged.number, SAID)
    assert (merged.decision, merged.author, merged.size) == (decided, "Lan", 2)

    undo(shelf, decided, SAID)
    place_all(shelf)

    assert live_facts(shelf) == before
    with pytest.raises(NothingToRevert):
        revert(shelf, merged.number, SAID)


def test_who_says_that_two_are_one_joins_all_that_are_one_with_them(shelf: Database) -> None:
    deliver(shelf, "s1", *books([("d", DIKE), ("e", DIKE)]))
    place_all(shelf)
    start = digest(shelf)
    number = decide(shelf, ("s1", "b"), ("s1", "e"), SAME, SAID)
    again = decide(shelf, ("s1", "e"), ("s1", "b"), SAME, SAID)
    place_all(shelf)

    assert again == 0
    assert partition(shelf) == groups("abde", "c")
    undo(shelf, number, SAID)
    place_all(shelf)
    assert digest(shelf) == start


def test_what_somebody_said_is_another_does_not_come_along(shelf: Database) -> None:
    decide(shelf, ("s1", "b"), ("s1", "c"), DIFFERENT, SAID)
    decide(shelf, ("s1", "a"), ("s1", "c"), SAME, SAID)
    place_all(shelf)

    assert partition(shelf) == groups("ac", "b")


def test_what_matching_merged_is_parted_into_what_it_was(shelf: Database) -> None:
    bring(shelf, "d", STORM)
    assert partition(shelf) == groups("ab", "cd")
    # Both copies of the second book turn out to be the first.
    deliver(shelf, "s1", *books([("c", RED), ("d", RED)]))
    place_all(shelf)
    assert partition(shelf) == groups("abcd")
    together = digest(shelf)

    number = take_back(shelf, latest(shelf, "a", "merged"))

    assert partition(shelf) == groups("ab", "cd")
    [told] = history(shelf)
    assert (told.after, told.author, told.reason) == ("different", "Lan", "hai lần in")
    assert told.more == len(history(shelf, ("s1", "c"))) + len(history(shelf, ("s1", "d"))) - 1
    undo(shelf, number, SAID)
    place_all(shelf)
    assert digest(shelf) == together


def test_a_split_is_taken_back(shelf: Database) -> None:
    bring(shelf, "b", Book(title="Số đỏ", year="1999"))
    assert partition(shelf) == groups("a", "b", "c")
    apart = digest(shelf)

    number = take_back(shelf, latest(shelf, "b", "split"))

    assert partition(shelf) == groups("ab", "c")
    with pytest.raises(NothingToRevert):
        revert(shelf, latest(shelf, "b", "split").number, SAID)
    undo(shelf, number, SAID)
    place_all(shelf)
    assert digest(shelf) == apart


def test_a_record_that_moved_to_another_cluster_is_brought_back(shelf: Database) -> None:
    deliver(shelf, "s1", *books([("d", STORM), ("e", RED)]))
    place_all(shelf)
    assert partition(shelf) == groups("abe", "cd")
    bring(shelf, "b", STORM)
    assert partition(shelf) == groups("ae", "bcd")
    moved = digest(shelf)

    number = take_back(shelf, latest(shelf, "b", "moved"))

    assert partition(shelf) == groups("abe", "cd")
    back, again = (m for m in of_cluster(shelf, cluster_of(shelf, "c")) if m.kind == "moved")
    assert (back.decision, back.can_revert, again.can_revert) == (number, True, False)
    with pytest.raises(NothingToRevert):
        revert(shelf, again.number, SAID)
    undo(shelf, number, SAID)
    place_all(shelf)
    assert digest(shelf) == moved


def test_what_is_taken_back_twice_says_so_and_keeps_nothing(shelf: Database) -> None:
    move = latest(shelf, "a", "joined")
    number = revert(shelf, move.number, SAID)
    with pytest.raises(NothingToRevert):
        revert(shelf, move.number, SAID)
    place_all(shelf)
    with pytest.raises(NothingToRevert):
        revert(shelf, move.number, SAID)
    with pytest.raises(NoSuchEvent):
        revert(shelf, 9999, SAID)

    assert not latest(shelf, "a", "joined").can_revert
    undo(shelf, number, SAID)
    with pytest.raises(NotStanding):
        undo(shelf, number, SAID)


def test_what_was_decided_at_once_is_taken_back_at_once_or_not_at_all(shelf: Database) -> None:
    bring(shelf, "d", STORM)
    deliver(shelf, "s1", *books([("c", RED), ("d", RED)]))
    place_all(shelf)
    number = take_back(shelf, latest(shelf, "a", "merged"))
    steps = history(shelf, ("s1", "c")) + history(shelf, ("s1", "d"))
    # Somebody says the last word about one of them.
    one = next(each for each in steps if each.id != number) if len(steps) > 1 else steps[0]
    names = [tuple(name.split("/")) for name in (one.a, one.b)]
    later = decide(shelf, *names, SAME, SAID)
    with pytest.raises(DecidedSince, match=str(later)):
        undo(shelf, number, SAID)
    undo(shelf, later, SAID)
    undo(shelf, number, SAID)
    place_all(shelf)

    assert partition(shelf) == groups("abcd")


def test_what_happened_is_kept_through_an_upgrade_and_cannot_be_taken_back(database_url) -> None:
    database = Database.open(database_url)
    add_source(database)
    for name, book in {"a": RED, "b": STORM}.items():
        bring(database, name, book)
    gone = cluster_of(database, "b")
    bring(database, "b", RED)
    before = [(m.kind, m.cluster, m.other) for m in of_cluster(database, gone)]
    database.close()

    downgrade(database_url, "0023")
    upgrade(database_url)

    database = Database.open(database_url)
    found = of_cluster(database, gone)
    assert [(m.kind, m.cluster, m.other) for m in found] == before
    assert [m.kind for m in found] == ["merged", "made"]
    assert not any(m.can_revert for m in found)
    with pytest.raises(NothingToRevert):
        revert(database, found[0].number, SAID)
    database.close()


OF_OTHERS = (
    (
        "INSERT INTO cluster (id, public_id, state)"
        " SELECT 1000 + number, 'other' || number, 'live' FROM generate_series(1, 1000) AS number"
    ),
    (
        "INSERT INTO event (stamp, cluster_id, other_id, kind)"
        " SELECT 1, 1000 + number, 1000 + number, 'merged' FROM generate_series(1, 1000) AS number"
    ),
    "ANALYZE event",
)
"""Has PostgreSQL know of events of many other clusters."""


def test_the_history_of_a_cluster_is_found_by_an_index(shelf: Database) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(shelf.primary, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    of_cluster(shelf, cluster_of(shelf, "a"))
    questions = [each for each in asked if "FROM event \n" in each[0]]
    word = "EXPLAIN " if shelf.postgresql else "EXPLAIN QUERY PLAN "

    if shelf.postgresql:
        # What it knows of the table is else that of a test before, or that all is on one page.
        shelf.writing(lambda connection: [*map(connection.exec_driver_sql, OF_OTHERS)])
    with shelf.reading_primary() as connection:
        if shelf.postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
        for (text, values), index in zip(questions, ("cluster", "other"), strict=True):
            plan = " ".join(str(row) for row in connection.exec_driver_sql(word + text, values))
            assert f"ix_event_{index}_id_seq" in plan
            assert "TEMP B-TREE" not in plan


def test_the_history_asks_as_often_for_many_records_as_for_few(shelf: Database) -> None:
    told: list[str] = []
    event.listen(shelf.primary, "before_cursor_execute", lambda *each: told.append(each[2]))
    counts = []
    for more in (0, 40):
        deliver(shelf, "s1", *books((f"x{number}", RED) for number in range(more)))
        place_all(shelf)
        told.clear()
        of_cluster(shelf, cluster_of(shelf, "a"))
        counts.append(len(told))

    assert counts[0] == counts[1]


def test_where_too_many_hang_together_only_pairs_are_decided(shelf: Database, monkeypatch) -> None:
    monkeypatch.setattr(around, "MOST", 1)
    with pytest.raises(TooManyTogether):
        revert(shelf, latest(shelf, "a", "joined").number, SAID)
    number = decide(shelf, ("s1", "a"), ("s1", "c"), SAME, SAID)
    place_all(shelf)

    assert [each.id for each in history(shelf)] == [number]
    assert partition(shelf) == groups("ac", "b")


class Racing(Database):
    """A database in which something else is placed whenever this one is about to write."""

    def race(self, name: str) -> None:
        self.racing, self.name, self.times = False, name, 0

    def writing(self, work):
        if not self.racing:
            self.racing = True
            self.times += 1
            year = str(1950 + self.times)
            bring(self, self.name, Book(title="Số đỏ" if self.name == "b" else "Bỉ vỏ", year=year))
            self.racing = False
        return super().writing(work)


@pytest.fixture
def racing(database_url: str):
    database = Racing.open(database_url)
    database.racing = True
    add_source(database)
    for name, book in {"a": RED, "b": RED}.items():
        bring(database, name, book)
    yield database
    database.close()


def test_what_is_placed_elsewhere_meanwhile_stops_no_decision(racing: Racing) -> None:
    move = latest(racing, "a", "joined")
    racing.race("z")
    revert(racing, move.number, SAID)
    racing.racing = True
    place_all(racing)

    assert racing.times == 1
    assert partition(racing) == groups("a", "b", "z")


def test_what_changes_meanwhile_is_looked_at_again(racing: Racing) -> None:
    move = latest(racing, "a", "joined")
    racing.race("b")
    with pytest.raises(NothingToRevert):
        revert(racing, move.number, SAID)

    assert (racing.times, history(racing)) == (1, [])


NAMES = "abcde"
BOOKS = st.sampled_from([RED, STORM, Book(title="Số đỏ", year="1999"), None])
CHOICE = st.integers(0, 99)


def happened(database: Database) -> dict[int, Move]:
    """Return all events that moved any record, by number."""
    with database.reading() as connection:
        clusters = list(connection.execute(select(ClusterRow.public_id)).scalars())
    found = {move.number: move for name in clusters for move in of_cluster(database, name)}
    return {number: found[number] for number in sorted(found) if found[number].size}


# A matter of rules, not of the engine: what the engines differ in is tried beside it.
@SQLITE_USUALLY
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    deliveries=st.lists(st.tuples(st.sampled_from(NAMES), BOOKS), min_size=3, max_size=10),
    taken=st.lists(CHOICE, max_size=4),
    back=st.lists(CHOICE, min_size=9, max_size=9),
)
def test_taken_back_in_any_order_all_is_what_it_was(engine, deliveries, taken, back) -> None:
    with engine.fresh() as url:
        database = Database.open(url)
        add_source(database)
        for name, book in deliveries:
            bring(database, name, book)
        start, there = digest(database), list(happened(database))
        made: list[int] = []
        for choice in taken:
            if there:
                made += reverted(database, there[choice % len(there)])
        for choice in back:
            if made:
                with suppress(DecidedSince):
                    undo(database, made[choice % len(made)], SAID)
                    made.pop(choice % len(made))
                    place_all(database)
        for number in reversed(made):
            undo(database, number, SAID)
        place_all(database)

        assert digest(database) == start
        database.close()


def reverted(database: Database, number: int) -> list[int]:
    """Take an event back; look at it that nothing but what it is about became another."""
    before, move = partition(database), happened(database)[number]
    those = frozenset(name.partition("/")[2] for name in move.records)
    if not move.can_revert:
        with pytest.raises(NothingToRevert):
            revert(database, number, SAID)
        return []
    try:
        decision = revert(database, number, SAID)
    except ContradictsVerdicts:
        place_all(database)
        assert partition(database) == before
        return []
    place_all(database)
    after = partition(database)
    theirs = {group for group in before if group & those}
    if move.kind in ("merged", "joined"):
        parts = {group & those for group in theirs} | {group - those for group in theirs}
        assert after == (before - theirs) | (parts - {frozenset()})
    if move.kind == "split":
        assert theirs & after == set()
        assert len(after) < len(before)
    if move.kind == "moved":
        assert theirs - after
    return [decision]


def test_a_decision_taken_back_twice_in_one_moment_is_taken_back_once(shelf: Database) -> None:
    number = take_back(shelf, latest(shelf, "a", "joined"))
    undo(shelf, number, SAID)
    with pytest.raises(NotStanding):
        undo(shelf, number, SAID)

    assert len(verdicts.history(shelf)) == 2
