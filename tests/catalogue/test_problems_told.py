"""What is told to be wrong with a record is what its last delivery showed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import records
from catalogue.cluster import render
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import PageOutdated
from catalogue.model import Counts, Mapped, RecordState, RunHandle
from catalogue.store import open_run, put_page, unchanged
from crosswalks.model import Page, Problem, Severity
from support.engines import Engine
from support.pages import Book, Delivery, add_source, books, deliver, marc, page, place_all, put

BAD_ISBN = Problem(code="bad-isbn", severity=Severity.WARNING)
UNREADABLE = Problem(code="unreadable", severity=Severity.ERROR)
GOOD = Delivery(identifier="a", book=Book(), problems=(BAD_ISBN,))
REFUSED = Delivery(identifier="a", book=Book(), broken=True, problems=(UNREADABLE,))


def told(database: Database) -> list[str]:
    return [problem["code"] for problem in records.get(database, "s1", "a").problems]


def harvest(database: Database, run: RunHandle, one: Page) -> Counts:
    """Store a page of books as the line does: what is known is not read again."""
    known = unchanged(database, run, one)
    read = {raw.position: Mapped(marc(Book())) for raw in one.records if raw.position not in known}
    problems = dict.fromkeys(read, (BAD_ISBN,))
    return put_page(database, run, one, read, problems).counts


@pytest.fixture
def run(database):
    """Give an open run that has delivered a good record with a bad ISBN."""
    add_source(database)
    run = open_run(database, "s1")
    put(database, run, [GOOD])
    return run


def test_what_is_known_and_not_read_again_keeps_its_problems(database, run):
    harvest(database, run, page([GOOD]))

    assert told(database) == ["bad-isbn"]


def test_other_bytes_of_the_same_content_are_read_without_the_old_problems(database, run):
    one = page([GOOD])
    raw = replace(one.records[0], body=one.records[0].body + b"\n")

    counts = put_page(
        database, run, replace(one, records=(raw,)), {0: Mapped(marc(Book()))}, {}
    ).counts

    assert counts.unchanged == 1
    assert told(database) == []


def test_a_refused_version_tells_why_and_the_good_one_again_tells_its_own(database, run):
    put(database, run, [REFUSED])
    refused = told(database)

    assert harvest(database, run, page([GOOD])).unchanged == 1
    assert (refused, told(database)) == (["unreadable"], ["bad-isbn"])


def test_a_refused_version_leaves_no_trace_once_the_good_one_came_again(database, run):
    before = digest(database)

    put(database, run, [REFUSED])
    harvest(database, run, page([GOOD]))

    assert digest(database) == before
    assert unchanged(database, run, page([GOOD])) == {0}


def test_delivered_twice_is_told_beside_the_rest_and_only_while_it_is_so(database, run):
    harvest(database, run, page([GOOD, GOOD, GOOD]))
    harvest(database, run, page([GOOD, GOOD]))
    twice = told(database)

    harvest(database, run, page([GOOD]))

    assert (twice, told(database)) == (["bad-isbn", "delivered-twice"], ["bad-isbn"])


def test_what_a_placement_found_stays_while_the_content_does(database, run, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(render, "master", lambda *_: 1 / 0)
        place_all(database)
    put(database, run, [replace(GOOD, problems=())])
    same = told(database)

    put(database, run, [Delivery(identifier="a", book=Book(title="Giông tố"))])

    assert (same, told(database)) == (["not-placeable"], [])


def test_what_was_left_out_as_known_but_is_not_is_never_quarantined(database, run):
    put(database, run, [Delivery(identifier="a", book=Book(pages="300 tr."))])

    with pytest.raises(PageOutdated):
        put_page(database, run, page([GOOD]), {}, {})

    assert records.get(database, "s1", "a").state is RecordState.ACTIVE


def test_what_is_known_is_asked_of_the_primary_and_not_of_a_replica_behind_it(engine: Engine):
    with engine.fresh() as url, engine.fresh() as replica:
        for each in (url, replica):
            database = Database.open(each)
            add_source(database)
            deliver(database, "s1", *books([("a", Book())]))
            database.close()
        database = Database.open(url, replica)
        run = open_run(database, "s1")
        put(database, run, books([("a", Book(pages="300 tr."))]))

        assert unchanged(database, run, page(books([("a", Book())]))) == frozenset()
        database.close()
