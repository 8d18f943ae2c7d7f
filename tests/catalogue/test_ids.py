"""Public ids through merges, splits and what is taken back: who keeps one, and who gets it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select

from catalogue import browse, libraries, records
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import CatalogueError
from catalogue.holdings.model import Row
from catalogue.judging import decide, revert
from catalogue.membership.tables import LeftClusterRow
from catalogue.model import ItemQuery, Sharing
from catalogue.moves import of_cluster
from catalogue.published import snapshot
from catalogue.tables import ClusterRow, ItemRow, MemberRow, ViewRow
from catalogue.verdicts import Said, Verdict, undo
from support.engines import SQLITE_USUALLY
from support.listed import add_library, give, settle, stored
from support.pages import Book, Delivery, add_source, books, deliver, place_all
from support.searching import search

SAID = Said(author="Lan", reason="hai lần in")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT
TITLES = dict(
    zip("abcdef", ("Số đỏ", "Giông tố", "Vỡ đê", "Bỉ vỏ", "Tắt đèn", "Làm đĩ"), strict=True)
)


@pytest.fixture
def shelf(database: Database) -> Database:
    """Six different books, each delivered and placed by itself."""
    fill(database)
    return database


def fill(database: Database) -> None:
    add_source(database)
    for name, title in TITLES.items():
        bring(database, **{name: Book(title=title)})


def bring(database: Database, **brought: Book | None) -> None:
    deliver(
        database, "s1", *(Delivery(identifier=name, book=book) for name, book in brought.items())
    )
    place_all(database)


def join(database: Database, one: str, other: str) -> int:
    number = decide(database, ("s1", one), ("s1", other), SAME, SAID)
    place_all(database)
    return number


def say_apart(database: Database, one: str, other: str) -> None:
    decide(database, ("s1", one), ("s1", other), DIFFERENT, SAID)
    place_all(database)


def take_back(database: Database, *numbers: int) -> None:
    for number in numbers:
        undo(database, number, SAID)
    place_all(database)


def ids(database: Database, names: str) -> list[str]:
    """Return the id of each record's cluster."""
    return [records.get(database, "s1", name).cluster for name in names]


def live_ids(database: Database) -> set[str]:
    live = select(ClusterRow.public_id).where(ClusterRow.state == "live")
    with database.reading() as connection:
        return set(connection.execute(live).scalars())


def leads(database: Database, *public_ids: str) -> list[str]:
    """Return what each id leads to; nothing where it is live, or ended."""
    return [browse.cluster(database, each).successor for each in public_ids]


def cancelled(database: Database, public_id: str) -> list[str]:
    """Return the ids that a cluster's master carries as merged into it."""
    master = browse.cluster(database, public_id).master
    assert master is not None
    return [value.removeprefix("(LIENTHONG)") for value in master.values("035", "z")]


def test_a_merge_that_is_taken_back_gives_both_ids_back(shelf: Database) -> None:
    before, content = ids(shelf, "abc"), digest(shelf)
    number = join(shelf, "a", "b")
    a, b, _ = before
    assert (ids(shelf, "ab"), leads(shelf, b), cancelled(shelf, a)) == ([a, a], [a], [b])

    take_back(shelf, number)

    assert (ids(shelf, "abc"), leads(shelf, a, b)) == (before, ["", ""])
    assert cancelled(shelf, a) == cancelled(shelf, b) == []
    assert digest(shelf) == content


def test_what_was_merged_again_is_the_tombstone_again(shelf: Database) -> None:
    a, b = ids(shelf, "ab")
    first = join(shelf, "a", "b")
    told = [live_ids(shelf)]
    for _ in range(2):
        take_back(shelf, first)
        told.append(live_ids(shelf))
        first = join(shelf, "a", "b")
        told.append(live_ids(shelf))

    assert told[0] == told[2] == told[4] != told[1] == told[3]
    assert (ids(shelf, "ab"), leads(shelf, b), cancelled(shelf, a)) == ([a, a], [a], [b])


