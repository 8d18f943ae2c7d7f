"""Records that no engine could take as they come: each is kept aside, and none stops a run."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from catalogue import match, records
from catalogue.database import Database
from catalogue.model import Counts, Mapped, RecordState
from catalogue.store import open_run, put_page, unchanged
from crosswalks.model import Page, Problem, RawRecord, Record, Severity
from support.pages import Book, Delivery, add_source, books, deliver, marc, page, place_all

LONG = "oai:example:" + "ô" * 600
STRANGE = pytest.mark.parametrize("strange", ["\0", "\ud800"], ids=["nul", "surrogate"])


def codes(database: Database, identifier: str) -> set[str]:
    return {problem["code"] for problem in records.get(database, "s1", identifier).problems}


def names(database: Database) -> list[str]:
    return [record.identifier for record in records.listing(database, "s1")]


def put_one(database: Database, raw: RawRecord, record: Record) -> Counts:
    run = open_run(database, "s1")
    one = Page(number=1, url="", records=(raw,), next_checkpoint={}, raw=b"", last=True)
    return put_page(database, run, one, {0: Mapped(record)}, {}).counts


@pytest.fixture
def hub(database):
    add_source(database)
    return database


def test_an_identifier_too_long_for_an_index_is_kept_under_its_hash(hub):
    counts = deliver(hub, "s1", *books([("a", Book()), (LONG, Book(title="Giông tố"))]))

    name = "sha256:" + sha256(LONG.encode()).hexdigest()
    [problem] = records.get(hub, "s1", name).problems
    assert Counts(delivered=2, added=1, quarantined=1, pages=1) == counts
    assert problem["code"] == "identifier-too-long"
    assert problem["sample"] == LONG[:100]


def test_the_deletion_of_a_record_with_such_an_identifier_finds_it(hub):
    deliver(hub, "s1", *books([(LONG, Book())]))

    assert deliver(hub, "s1", Delivery(identifier=LONG)).deleted == 1


def test_records_without_identifier_are_kept_apart(hub):
    counts = deliver(hub, "s1", *books([("", Book()), (" ", Book(title="Giông tố"))]))

    stored = [records.get(hub, "s1", name) for name in names(hub)]
    assert Counts(delivered=2, quarantined=2, pages=1) == counts
    assert all(each.identifier.startswith("missing:") for each in stored)
    assert [each.problems[0]["code"] for each in stored] == ["no-identifier"] * 2


def test_the_same_record_without_identifier_again_is_no_new_one(hub):
    deliver(hub, "s1", *books([("", Book())]))
    deliver(hub, "s1", *books([("", Book())]))

    assert len(names(hub)) == 1


@STRANGE
def test_strange_characters_around_a_record_are_replaced(hub, strange):
    raw = page(books([("a", Book())])).records[0]
    raw = replace(raw, identifier=f"a{strange}", datestamp=strange, format=raw.format + strange)

    assert put_one(hub, raw, marc(Book())).added == 1
    stored = records.get(hub, "s1", f"a{strange}")
    assert stored.identifier == "a\ufffd"
    assert (stored.datestamp, stored.format[-1]) == ("\ufffd", "\ufffd")
    assert codes(hub, "a\ufffd") == {"damaged-identifier"}


@STRANGE
def test_known_bytes_under_a_strange_identifier_are_known(hub, strange):
    deliver(hub, "s1", *books([(f"a{strange}", Book())]))
    run = open_run(hub, "s1")
    again = page(books([(f"a{strange}", Book())]))

    assert unchanged(hub, run, again) == {0}
    put_page(hub, run, again, {}, {})
    assert len(records.get(hub, "s1", "a\ufffd").problems) == 1


@STRANGE
def test_strange_characters_in_a_problem_are_replaced(hub, strange):
    problem = Problem(
        code="x", severity=Severity.WARNING, field=strange, sample=strange, detail=strange
    )
    deliver(hub, "s1", Delivery(identifier="a", book=Book(), problems=(problem,)))

    [stored] = records.get(hub, "s1", "a").problems
    assert [stored[name] for name in ("field", "sample", "detail")] == ["\ufffd"] * 3


@STRANGE
def test_a_record_that_nobody_cleaned_is_quarantined_and_stops_no_placing(hub, strange):
    raws = page(books([("a", Book())])).records
    counts = put_one(hub, raws[0], marc(Book(title=f"Số{strange}")))
    place_all(hub)

    assert counts.quarantined == 1
    assert codes(hub, "a") == {"not-storable"}


def test_what_only_the_engine_refuses_is_quarantined_alone(hub, monkeypatch):
    keys = match.keys
    monkeypatch.setattr(
        match, "keys", lambda found: ("\ud800",) if "giong" in found.bare else keys(found)
    )
    entries = [("a", Book()), ("b", Book(title="Giông tố")), ("c", Book(title="Vỡ đê"))]

    counts = deliver(hub, "s1", *books(entries))

    assert Counts(delivered=3, added=2, quarantined=1, pages=1) == counts
    assert records.get(hub, "s1", "b").state is RecordState.QUARANTINED
    assert codes(hub, "b") == {"not-storable"}
    place_all(hub)
    assert [bool(records.get(hub, "s1", name).cluster) for name in "abc"] == [True, False, True]
