"""Records that their library keeps from readers, and records that describe no publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from catalogue import records, sources
from catalogue.cluster.place import place, waiting
from catalogue.database import Database, downgrade, upgrade
from catalogue.model import Counts, HubIdentity, RecordState, RunStatus, Source
from catalogue.store import close_run, open_run, put_page, unchanged
from catalogue.tables import MatchKeyRow, MemberRow
from crosswalks.formats import marcxml
from crosswalks.model import Field, Page, RawRecord, Record
from scheduler.mapping import current_versions, map_page
from support.filled import book

KOHA_HIDDEN = Field("942", "  ", (("c", "BK"), ("n", "1")))


@pytest.fixture
def source(database: Database) -> Source:
    made = Source(name="s1", library="TV1", protocol="oai-pmh", url="http://127.0.0.1/s1")
    sources.add(database, made)
    return made


def hidden(record: Record) -> Record:
    return replace(record, fields=(*record.fields, KOHA_HIDDEN))


def of_kind(kind: str) -> Record:
    record = book("Số đỏ")
    return replace(record, leader=f"{record.leader[:6]}{kind}{record.leader[7:]}")


def page_of(given: Sequence[tuple[str, Record]]) -> Page:
    raws = [
        RawRecord(
            identifier=name, format=marcxml.NAMESPACE, body=marcxml.write(record), position=at
        )
        for at, (name, record) in enumerate(given)
    ]
    return Page(number=1, url="", records=tuple(raws), next_checkpoint={}, raw=b"", last=True)


def deliver(database: Database, *given: tuple[str, Record]) -> Counts:
    """Deliver records as a harvest does, and place them."""
    run = open_run(database, "s1")
    run = replace(run, versions=current_versions(run.source))
    page = page_of(given)
    mapped = map_page(page, run.source, unchanged(database, run, page))
    result = put_page(database, run, page, mapped.records, mapped.problems)
    close_run(database, run, RunStatus.SUCCEEDED)
    while place(database, HubIdentity()).records:
        pass
    return result.counts


def clustered(database: Database) -> list[str]:
    with database.reading() as connection:
        ids = connection.execute(select(MemberRow.record_id)).scalars().all()
    return [each.identifier for each in records.listing(database, "s1") if each.id in ids]


def test_a_record_suppressed_by_its_library_is_kept_and_joins_nothing(database, source):
    counts = deliver(database, ("a", book("Số đỏ")), ("b", hidden(book("Số đỏ"))))
    stored = records.get(database, "s1", "b")

    assert counts == Counts(delivered=2, added=2, pages=1)
    assert stored.state is RecordState.SUPPRESSED
    assert [problem["detail"] for problem in stored.problems] == ['942 $n is "1"']
    assert clustered(database) == ["a"]
    assert waiting(database) == 0


def test_a_record_marked_deleted_in_its_leader_is_suppressed(database, source):
    record = book("Số đỏ")

    deliver(database, ("a", replace(record, leader=f"{record.leader[:5]}d{record.leader[6:]}")))

    assert records.get(database, "s1", "a").state is RecordState.SUPPRESSED


def test_a_record_leaves_its_cluster_when_suppressed_and_comes_back_when_not(database, source):
    deliver(database, ("a", book("Số đỏ")))
    left = deliver(database, ("a", hidden(book("Số đỏ"))))
    between = clustered(database)
    back = deliver(database, ("a", book("Số đỏ")))

    assert (left.changed, between) == (1, [])
    assert (back.changed, clustered(database)) == (1, ["a"])


def test_the_same_suppressed_bytes_again_are_unchanged(database, source):
    deliver(database, ("a", hidden(book("Số đỏ"))))

    assert deliver(database, ("a", hidden(book("Số đỏ")))).unchanged == 1
    assert records.get(database, "s1", "a").state is RecordState.SUPPRESSED


def test_a_suppressed_record_has_no_keys(database, source):
    deliver(database, ("a", hidden(book("Số đỏ"))))

    with database.reading() as connection:
        assert connection.execute(select(MatchKeyRow.key)).all() == []


def test_an_unreadable_version_leaves_a_suppressed_record_as_it_was(database, source):
    deliver(database, ("a", hidden(book("Số đỏ"))))
    counts = deliver(database, ("a", of_kind("z")))

    assert counts.quarantined == 1
    assert records.get(database, "s1", "a").state is RecordState.SUPPRESSED


def test_conditions_of_a_source_take_the_place_of_the_usual_ones(database, source):
    sources.change(database, replace(source, suppress=('650 $a is "Mật"',)))

    deliver(
        database,
        ("a", hidden(book("Số đỏ"))),
        ("b", book("Giông tố", subject="Mật")),
    )

    assert records.get(database, "s1", "a").state is RecordState.ACTIVE
    assert records.get(database, "s1", "b").state is RecordState.SUPPRESSED


def test_the_usual_conditions_can_be_asked_for_beside_others(database, source):
    sources.change(database, replace(source, suppress=("default", '650 $a is "Mật"')))

    deliver(database, ("a", hidden(book("Số đỏ"))), ("b", book("Giông tố", subject="Mật")))

    assert {each.state for each in records.listing(database, "s1")} == {RecordState.SUPPRESSED}


def test_new_conditions_judge_records_that_are_known_byte_for_byte(database, source):
    deliver(database, ("a", book("Số đỏ", subject="Mật")))
    sources.change(database, replace(source, suppress=('650 $a is "Mật"',)))

    deliver(database, ("a", book("Số đỏ", subject="Mật")))

    assert clustered(database) == []


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("z", "authority"),
        ("u", "holdings, unknown"),
        ("v", "holdings, multipart"),
        ("x", "holdings, single-part"),
        ("y", "holdings, serial"),
        ("w", "classification"),
        ("q", "community information"),
    ],
)
def test_what_describes_no_publication_is_set_aside_by_name(database, source, kind, what):
    deliver(database, ("a", of_kind(kind)))
    stored = records.get(database, "s1", "a")

    assert stored.state is RecordState.QUARANTINED
    assert any(what in problem["detail"] for problem in stored.problems)
    assert clustered(database) == []


def test_a_step_down_takes_suppressed_records_for_deleted_ones(database_url):
    database = Database.open(database_url)
    sources.add(
        database, Source(name="s1", library="TV1", protocol="oai-pmh", url="http://127.0.0.1/s1")
    )
    deliver(database, ("a", book("Số đỏ")), ("b", hidden(book("Số đỏ"))))
    database.close()

    downgrade(database_url, "0007")
    upgrade(database_url)
    again = Database.open(database_url)

    states = {each.identifier: each.state for each in records.listing(again, "s1")}
    assert states == {"a": RecordState.ACTIVE, "b": RecordState.DELETED}
    again.close()