def test_what_came_back_is_found_by_searching_again(shelf: Database) -> None:
    _, b = ids(shelf, "ab")
    number = join(shelf, "a", "b")
    merged = [hit.public_id for hit in search(shelf, "giong to").hits]
    take_back(shelf, number)

    assert b not in merged
    assert [hit.public_id for hit in search(shelf, "giong to").hits] == [b]


def test_a_merge_by_matching_that_is_reverted_gives_the_id_back(shelf: Database) -> None:
    a, b = ids(shelf, "ab")
    bring(shelf, b=Book(title=TITLES["a"]))
    assert ids(shelf, "ab") == [a, a]
    merged = next(each for each in of_cluster(shelf, b) if each.kind == "merged")

    number = revert(shelf, merged.number, SAID)
    place_all(shelf)
    assert ids(shelf, "ab") == [a, b]
    undo(shelf, number, SAID)
    place_all(shelf)

    assert (ids(shelf, "ab"), leads(shelf, b)) == ([a, a], [a])


def test_a_record_that_turns_out_another_takes_its_old_id_again(shelf: Database) -> None:
    a, b = ids(shelf, "ab")
    bring(shelf, b=Book(title=TITLES["a"]))
    bring(shelf, b=Book(title="Kỹ nghệ lấy Tây"))

    assert (ids(shelf, "ab"), cancelled(shelf, a)) == ([a, b], [])


def test_the_younger_record_keeps_the_id_that_was_its_own(shelf: Database) -> None:
    # The oldest record comes back after its cluster ended, and so with the youngest id: as in an
    # earlier version, which did not keep where it had been.
    bring(shelf, a=None)
    shelf.writing(lambda connection: connection.execute(delete(LeftClusterRow)))
    bring(shelf, a=Book())
    a, b = ids(shelf, "ab")
    number = join(shelf, "a", "b")
    assert ids(shelf, "ab") == [b, b]

    take_back(shelf, number)

    assert ids(shelf, "ab") == [a, b]


def test_of_a_chain_every_link_comes_back_when_its_merge_is_taken_back(shelf: Database) -> None:
    bring(shelf, x=Book())
    a, b, c = ids(shelf, "abc")
    inner = join(shelf, "b", "c")
    outer = join(shelf, "a", "b")
    both = ids(shelf, "abc"), leads(shelf, b, c), cancelled(shelf, a)
    take_back(shelf, outer)
    one = ids(shelf, "abc"), leads(shelf, b, c), cancelled(shelf, a), cancelled(shelf, b)
    take_back(shelf, inner)

    assert both == ([a] * 3, [a, a], [b, c])
    assert one == ([a, b, b], ["", b], [], [c])
    assert (ids(shelf, "abc"), leads(shelf, b, c)) == ([a, b, c], ["", ""])


def test_of_a_chain_the_inner_link_may_come_back_first(shelf: Database) -> None:
    bring(shelf, x=Book())
    a, b, c = ids(shelf, "abc")
    inner = join(shelf, "b", "c")
    outer = join(shelf, "a", "b")
    take_back(shelf, inner)
    one = ids(shelf, "abc"), leads(shelf, b, c), cancelled(shelf, a), cancelled(shelf, c)
    take_back(shelf, outer)

    assert one == ([a, a, c], [a, ""], [b], [])
    assert ids(shelf, "abc") == [a, b, c]


def test_two_merges_taken_back_at_once_give_three_ids_back(shelf: Database) -> None:
    before = ids(shelf, "abc")
    numbers = [join(shelf, "b", "c"), join(shelf, "a", "b")]
    take_back(shelf, *numbers)

    assert (ids(shelf, "abc"), leads(shelf, *before)) == (before, ["", "", ""])


def test_of_two_that_went_into_a_cluster_and_leave_it_together_one_is_live(shelf: Database) -> None:
    bring(shelf, x=Book())
    a, b, c = ids(shelf, "abc")
    numbers = [join(shelf, "a", "b"), join(shelf, "a", "c")]
    together = join(shelf, "b", "c")
    take_back(shelf, *numbers)
    assert (ids(shelf, "abc"), leads(shelf, a, b)) == ([a, c, c], ["", c])
    assert (cancelled(shelf, a), cancelled(shelf, c)) == ([], [b])

    take_back(shelf, together)

    assert (ids(shelf, "abc"), leads(shelf, a, b, c)) == ([a, b, c], ["", "", ""])


