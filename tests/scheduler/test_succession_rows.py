"""What hangs on records when they go on as others: what is held, refused, told and compared."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import select

from catalogue import browse, quarantine, records, runs, sources
from catalogue.database import Database, downgrade, upgrade
from catalogue.holdings.model import Found, Row
from catalogue.model import RecordState, RunStatus
from catalogue.store import close_run, held, open_run, put_page
from catalogue.succession import steps
from catalogue.succession.errors import StillWaiting, SuccessionBusy
from catalogue.tables import HeldRow, ProblemRow
from crosswalks.formats import oai_dc
from crosswalks.model import Element, Page, Problem, RawRecord, Record, Schema, Severity
from scheduler import succession
from scheduler.mapping import map_page
from scheduler.remap import remap_due
from support import listed
from support.pages import Book, Delivery, books, deliver, place_all, put
from support.succession import NEW, OLD, OTHER, add, clusters, found, line, states, taken_over

WARNING = Problem(code="no-title", severity=Severity.WARNING)


@pytest.fixture
def hub(database: Database, tmp_path):
    add(database)
    return line(database, tmp_path)


def left_waiting(database: Database, name: str, *deliveries: Delivery) -> int:
    """Let a run deliver these and wait for a person; return its number."""
    run = open_run(database, name)
    put(database, run, deliveries)
    close_run(database, run, RunStatus.WAITING)
    return run.run_id


def counted(database: Database, number: int) -> tuple[int, int, int]:
    counts = runs.get(database, number).counts
    return counts.delivered, counts.deleted, counts.held


def in_table(database: Database, *columns):
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_a_deletion_held_in_the_old_source_is_over_with_it_and_its_run_adds_up(hub):
    deliver(hub.db, OLD, *books([("a1", Book(number="7")), ("a2", Book(title="Giông tố"))]))
    number = left_waiting(hub.db, OLD, Delivery(identifier="a1"))
    deliver(hub.db, NEW, *books([("b1", Book(number="7"))]))

    taken_over(hub)

    assert counted(hub.db, number) == (1, 1, 0)
    assert in_table(hub.db, HeldRow.record_id) == []
    assert states(hub.db) == {"old/a1": "deleted", "old/a2": "active", "new/b1": "active"}


def test_a_new_record_whose_deletion_is_held_is_paired_with_none(hub):
    deliver(hub.db, OLD, *books([("a1", Book(number="7"))]))
    deliver(hub.db, NEW, *books([("b1", Book(number="7"))]))
    left_waiting(hub.db, NEW, Delivery(identifier="b1"))

    assert found(hub).paired == 0


def test_a_deletion_that_comes_after_the_pairs_were_found_stays_held_for_the_record(hub):
    deliver(hub.db, OLD, *books([("a1", Book(number="7"))]))
    deliver(hub.db, NEW, *books([("b1", Book(number="7"))]))
    named = steps.named(hub.db, OLD, NEW)
    found(hub)
    number = left_waiting(hub.db, NEW, Delivery(identifier="b1"))
    with succession.taken(hub, named) as work:
        succession.apply(hub, work, named, Event())

    run = open_run(hub.db, NEW)
    while held.apply_held(hub.db, run) is not None:
        pass
    close_run(hub.db, run, RunStatus.SUCCEEDED)

    assert counted(hub.db, number) == (1, 1, 0)
    assert states(hub.db) == {"old/a1": "deleted", "new/b1": "deleted"}


def test_a_refused_version_of_a_new_record_stays_aside_for_the_one_that_goes_on(hub):
    deliver(hub.db, OLD, *books([("a1", Book(number="7"))]))
    deliver(hub.db, NEW, *books([("b1", Book(number="7"))]))
    deliver(hub.db, NEW, Delivery(identifier="b1", broken=True, problems=(WARNING,)))

    taken_over(hub)
    [aside] = quarantine.listing(hub.db)

    assert (aside.source, aside.identifier, aside.live) == (NEW, "b1", True)
    assert aside.raw == b"<broken/>b1"


def test_what_was_wrong_with_the_new_record_is_told_and_no_more_of_the_old_one(hub):
    old = Problem(code="old-problem", severity=Severity.WARNING)
    [book] = books([("a1", Book(number="7"))])
    deliver(hub.db, OLD, Delivery(identifier="a1", book=book.book, problems=(old,)))
    deliver(hub.db, NEW, Delivery(identifier="b1", book=book.book, problems=(WARNING,)))

    taken_over(hub)
    told = in_table(hub.db, ProblemRow.identifier, ProblemRow.code)

    assert told == [("b1", "no-title")]
    assert [each["code"] for each in records.get(hub.db, NEW, "b1").problems] == ["no-title"]


def test_what_waits_is_told_apart_and_goes_when_it_is_deleted(hub):
    deliver(hub.db, NEW, *books([("b1", Book()), ("b2", Book(title="Giông tố"))]))
    again = deliver(hub.db, NEW, *books([("b1", Book())]), Delivery(identifier="b2"))

    assert records.get(hub.db, NEW, "b1").state is RecordState.WAITING
    assert (again.unchanged, again.deleted) == (1, 1)
    assert clusters(hub.db) == {}


def test_a_source_cannot_be_changed_so_that_what_waits_is_forgotten(hub):
    deliver(hub.db, NEW, *books([("b1", Book())]))

    with pytest.raises(StillWaiting):
        sources.apply(hub.db, [{**_plain(hub.db, NEW), "succeeds": ""}])
    assert sources.get(hub.db, NEW).waits


def _plain(database: Database, name: str):
    [plain] = [each for each in sources.export(database) if each["name"] == name]
    return plain


def test_nothing_is_carried_over_while_one_of_the_sources_is_harvested(hub):
    run = open_run(hub.db, OLD)
    named = steps.named(hub.db, OLD, NEW)

    with pytest.raises(SuccessionBusy), succession.taken(hub, named):
        pass
    with succession.looking(hub, named) as work:
        succession.find(hub, work)
    close_run(hub.db, run, RunStatus.SUCCEEDED)
    with succession.taken(hub, named):
        assert open_run(hub.db, NEW) is None


def test_one_step_below_waiting_records_are_as_good_as_deleted(database, database_url, tmp_path):
    add(database)
    deliver(database, OTHER, *books([("x1", Book())]))
    deliver(database, NEW, *books([("b1", Book())]))
    place_all(database)
    database.close()

    downgrade(database_url, "0017")
    upgrade(database_url)

    reopened = Database.open(database_url)
    assert states(reopened) == {"other/x1": "active", "new/b1": "deleted"}
    assert sources.get(reopened, NEW).succeeds == ""
    reopened.close()


ISBN = "9786049763342"


@pytest.mark.parametrize("waits", [True, False])
def test_what_a_list_says_is_held_stays_with_the_record_that_goes_on(
    database: Database, tmp_path, waits
):
    add(database, waits=waits)
    hub = line(database, tmp_path)
    listed.add_library(database)
    deliver(database, OLD, *books([("a1", Book(number="7", isbn=ISBN))]))
    listed.settle(database)
    listed.give(database, Row(isbn=ISBN, title="Số đỏ", call_number="895.922 S"))
    deliver(database, NEW, *books([("b1", Book(number="7", isbn=ISBN))]))
    listed.settle(database)

    taken_over(hub)
    listed.settle(database)
    [cluster] = clusters(database).values()
    held = browse.cluster(database, f"{cluster:09d}").holdings

    assert listed.found(database) == [Found.MATCHED]
    assert {each.library for each in held} == {"A", "SMALL"}


def test_records_that_wait_are_mapped_again_and_go_on_waiting(hub):
    body = oai_dc.write(Record(schema=Schema.OAI_DC, fields=(Element("dc:title", (), "Số đỏ"),)))
    run = open_run(hub.db, NEW)
    raw = RawRecord(identifier="b1", format="oai_dc", body=body)
    page = Page(number=1, url="", records=(raw,), next_checkpoint={}, raw=b"", last=True)
    mapped = map_page(page, run.source, ())
    put_page(hub.db, run, page, mapped.records, mapped.problems)
    close_run(hub.db, run, RunStatus.SUCCEEDED)
    sources.change(hub.db, replace(sources.get(hub.db, NEW), suppress=("default", "500")))

    done = remap_due(hub, Event())

    assert done.changed + done.same == 1
    assert states(hub.db) == {"new/b1": "waiting"}
