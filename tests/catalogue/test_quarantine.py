"""What cannot be read is kept aside with its bytes, its reason and its place, until it can be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import quarantine, queue, records
from catalogue.database import Database
from catalogue.errors import NotInQuarantine
from catalogue.model import Mapped, RecordState, RunStatus
from catalogue.store import close_run, open_run, put_page, remap, retry
from crosswalks.model import Problem, Severity
from support.pages import Book, Delivery, add_source, books, deliver, marc, page

WHY = Problem(code="unreadable", severity=Severity.ERROR, detail="so it is")
BROKEN = Delivery(identifier="a", broken=True, problems=(WHY,))


@pytest.fixture
def hub(database):
    add_source(database)
    return database


def listed(database: Database) -> list[tuple[str, bool]]:
    return [(each.identifier, each.live) for each in quarantine.listing(database, "s1")]


def read_again(database: Database, book: Book | None) -> retry.Retried:
    """Read again what is in quarantine; all of it turns out to be this book, or none of it."""
    lease = queue.claim(database, "retry", "retry")
    found = remap.configured(database, "s1")
    waiting = retry.due(database, found.id)
    mapped = {at: Mapped(marc(book), "2") for at, _ in enumerate(waiting)} if book else {}
    problems = dict.fromkeys(range(len(waiting)), () if book else (replace(WHY, code="still"),))
    done = retry.put_retried(database, remap.Writer(lease, found, 0), waiting, mapped, problems)
    database.writing(lambda connection: queue.finish(connection, lease))
    return done


def test_it_is_listed_with_reason_bytes_and_place(hub):
    run = open_run(hub, "s1")
    first = page(books([("x", Book())]))
    put_page(hub, run, first, {0: Mapped(marc(Book()))}, {})
    second = page([*books([("y", Book(title="Vỡ đê"))]), BROKEN])
    whole = b"<page>" + b"".join(record.body for record in second.records) + b"</page>"
    second = replace(second, raw=whole)
    put_page(hub, run, second, {0: Mapped(marc(Book(title="Vỡ đê")))}, {1: (WHY,)})
    close_run(hub, run, RunStatus.SUCCEEDED)

    [found] = quarantine.listing(hub, "s1")

    assert (found.source, found.identifier, found.live) == ("s1", "a", False)
    assert (found.run, found.page, found.position) == (run.run_id, 2, 2)
    assert whole[found.place :].startswith(found.raw)
    assert found.raw == b"<broken/>a"
    assert found.problems[0]["code"] == "unreadable"
    assert found.problems[0]["detail"] == "so it is"


def test_a_refused_version_is_listed_beside_the_live_one(hub):
    deliver(hub, "s1", *books([("a", Book())]))
    deliver(hub, "s1", BROKEN)

    found = quarantine.get(hub, "s1", "a")

    assert (found.live, found.raw) == (True, b"<broken/>a")
    assert records.get(hub, "s1", "a").state is RecordState.ACTIVE


@pytest.mark.parametrize("before", [(), books([("a", Book(title="Vỡ đê"))])])
@pytest.mark.parametrize("after", [books([("a", Book())]), (Delivery(identifier="a"),)])
def test_it_leaves_when_the_record_comes_readable_or_is_deleted(hub, before, after):
    deliver(hub, "s1", *before)
    deliver(hub, "s1", BROKEN)

    deliver(hub, "s1", *after)

    assert listed(hub) == []
    assert quarantine.count(hub, "s1") == 0


@pytest.mark.parametrize("before", [(), books([("a", Book(title="Vỡ đê"))])])
def test_what_can_be_read_now_takes_its_place(hub, before):
    deliver(hub, "s1", *before)
    deliver(hub, "s1", BROKEN)

    done = read_again(hub, Book())

    stored = records.get(hub, "s1", "a")
    assert (done.read, done.left, done.dirty) == (1, 0, 1)
    assert listed(hub) == []
    assert stored.record.values("245", "a") == ["Số đỏ"]
    assert (stored.raw, stored.problems) == (b"<broken/>a", ())


def test_what_cannot_be_read_again_stays_and_tells_why_by_now(hub):
    deliver(hub, "s1", *books([("a", Book())]))
    deliver(hub, "s1", BROKEN)

    done = read_again(hub, None)

    assert (done.read, done.left) == (0, 1)
    assert listed(hub) == [("a", True)]
    assert [each["code"] for each in quarantine.get(hub, "s1", "a").problems] == ["still"]
    assert records.get(hub, "s1", "a").record.values("245", "a") == ["Số đỏ"]


def test_what_came_anew_meanwhile_is_left_alone(hub):
    deliver(hub, "s1", BROKEN)
    found = remap.configured(hub, "s1")
    waiting = retry.due(hub, found.id)
    deliver(hub, "s1", *books([("a", Book(title="Giông tố"))]))
    lease = queue.claim(hub, "retry", "retry")

    writer = remap.Writer(lease, found, 0)
    done = retry.put_retried(hub, writer, waiting, {0: Mapped(marc(Book()))}, {})

    assert (done.read, done.left) == (0, 0)
    assert records.get(hub, "s1", "a").record.values("245", "a") == ["Giông tố"]


def test_what_came_without_a_name_is_listed_and_not_read_again(hub):
    deliver(hub, "s1", Delivery(identifier="", broken=True))

    assert quarantine.count(hub) == 1
    assert read_again(hub, Book()).read == 0


def test_a_long_list_comes_in_steps_and_can_be_gone_on_with(hub, monkeypatch):
    monkeypatch.setattr(quarantine, "_STEP", 2)
    deliver(hub, "s1", *(Delivery(identifier=f"r{at}", broken=True) for at in range(5)))

    first = list(quarantine.listing(hub, "s1", limit=3))
    rest = list(quarantine.listing(hub, "s1", after=first[-1].key))

    assert [each.identifier for each in (*first, *rest)] == [f"r{at}" for at in range(5)]


def test_a_record_that_is_not_there_is_said_so(hub):
    with pytest.raises(NotInQuarantine, match="s1/a"):
        quarantine.get(hub, "s1", "a")