def test_of_two_that_were_merged_at_once_the_older_is_live(shelf: Database) -> None:
    bring(shelf, x=Book())
    a, b, c = ids(shelf, "abc")
    bring(shelf, b=Book(), c=Book())
    assert ids(shelf, "abc") == [a, a, a]

    bring(shelf, b=Book(title="Dứt tình"), c=Book(title="Dứt tình"))

    assert (ids(shelf, "abc"), leads(shelf, b, c)) == ([a, b, b], ["", b])


def test_what_counts_is_what_the_last_merge_brought(shelf: Database) -> None:
    bring(shelf, x=Book())
    a, b = ids(shelf, "ab")
    take_back(shelf, join(shelf, "a", "b"))
    bring(shelf, y=Book(title=TITLES["b"]))
    join(shelf, "a", "b")
    assert ids(shelf, "aby") == [a, a, a]

    bring(shelf, b=None)

    assert ids(shelf, "ay") == [a, b]


def test_a_cluster_that_did_not_change_itself_is_told_what_leads_to_it(shelf: Database) -> None:
    bring(shelf, x=Book(), y=Book(title=TITLES["b"]))
    a, b, c = ids(shelf, "abc")
    bring(shelf, b=Book(), y=Book())
    bring(shelf, b=Book(title=TITLES["c"]))
    say_apart(shelf, "c", "y")
    assert (ids(shelf, "bcy"), leads(shelf, b), cancelled(shelf, a)) == ([c, c, a], [a], [b])

    bring(shelf, y=Book(title="Lấy nhau vì tình"))

    assert (ids(shelf, "bc"), leads(shelf, b)) == ([c, c], [c])
    assert (cancelled(shelf, a), cancelled(shelf, c)) == ([], [b])


def test_what_parts_evenly_goes_on_leading_where_it_did(shelf: Database) -> None:
    bring(shelf, x=Book(), y=Book(title=TITLES["b"]))
    a, b = ids(shelf, "ab")
    number = join(shelf, "a", "b")
    # Of the two records that were brought one turns out the first book, and one another.
    bring(shelf, b=Book(), y=Book(title="Lấy nhau vì tình"))
    take_back(shelf, number)

    assert ids(shelf, "ab") == [a, a]
    assert ids(shelf, "y") == [max(live_ids(shelf))]
    assert (leads(shelf, b), cancelled(shelf, a)) == ([a], [b])


def test_of_equal_parts_that_of_the_oldest_record_keeps_the_id(shelf: Database) -> None:
    bring(shelf, x=Book(title="Trúng số độc đắc"))
    bring(shelf, y=Book(title="Trúng số độc đắc"))
    [before] = {*ids(shelf, "xy")}
    say_apart(shelf, "x", "y")

    assert ids(shelf, "x") == [before]
    assert ids(shelf, "y") == [max(ids(shelf, "xy"))]


def test_what_goes_to_another_cluster_takes_its_tombstones_along(shelf: Database) -> None:
    a, b, c = ids(shelf, "abc")
    bring(shelf, b=Book(title=TITLES["a"]))
    bring(shelf, b=Book(title=TITLES["c"]))

    assert ids(shelf, "abc") == [a, c, c]
    assert (leads(shelf, b), cancelled(shelf, a), cancelled(shelf, c)) == ([c], [], [b])


def test_what_is_deleted_since_counts_nowhere(shelf: Database) -> None:
    bring(shelf, x=Book(), y=Book(title=TITLES["b"]))
    a, b = ids(shelf, "ab")
    join(shelf, "a", "b")
    # Only by this one the other copy hung together with the first book.
    bring(shelf, b=None)

    assert (ids(shelf, "axy"), leads(shelf, b)) == ([a, a, b], [""])


