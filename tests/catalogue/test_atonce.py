"""Very many records placed at once end in what placing them one by one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from catalogue.cluster.atonce import choosing, place_at_once
from catalogue.cluster.place import place, waiting
from catalogue.cluster.rebuild import rebuild
from catalogue.cluster.whole import Catalogue, Whole, work_out
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import HubIdentity
from catalogue.policies import Live
from catalogue.sql import table
from catalogue.tables import (
    DeadKeyRow,
    DirtyRow,
    LargeComponentRow,
    MatchKeyRow,
    MemberRow,
    QuestionRow,
    RecordRow,
)
from support.engines import Engine
from support.pages import Book, Delivery, deliver, place_all
from support.policies import use
from support.whole import BOOKS, CROWD, VERDICTS, bring, fill, placed, say

HUB = HubIdentity()


def all_told(database: Database) -> dict[str, object]:
    """Return all that placing leaves but ids and stamps."""
    with database.reading() as connection:
        keys = connection.execute(
            select(*(table(MatchKeyRow).c[name] for name in ("key", "record_id", "rev")))
        )
        large = table(LargeComponentRow).c
        questions = table(QuestionRow).c
        return {
            "digest": digest(database),
            "placed": placed(database),
            "keys": sorted(map(tuple, keys)),
            "dead": set(connection.scalars(select(DeadKeyRow.key))),
            "large": set(map(tuple, connection.execute(select(large.record_id, large.size)))),
            "asked": sorted(
                map(tuple, connection.execute(select(questions.a, questions.b, questions.score)))
            ),
            "waiting": waiting(database),
        }


class Case(NamedTuple):
    """A catalogue that was placed, what comes after it, and what people say of it."""

    held: list[Book]
    first: int
    verdicts: list[tuple[int, int, str]]
    block_cap: int
    component_cap: int

    def waiting(self, database: Database) -> None:
        """Have the first books placed, and the others wait."""
        use(database, "small", block_cap=self.block_cap, component_cap=self.component_cap)
        fill(database, self.held[: self.first])
        place_all(database)
        bring(database, self.held)
        say(database, self.verdicts)


CASES = st.builds(
    Case,
    held=st.lists(BOOKS, max_size=12),
    first=st.integers(0, 12),
    verdicts=VERDICTS,
    block_cap=st.sampled_from((2, 3, 500)),
    component_cap=st.sampled_from((2, 3, 500)),
)


def ends_as_usual(engine: Engine, case: Case) -> None:
    """Check that both ways end in the same, of which a rebuild finds nothing wrong."""
    told = []
    for at_once in (False, True):
        with engine.fresh() as url, closing(Database.open(url)) as database:
            case.waiting(database)
            if at_once:
                place_at_once(database, HUB)
            place_all(database)
            told.append(all_told(database))
            assert rebuild(database, dry_run=True)[1:4] == (0, 0, 0)
    assert told[0] == told[1]


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES)
def test_it_ends_in_what_placing_one_by_one_ends_in(sqlite_engine, case):
    ends_as_usual(sqlite_engine, case)


@pytest.mark.soak
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES)
def test_many_catalogues_end_in_the_same(engine, case):
    ends_as_usual(engine, case)


@pytest.mark.parametrize("processes", [0, 2])
def test_new_clusters_get_ids_and_bytes_as_by_a_usual_placement(database, processes):
    Case(CROWD, 0, [(0, 5, "same"), (1, 2, "different")], 5, 3).waiting(database)

    done = place_at_once(database, HUB, processes=processes)

    assert done == (len(CROWD), len(clusters(database)), False)
    assert waiting(database) == 0
    assert rebuild(database)[1:4] == (0, 0, 0)
    last = max(clusters(database))
    fill_one(database, Book(title="Chùa Đàn", isbn="", year="1946"))
    place_all(database)
    assert max(clusters(database)) > last


def test_what_hangs_together_with_what_is_placed_is_left(database):
    fill(database, CROWD[:1])
    place_all(database)
    bring(database, [CROWD[0], CROWD[0], Book(title="Chùa Đàn", isbn="", year="1946")])

    assert place_at_once(database, HUB)[:2] == (1, 1)
    assert waiting(database) == 1


def test_a_key_that_comes_to_be_held_by_too_many_wakes_who_was_placed_by_it(database):
    use(database, "small", block_cap=2)
    book = Book(title="Số đỏ", isbn="9786049763342", pages="90 tr.", year="1936")
    fill(database, [book])
    place_all(database)
    others = [replace(book, title=title, year="1999") for title in ("Chùa Đàn", "Vang bóng")]
    bring(database, [book, *others])

    place_at_once(database, HUB)

    with database.reading() as connection:
        dead = set(connection.scalars(select(DeadKeyRow.key)))
        woken = set(connection.scalars(select(DirtyRow.record_id)))
    assert "isbn:9786049763342" in dead
    assert woken == {1}
    place_all(database)
    assert rebuild(database, dry_run=True)[1:4] == (0, 0, 0)


def test_a_record_that_changes_meanwhile_is_left_with_its_cluster(database):
    Case(CROWD, 0, [], 500, 500).waiting(database)
    changed = replace(CROWD[0], title="Số đỏ, có sửa chữa")

    def change(live: Live) -> AbstractContextManager[Whole]:
        return seen_then(database, live, lambda: bring(database, [changed]))

    done = place_at_once(database, HUB, change)

    assert 0 < done.records < len(CROWD)
    place_all(database)
    assert rebuild(database, dry_run=True)[1:4] == (0, 0, 0)


def test_another_placement_in_between_ends_it(database):
    Case(CROWD, 0, [], 500, 500).waiting(database)

    done = place_at_once(
        database, HUB, lambda live: seen_then(database, live, lambda: place(database, HUB, 1))
    )

    assert done.interrupted
    place_all(database)
    assert rebuild(database, dry_run=True)[1:4] == (0, 0, 0)


def test_who_says_so_stops_it_after_a_batch(database, monkeypatch):
    monkeypatch.setattr(choosing, "_RECORDS", 4)
    Case(CROWD, 0, [], 500, 2).waiting(database)

    done = place_at_once(database, HUB, told=lambda _: False)

    assert done.interrupted
    assert 4 <= done.records < len(CROWD)
    assert place_at_once(database, HUB).records > 0
    place_all(database)
    assert rebuild(database, dry_run=True)[1:4] == (0, 0, 0)


def test_a_record_that_cannot_be_placed_leaves_its_batch_to_be_placed_as_usual(
    database, monkeypatch
):
    monkeypatch.setattr(choosing, "_RECORDS", 1)
    alone = Book(title="Chùa Đàn", isbn="", year="1946")
    Case([*CROWD[:6], alone], 0, [], 500, 500).waiting(database)
    spoil(database, record=7)

    done = place_at_once(database, HUB)

    assert done.records == 6
    place_all(database)
    assert waiting(database) == 0
    with database.reading() as connection:
        failed = select(DirtyRow.record_id).where(DirtyRow.failed_rev.is_not(None))
        assert connection.scalars(failed).all() == [7]


def clusters(database: Database) -> set[int]:
    with database.reading() as connection:
        return set(connection.scalars(select(table(MemberRow).c.cluster_id)))


def fill_one(database: Database, book: Book) -> None:
    deliver(database, "s1", Delivery(identifier="another", book=book))


def spoil(database: Database, record: int) -> None:
    """Store what our own code cannot read of a record."""
    spoilt = update(table(RecordRow)).where(table(RecordRow).c.id == record)
    database.writing(lambda connection: connection.execute(spoilt.values(parsed="{")))


@contextmanager
def seen_then(database: Database, live: Live, happens: Callable[[], object]) -> Iterator[Whole]:
    """Give the partition of what there is, and have something happen then."""

    def taken(folder: Path) -> Catalogue:
        with database.reading() as connection:
            return Catalogue.read(connection, folder)

    with work_out(taken, live.policy, 0) as found:
        happens()
        yield found
