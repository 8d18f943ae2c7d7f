"""Publishing maps stored records again, in the background; the effect is told beforehand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, update

from catalogue import crosswalks, queue, records, sources
from catalogue.cluster.place import waiting
from catalogue.crosswalks import REMAP, Version
from catalogue.database import Database
from catalogue.errors import CrosswalksChanged, LeaseLost, SavedTestsFailed, SourceChanged
from catalogue.model import HubIdentity, RecordState, RunStatus, Source
from catalogue.raw import FolderRawStore
from catalogue.store import close_run, open_run, put_page, remap, unchanged
from catalogue.store.remap import Remapped
from catalogue.tables import JobRow, RecordRow
from crosswalks import versioning
from crosswalks.formats import oai_dc
from crosswalks.model import Element, Page, RawRecord, Record, Schema
from crosswalks.shelf import SHIPPED_ONLY, Written
from crosswalks.trials import Trial
from scheduler import remap as remap_module
from scheduler.effect import Effect, Wanted, effect
from scheduler.mapping import current_versions, map_page
from scheduler.model import Line
from scheduler.remap import remap_due
from scheduler.worker import work
from support.engines import SQLITE_USUALLY
from support.harvesting import LOOPBACK
from support.lines import REST_SECONDS, beside, wait_until
from support.pages import place_all

pytestmark = SQLITE_USUALLY

NAME = "oai_dc-marc21"
HEADING = f"crosswalk {NAME} version 9\nfrom oai_dc to marc21\n"
TEXT = f'{HEADING}500 __ $a <- "mine" if dc:title matches "^A"\ninclude shipped/{NAME}\n'
COUNT = 7
STEP = 2
SHORT = 20


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Line:
    """Give a hub with placed records of one source."""
    sources.add(
        database, Source(name="s1", library="L1", protocol="oai-pmh", url="http://127.0.0.1/oai")
    )
    made = Line(
        db=database,
        raw_store=FolderRawStore(tmp_path),
        identity=HubIdentity(),
        http=LOOPBACK,
    )
    deliver(database, *[f"A{number}" for number in range(COUNT)], "B")
    place_all(database)
    return made


def raw(title: str, position: int) -> RawRecord:
    record = Record(schema=Schema.OAI_DC, fields=(Element("dc:title", (), title),))
    return RawRecord(
        identifier=title[:SHORT], format="oai_dc", body=oai_dc.write(record), position=position
    )


def deliver(database: Database, *titles: str) -> frozenset[int]:
    """Deliver records as a harvest does; return which were known."""
    run = open_run(database, "s1")
    shelf = crosswalks.shelf(database)
    run = replace(run, versions=current_versions(run.source, shelf), edition=shelf.edition)
    raws = tuple(raw(title, at) for at, title in enumerate(titles))
    page = Page(number=1, url="", records=raws, next_checkpoint={}, raw=b"", last=True)
    known = unchanged(database, run, page)
    mapped = map_page(page, run.source, known, None, shelf)
    put_page(database, run, page, mapped.records, mapped.problems)
    close_run(database, run, RunStatus.SUCCEEDED)
    return known


def draft(database: Database, text: str = TEXT, name: str = NAME) -> Version:
    wanted = Version(name=name, version=None, author="Lan", written=Written(text=text))
    crosswalks.put_draft(database, wanted)
    return wanted


def publish(database: Database, text: str = TEXT, name: str = NAME) -> None:
    draft(database, text, name)
    crosswalks.publish(database, name, "Lan")


def notes(database: Database) -> dict[str, list[str]]:
    listed = [
        records.get(database, "s1", each.identifier) for each in records.listing(database, "s1")
    ]
    return {each.identifier: each.record.values("500", "a") for each in listed if each.record}


def again(line: Line, stopping: Event, tell=lambda _: None) -> Remapped | None:
    return remap_due(line, stopping, tell, STEP)


def revs(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        rows = connection.execute(select(RecordRow.identifier, RecordRow.rev))
        return {row.identifier: row.rev for row in rows}


def asked(line: Line, text: str = TEXT) -> Effect:
    now = crosswalks.shelf(line.db)
    wanted = Wanted(name=NAME, now=now, then=now.with_draft(NAME, Written(text=text)))
    return effect(line.db, wanted, lambda _: None, Event(), STEP)


def test_records_are_mapped_again_after_publishing_and_placed_where_they_changed(line):
    publish(line.db)
    before = notes(line.db)
    done = again(line, Event())

    assert set(map(tuple, before.values())) == {()}
    assert (done.changed, done.same, done.failed) == (COUNT, 1, 0)
    assert notes(line.db) == {f"A{number}": ["mine"] for number in range(COUNT)} | {"B": []}
    assert waiting(line.db) == COUNT


def test_what_has_been_mapped_again_is_not_touched_twice(line):
    publish(line.db)
    again(line, Event())
    once = revs(line.db)
    queue.enqueue(line.db, REMAP, REMAP, 0)
    done = again(line, Event())

    assert (done.changed, done.same, revs(line.db)) == (0, 0, once)
    assert again(line, Event()) is None


def test_records_mapped_again_are_known_byte_for_byte(line):
    publish(line.db)
    again(line, Event())

    assert deliver(line.db, "A1", "B") == {0, 1}


def test_publishing_another_crosswalk_makes_no_record_new(line):
    text = "crosswalk qdc-marc21 version 9\nfrom qdc to marc21\ninclude shipped/qdc-marc21\n"
    publish(line.db, text, "qdc-marc21")
    done = again(line, Event())

    assert tuple(done) == (0, 0, 0)
    assert deliver(line.db, "A1", "B") == {0, 1}


def test_one_that_is_stopped_is_queued_again_and_goes_on(line):
    publish(line.db)
    stopping = Event()
    first = again(line, stopping, lambda _: stopping.set())
    second = again(line, Event())

    assert (first.changed, second.changed, second.same) == (2, COUNT - 2, 1)


def test_one_whose_worker_died_is_gone_on_with(line):
    publish(line.db)

    def die(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(line, Event(), die)
    forget_owners(line.db)

    assert again(line, Event()).changed == COUNT - 2


def forget_owners(database: Database) -> None:
    """Make all leases look as those of processes that ended long ago."""
    database.writing(lambda connection: connection.execute(update(JobRow).values(lease_until=0)))


def test_a_worker_that_lost_its_lease_writes_nothing(line):
    publish(line.db)
    lease = queue.claim(line.db, REMAP, REMAP)
    forget_owners(line.db)
    queue.claim(line.db, REMAP, REMAP)

    with pytest.raises(LeaseLost):
        put(line, lease)
    assert set(map(tuple, notes(line.db).values())) == {()}


def put(line: Line, lease, edition: int = 1, shelf=None) -> None:
    found = remap.configured(line.db, "s1")
    shelf = shelf or crosswalks.shelf(line.db)
    held = remap.outdated(line.db, found.id, current_versions(found.source, shelf))
    page = remap.page_of(held)
    mapped = map_page(page, found.source, (), None, shelf)
    writer = remap.Writer(lease, found, edition)
    remap.put_again(line.db, writer, page, mapped.records, mapped.problems)


def test_what_was_mapped_by_an_older_edition_is_not_stored(line):
    publish(line.db)
    lease = queue.claim(line.db, REMAP, REMAP)

    with pytest.raises(CrosswalksChanged):
        put(line, lease, edition=0)


def test_a_page_of_a_harvest_mapped_before_a_publication_is_not_stored_after_it(line):
    run = replace(open_run(line.db, "s1"), versions=frozenset(), edition=0)
    page = Page(number=1, url="", records=(raw("C", 0),), next_checkpoint={}, raw=b"", last=True)
    mapped = map_page(page, run.source, ())
    publish(line.db)

    with pytest.raises(CrosswalksChanged):
        put_page(line.db, run, page, mapped.records, mapped.problems)


def test_a_source_changed_in_between_stops_the_page(line):
    publish(line.db)
    lease = queue.claim(line.db, REMAP, REMAP)
    found = remap.configured(line.db, "s1")
    sources.change(line.db, replace(found.source, suppress=('245 $a is "B"',)))
    page = remap.page_of(remap.outdated(line.db, found.id, frozenset()))

    with pytest.raises(SourceChanged):
        remap.put_again(line.db, remap.Writer(lease, found, 1), page, {}, {})


def test_a_rule_that_fails_on_a_record_is_a_problem_of_that_record_only(line):
    text = f'{HEADING}500 __ $a <- dc:title | replace ".*(A+)y$" "z"\ninclude shipped/{NAME}\n'
    deliver(line.db, "A" * 20_000)
    publish(line.db, text)
    again(line, Event())
    told = {
        each.identifier: [
            one["code"] for one in records.get(line.db, "s1", each.identifier).problems
        ]
        for each in records.listing(line.db, "s1")
    }
    stored = records.get(line.db, "s1", "A" * SHORT)

    assert [name for name, codes in told.items() if "mapping-failed" in codes] == ["A" * SHORT]
    assert "line 3" in stored.problems[0]["detail"]
    assert stored.state is RecordState.ACTIVE
    assert stored.record.values("245", "a") == ["A" * 20_000]


def test_records_that_cannot_be_mapped_any_more_stay_as_they_were(line):
    sheet = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    publish(
        line.db,
        f"{HEADING}xslt\n{sheet}<xsl:template match='/*'><a/></xsl:template></xsl:stylesheet>",
    )
    done = again(line, Event())

    assert (done.changed, done.failed) == (0, COUNT + 1)
    assert records.get(line.db, "s1", "B").record is not None
    assert {each["code"] for each in records.get(line.db, "s1", "B").problems} >= {"mapping-failed"}


def test_the_effect_tells_what_would_change_and_changes_nothing(line):
    found = asked(line)

    assert (found.records, found.changed, found.unchanged) == (COUNT + 1, COUNT, 1)
    assert found.fields == {"500": COUNT}
    assert found.samples[0].name == "s1/A0"
    assert found.samples[0].difference == ("+=500  \\\\$amine",)
    assert found.complete
    assert set(map(tuple, notes(line.db).values())) == {()}


def test_the_effect_is_what_publishing_does(line):
    found = asked(line)
    publish(line.db)

    assert again(line, Event()).changed == found.changed


def test_an_effect_that_was_stopped_goes_on_where_it_was(line):
    now = crosswalks.shelf(line.db)
    wanted = Wanted(name=NAME, now=now, then=now.with_draft(NAME, Written(text=TEXT)))
    stopping = Event()
    first = effect(line.db, wanted, lambda _: stopping.set(), stopping, STEP)
    seen = first.records
    forget_owners(line.db)
    looked = []
    second = effect(line.db, wanted, lambda so_far: looked.append(so_far.records), Event(), STEP)

    assert (first.complete, seen, looked[0]) == (False, 2, 4)
    assert second == asked(line)


def test_another_draft_is_asked_about_from_the_beginning(line):
    now = crosswalks.shelf(line.db)
    stopping = Event()
    wanted = Wanted(name=NAME, now=now, then=now.with_draft(NAME, Written(text=TEXT)))
    effect(line.db, wanted, lambda _: stopping.set(), stopping, STEP)
    forget_owners(line.db)

    assert asked(line, TEXT.replace("mine", "yours")).records == COUNT + 1


def test_a_saved_test_keeps_a_draft_from_being_published(line):
    given = raw("A1", 0).body
    crosswalks.save_test(line.db, NAME, Trial(title="t", given=given, expected="=LDR  x"), "Lan")
    draft(line.db)

    with pytest.raises(SavedTestsFailed, match=f"{NAME}/t"):
        crosswalks.publish(line.db, NAME, "Lan")
    assert crosswalks.shelf(line.db).version(NAME) == SHIPPED_ONLY.version(NAME)
    assert crosswalks.draft(line.db, NAME) is not None


def test_the_effect_tells_on_how_many_records_a_rule_would_fail(line):
    deliver(line.db, "A" * 20_000)
    text = f'{HEADING}500 __ $a <- dc:title | replace ".*(A+)y$" "z"\ninclude shipped/{NAME}\n'

    assert asked(line, text).failing == 1


def test_the_effect_counts_what_could_be_mapped_no_more(line):
    sheet = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    body = "<xsl:template match='/*'><a/></xsl:template></xsl:stylesheet>"

    assert asked(line, f"{HEADING}xslt\n{sheet}{body}").vanishing == COUNT + 1


def test_a_worker_with_no_harvest_due_maps_again_and_places(line):
    publish(line.db)

    with beside(lambda stopping: work(line, lambda _: None, stopping, REST_SECONDS)):
        wait_until(lambda: queue.next_due(line.db, REMAP) is None and not waiting(line.db))
        wait_until(lambda: notes(line.db)["A0"] == ["mine"] and not waiting(line.db))

    assert notes(line.db)["A6"] == ["mine"]


def test_another_release_of_the_program_has_records_mapped_again(line, monkeypatch):
    remap_module.queue_if_outdated(line)
    first = remap_due(line, Event())
    remap_module.queue_if_outdated(line)
    is_quiet = queue.next_due(line.db, REMAP) is None
    monkeypatch.setattr(versioning, "CODE", versioning.CODE + 1)
    monkeypatch.setattr(crosswalks.shelf(line.db), "_versions", {})
    remap_module.queue_if_outdated(line)
    again = remap_due(line, Event())

    assert is_quiet
    assert (first, again) == (Remapped(0, 0, 0), Remapped(0, COUNT + 1, 0))