def test_an_id_whose_successor_ended_leads_nowhere_and_never_comes_back(shelf: Database) -> None:
    a, b = ids(shelf, "ab")
    bring(shelf, b=Book(title=TITLES["a"]))
    bring(shelf, a=None, b=None)
    assert leads(shelf, a, b) == ["", ""]

    bring(shelf, b=Book())

    # What it brings back is the one that ended with it.
    assert ids(shelf, "b") == [a]
    assert leads(shelf, b) == [""]


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Give later and later moments, and have it be the last one given."""
    now = [2**31]
    monkeypatch.setattr("catalogue.clock.wall_clock", lambda: now[0])

    def later() -> Iterator[int]:
        for hour in count(1):
            now[0] = 2**31 + hour * 3600
            yield now[0]

    return later()


def shown(database: Database, view: str) -> dict[str, tuple[bool, int]]:
    """Return all that a view shows or has shown: public id -> whether it is live, and its stamp."""
    query = (
        select(ClusterRow.public_id, ItemRow.deleted, ItemRow.stamp)
        .join(ItemRow, ItemRow.cluster_id == ClusterRow.id)
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .where(ViewRow.name == view)
    )
    with database.reading() as connection:
        return {name: (not gone, stamp) for name, gone, stamp in connection.execute(query)}


def changes(database: Database, since: int) -> dict[str, bool]:
    """Return what a harvester is told that asks for all changes since a moment: id -> live."""
    with snapshot(database) as view:
        query = ItemQuery(prefix="marc21", start=since, end=view.horizon, limit=100)
        return {item.public_id: not item.deleted for item in view.page(query)}


def test_both_sides_are_told_to_who_harvests_only_changes(
    shelf: Database, hours: Iterator[int]
) -> None:
    a, b = ids(shelf, "ab")
    merging = next(hours)
    number = join(shelf, "a", "b")
    parting = next(hours)
    merged = changes(shelf, merging)
    take_back(shelf, number)
    next(hours)

    assert merged == {a: True, b: False}
    assert changes(shelf, parting) == {a: True, b: True}


def test_in_every_view_both_sides_are_stamped_and_none_learns_of_what_it_never_showed(
    database: Database, hours: Iterator[int]
) -> None:
    wider = {"name": "members", "policy_id": 1, "audience": "members"}
    database.writing(lambda connection: connection.execute(insert(ViewRow), wider))
    fill(database)
    add_source(database, "s2", "L2")
    libraries.change(database, "L2", sharing=Sharing.MEMBERS)
    deliver(database, "s2", *books([("m", Book(title="Dứt tình"))]))
    place_all(database)
    a, b = ids(database, "ab")
    m = records.get(database, "s2", "m").cluster
    merging = next(hours)
    numbers = [join(database, "a", "b"), decide(database, ("s1", "a"), ("s2", "m"), SAME, SAID)]
    place_all(database)
    merged = {view: shown(database, view) for view in ("public", "members")}
    told = cancelled(database, a)
    parting = next(hours)
    take_back(database, *numbers)

    assert merged["public"].keys() & {a, b, m} == {a, b}
    assert [merged["members"][each] for each in (a, b, m)] == [
        (True, merging),
        (False, merging),
        (False, merging),
    ]
    assert told == [b]
    for view, those in {"public": (a, b), "members": (a, b, m)}.items():
        assert [shown(database, view)[each] for each in those] == [(True, parting)] * len(those)


def test_a_row_of_a_list_that_names_an_id_follows_it(shelf: Database) -> None:
    a, b, c = ids(shelf, "abc")
    add_library(shelf)
    bring(shelf, b=Book())
    give(shelf, Row(identifier=f"(LIENTHONG){b}"))
    seen = []
    for title in ("Số đỏ", TITLES["c"], "Dứt tình"):
        bring(shelf, b=Book(title=title))
        settle(shelf)
        seen += [row.cluster for row in stored(shelf)]

    assert seen == [a, c, b]


@contextmanager
def asking(database: Database) -> Iterator[list[tuple[str, object]]]:
    """Give what the database is asked of events meanwhile: each text with its values."""
    asked: list[tuple[str, object]] = []

    def hear(*told: Any) -> None:
        if told[2].startswith("SELECT event"):
            asked.append(told[2:4])

    for engine in {database.primary, database.write}:
        event.listen(engine, "before_cursor_execute", hear)
    yield asked
    for engine in {database.primary, database.write}:
        event.remove(engine, "before_cursor_execute", hear)


def test_what_was_merged_is_asked_only_where_a_cluster_parts_and_as_often_for_many(
    shelf: Database,
) -> None:
    numbers = [join(shelf, "a", name) for name in "bcdef"]
    counts = [0]
    with asking(shelf) as asked:
        bring(shelf, x=Book())
        counts.append(len(asked))
        take_back(shelf, *numbers)
        counts.append(len(asked))
        number = join(shelf, "a", "b")
        counts.append(len(asked))
        take_back(shelf, number)
        counts.append(len(asked))

    assert [after - before for before, after in pairwise(counts)] == [0, 2, 0, 2]


def test_what_was_merged_is_found_by_an_index(shelf: Database) -> None:
    number = join(shelf, "a", "b")
    with asking(shelf) as asked:
        take_back(shelf, number)
    word = "EXPLAIN " if shelf.postgresql else "EXPLAIN QUERY PLAN "
    indexes = ("ix_event_cluster_id_seq", "PRIMARY KEY|pk_event_record")

    with shelf.reading_primary() as connection:
        if shelf.postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for (text, values), index in zip(asked, indexes, strict=True):
            plan = " ".join(str(row) for row in connection.exec_driver_sql(word + text, values))
            assert re.search(index, plan)
            assert not re.search("SCAN event|Seq Scan", plan)


def state(database: Database) -> dict[str, str]:
    """Return every id ever given, with what it leads to: itself, another, or nothing.

    Looks on the way at all that has to agree with it.
    """
    with database.reading() as connection:
        rows = connection.execute(
            select(ClusterRow.id, ClusterRow.public_id, ClusterRow.state, ClusterRow.successor_id)
        ).all()
        homes = set(connection.execute(select(MemberRow.cluster_id)).scalars())
    names = {row.id: row.public_id for row in rows}
    live = {row.public_id for row in rows if row.state == "live"}
    assert {names[home] for home in homes} == live
    found = {
        row.public_id: row.public_id if row.state == "live" else names.get(row.successor_id, "")
        for row in rows
    }
    assert all(row.successor_id is None for row in rows if row.state == "live")
    assert set(found.values()) <= live | {""}
    assert {name: is_live for name, (is_live, _) in shown(database, "public").items()} == {
        name: name in live for name in found
    }
    for name in live:
        merged = sorted(each for each, heir in found.items() if heir == name != each)
        assert cancelled(database, name) == merged
    return found


def acted(database: Database, act: str, choice: int, standing: list[int]) -> None:
    """Do one thing that may merge or part clusters."""
    one, other = NAMES[choice % len(NAMES)], NAMES[choice // len(NAMES) % len(NAMES)]
    if act == "bring":
        title = TITLES[other] if choice % 5 else None
        bring(database, **{one: title and Book(title=title)})
    elif act == "undo" and standing:
        take_back(database, standing.pop(choice % len(standing)))
    elif act == "revert":
        moves = [move for move in of_cluster(database, ids(database, one)[0]) if move.can_revert]
        if moves:
            standing.append(revert(database, moves[choice % len(moves)].number, SAID))
    elif act in (SAME, DIFFERENT):
        number = decide(database, ("s1", one), ("s1", other), Verdict(act), SAID)
        standing += [number] if number else []
    place_all(database)


NAMES = "abcdef"
ACTS = st.sampled_from(("bring", "undo", "revert", SAME.value, SAME.value, DIFFERENT.value))


# A matter of rules, not of the engine: what the engines differ in is tried beside it.
@SQLITE_USUALLY
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(ACTS, st.integers(0, 359)), max_size=12), st.integers(0, 35))
def test_whatever_is_merged_and_parted_every_id_leads_somewhere(engine, acts, last) -> None:
    with engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        standing: list[int] = []
        for act, choice in acts:
            with suppress(CatalogueError):
                acted(database, act, choice, standing)
            place_all(database)
            state(database)
        before, said = state(database), []
        with suppress(CatalogueError):
            acted(database, SAME.value, last, said)
            place_all(database)
            state(database)
            take_back(database, *said)

        assert live_in(state(database)) == live_in(before)
        database.close()


def live_in(found: dict[str, str]) -> set[str]:
    return {name for name, heir in found.items() if name == heir}
