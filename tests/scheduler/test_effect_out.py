"""The effect of a crosswalk out of MARC 21: how many records given out would change, and how."""

from __future__ import annotations

from threading import Event

import pytest
from sqlalchemy import update

from catalogue import crosswalks
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from catalogue.tables import JobRow
from crosswalks import shipped
from crosswalks.shelf import Written
from scheduler.effect import Effect, Wanted, effect
from scheduler.model import Line
from scheduler.rewrite import rewrite_due
from support.harvesting import LOOPBACK
from support.pages import Book, add_source, books, deliver, place_all

NAME, OTHER = "marc21-oai_dc", "marc21-mods"
HEADING = f"crosswalk {NAME} version 9\nfrom marc21 to oai_dc\n"
TEXT = f'{HEADING}dc:rights <- "mine" if 245 $a matches "^A"\ninclude shipped/{NAME}\n'
NOTHING = (
    f"{HEADING}xslt\n"
    '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    "<xsl:template match='/*'/></xsl:stylesheet>"
)
COUNT = 5
STEP = 2


@pytest.fixture
def hub(database: Database) -> Database:
    """Give a hub with placed records of one source."""
    add_source(database)
    titles = [*(f"A{number}" for number in range(COUNT)), "B"]
    deliver(database, "s1", *books([(each, Book(title=each, author=each)) for each in titles]))
    place_all(database)
    return database


def wanted(database: Database, text: str = TEXT, name: str = NAME) -> Wanted:
    now = crosswalks.shelf(database)
    return Wanted(name=name, now=now, then=now.with_draft(name, Written(text=text)))


def asked(database: Database, text: str = TEXT, name: str = NAME) -> Effect:
    return effect(database, wanted(database, text, name), lambda _: None, Event(), STEP)


def publish(database: Database, text: str) -> None:
    crosswalks.put_draft(database, Version(name=NAME, version=None, written=Written(text=text)))
    crosswalks.publish(database, NAME, "Lan")


def test_it_tells_what_would_change_with_samples(hub):
    found = asked(hub)

    assert (found.records, found.given_out) == (COUNT + 1, COUNT + 1)
    assert (found.changed, found.unchanged, found.complete) == (COUNT, 1, True)
    assert found.fields == {"dc:rights": COUNT}
    assert found.samples[0].difference == ("+<dc:rights>mine</dc:rights>",)
    assert found.samples[0].name.isdigit()


def test_it_is_what_publishing_then_does(hub, tmp_path):
    found = asked(hub)
    publish(hub, TEXT)
    line = Line(db=hub, raw_store=FolderRawStore(tmp_path), identity=HubIdentity(), http=LOOPBACK)

    assert rewrite_due(line, Event()).changed == found.changed
    assert asked(hub, TEXT.replace("version 9", "version 8")).changed == 0


def test_rules_that_several_formats_share_tell_what_would_become_of_each(hub):
    text = shipped.rules("marc21-headings").replace("dc:title ", "dc:coverage ")

    found = asked(hub, text, "marc21-headings")

    each = dict.fromkeys([NAME, "marc21-qdc", "marc21-edm", "marc21-etdms"], COUNT + 1)
    assert found.crosswalks == each
    assert found.changed == found.records == sum(each.values())


def test_of_a_format_that_is_made_on_request_both_ways_are_made(hub):
    text = (
        f"crosswalk {OTHER} version 9\nfrom marc21 to mods\n"
        f'note <- "mine" if 245 $a is "B"\ninclude shipped/{OTHER}\n'
    )

    found = asked(hub, text, OTHER)

    assert (found.changed, found.unchanged) == (1, COUNT)
    assert "+<note>mine</note>" in found.samples[0].difference


def test_what_could_be_made_no_more_is_counted(hub):
    found = asked(hub, NOTHING)

    assert (found.vanishing, found.failing) == (COUNT + 1, COUNT + 1)


def test_one_that_was_stopped_goes_on_where_it_was(hub):
    stopping = Event()
    first = effect(hub, wanted(hub), lambda _: stopping.set(), stopping, STEP)
    seen = first.records
    looked: list[int] = []
    hub.writing(lambda connection: connection.execute(update(JobRow).values(lease_until=0)))
    second = effect(hub, wanted(hub), lambda so_far: looked.append(so_far.records), Event(), STEP)

    assert (first.complete, seen, looked[0]) == (False, STEP, 2 * STEP)
    assert second == asked(hub)
