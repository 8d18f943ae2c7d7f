from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from catalogue import match, records, runs, sources
from catalogue.database import Database
from catalogue.errors import LeaseLost
from catalogue.model import Counts, RecordState, RunStatus
from catalogue.queue import claim
from catalogue.store import close_run, open_run, unchanged
from catalogue.tables import DeliveryRow, DirtyRow, JobRow, ProblemRow, RunRow
from crosswalks.model import Problem, Severity
from support.pages import Book, Delivery, add_source, books, deliver, end, page, put


def count(database: Database, model: type) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(model.__table__)).all())


def test_a_new_record_is_added_and_waits_to_be_placed(database):
    add_source(database)

    counts = deliver(database, "s1", *books([("a", Book())]))

    assert Counts(delivered=1, added=1, pages=1) == counts
    assert count(database, DirtyRow) == 1
    assert records.get(database, "s1", "a").record.values("245", "a") == ["Số đỏ"]


def test_the_same_bytes_again_are_unchanged_and_leave_no_delivery(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))

    counts = deliver(database, "s1", *books([("a", Book())]))

    assert Counts(delivered=1, unchanged=1, pages=1) == counts
    assert count(database, DeliveryRow) == 1


def test_known_bytes_need_no_mapping(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    run = open_run(database, "s1")

    known = unchanged(database, run, page(books([("a", Book()), ("b", Book())])))

    assert frozenset({0}) == known


def test_another_crosswalk_version_makes_known_bytes_new(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    run = replace(open_run(database, "s1"), versions=frozenset({"2"}))

    assert frozenset() == unchanged(database, run, page(books([("a", Book())])))


def test_a_changed_book_is_changed(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))

    counts = deliver(database, "s1", *books([("a", Book(title="Giông tố"))]))

    assert counts.changed == 1
    assert records.get(database, "s1", "a").record.values("245", "a") == ["Giông tố"]


def test_a_deletion_is_kept_as_a_state_and_a_second_one_is_no_news(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))

    first = deliver(database, "s1", Delivery(identifier="a"))
    second = deliver(database, "s1", Delivery(identifier="a"), Delivery(identifier="never"))

    assert first.deleted == 1
    assert Counts(delivered=2, unchanged=2, pages=1) == second
    assert records.get(database, "s1", "a").state is RecordState.DELETED


def test_a_deletion_is_held_until_the_end_of_the_run(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    run = open_run(database, "s1")

    first = put(database, run, [Delivery(identifier="a")]).counts
    again = put(database, run, [Delivery(identifier="a")]).counts
    between = records.get(database, "s1", "a").state

    assert Counts(delivered=1, held=1, pages=1) == first
    assert Counts(delivered=1, unchanged=1, pages=1) == again
    assert between is RecordState.ACTIVE
    assert Counts(delivered=2, unchanged=1, deleted=1, pages=2) == end(database, run)
    assert records.get(database, "s1", "a").state is RecordState.DELETED


def test_a_record_that_comes_alive_on_a_later_page_is_not_deleted(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    run = open_run(database, "s1")
    put(database, run, [Delivery(identifier="a")])

    put(database, run, books([("a", Book())]))

    assert Counts(delivered=2, unchanged=2, pages=2) == end(database, run)
    assert records.get(database, "s1", "a").state is RecordState.ACTIVE


def test_a_run_that_would_lose_a_record_from_its_sum_is_not_written(database):
    add_source(database)
    run = open_run(database, "s1")
    wrong = RunRow.__table__.update().values(delivered=1).where(RunRow.id == run.run_id)

    with pytest.raises(IntegrityError):
        database.writing(lambda connection: connection.execute(wrong))


def test_a_deleted_record_that_comes_back_is_added(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    deliver(database, "s1", Delivery(identifier="a"))

    assert deliver(database, "s1", *books([("a", Book())])).added == 1


def test_what_cannot_be_read_is_quarantined_with_its_bytes(database):
    add_source(database)

    counts = deliver(database, "s1", Delivery(identifier="a", broken=True))

    stored = records.get(database, "s1", "a")
    assert counts.quarantined == 1
    assert stored.state is RecordState.QUARANTINED
    assert stored.raw == b"<broken/>a"
    assert stored.record is None


def test_an_unreadable_version_leaves_the_earlier_one_live(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))

    counts = deliver(database, "s1", Delivery(identifier="a", broken=True))

    stored = records.get(database, "s1", "a")
    assert counts.quarantined == 1
    assert stored.state is RecordState.ACTIVE
    assert stored.record is not None


def test_of_two_versions_on_a_page_the_last_counts_and_none_is_lost_from_the_sum(database):
    add_source(database)

    counts = deliver(database, "s1", *books([("a", Book()), ("a", Book(title="Giông tố"))]))

    assert Counts(delivered=2, added=1, unchanged=1, pages=1) == counts
    assert records.get(database, "s1", "a").record.values("245", "a") == ["Giông tố"]


def test_a_live_version_wins_over_a_deletion_of_the_same_date(database):
    add_source(database)

    deliver(database, "s1", *books([("a", Book())]), Delivery(identifier="a"))

    assert records.get(database, "s1", "a").state is RecordState.ACTIVE


def test_problems_are_replaced_when_a_record_changes(database):
    add_source(database)
    problem = Problem(code="no-date", severity=Severity.WARNING, field="008")
    deliver(database, "s1", Delivery(identifier="a", book=Book(), problems=(problem,)))

    deliver(database, "s1", *books([("a", Book(title="Giông tố"))]))

    assert count(database, ProblemRow) == 0


def test_the_checkpoint_moves_with_the_page(database):
    add_source(database)

    deliver(database, "s1", *books([("a", Book())]))

    assert sources.checkpoint(database, "s1") == {"page": 1}


def test_a_limited_run_leaves_the_checkpoint(database):
    add_source(database)
    run = open_run(database, "s1", moves_checkpoint=False)

    put(database, run, books([("a", Book())]))

    assert sources.checkpoint(database, "s1") == {}


def test_only_one_run_of_a_source_at_a_time(database):
    add_source(database)
    run = open_run(database, "s1")

    assert open_run(database, "s1") is None
    close_run(database, run, RunStatus.SUCCEEDED)
    assert open_run(database, "s1") is not None


def test_a_worker_that_lost_its_lease_writes_nothing(database):
    add_source(database)
    run = open_run(database, "s1")
    database.writing(lambda c: c.execute(JobRow.__table__.update().values(lease_until=0)))
    assert claim(database, "harvest", "harvest:s1") is not None

    with pytest.raises(LeaseLost):
        put(database, run, books([("a", Book())]))

    assert count(database, DirtyRow) == 0


def test_a_run_that_took_over_buries_the_one_before(database):
    add_source(database)
    open_run(database, "s1")
    database.writing(lambda c: c.execute(JobRow.__table__.update().values(lease_until=0)))

    open_run(database, "s1")

    assert [run.status for run in runs.all(database)] == [RunStatus.RUNNING, RunStatus.INCOMPLETE]


def test_a_record_that_breaks_our_own_code_is_quarantined_and_stops_nothing(database, monkeypatch):
    add_source(database)
    features = match.features

    def broken(record):
        if record.values("245", "a") == ["Giông tố"]:
            raise ZeroDivisionError
        return features(record)

    monkeypatch.setattr(match, "features", broken)
    counts = deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))

    assert Counts(delivered=2, added=1, quarantined=1, pages=1) == counts
    assert records.get(database, "s1", "b").problems[0]["code"] == "not-storable"
