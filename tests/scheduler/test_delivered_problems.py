"""What was wrong with how a record came is told until it comes again, however often it is read."""

from __future__ import annotations

from threading import Event

import pytest

from catalogue import crosswalks, records
from catalogue.crosswalks import Version
from catalogue.model import RecordState
from crosswalks.shelf import Written
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.remap import remap_due
from scheduler.retry import retry_now
from support.lines import Hub
from support.loopback import Reply
from support.oai_source import Repository, items

NAME = "oai_dc-marc21"
TEXT = f"crosswalk {NAME} version 9\nfrom oai_dc to marc21\ninclude shipped/{NAME}\n"
TITLE = "Nhan đề 1".encode()
FIRST = "oai:example.org:1"


def go(hub: Hub, **options) -> None:
    harvest(hub.line, "s1", HarvestOptions(**options))


def told(hub: Hub) -> list[str]:
    return sorted(problem["code"] for problem in records.get(hub.database, "s1", FIRST).problems)


def deliver(hub: Hub, repository: Repository, title: bytes) -> list[str]:
    """Harvest everything, with a record whose title is these bytes."""
    body = Repository().page(items(3)).replace(TITLE, title)
    repository.faults[""] = Reply(body=body)
    go(hub, full=True)
    return told(hub)


def map_again(hub: Hub) -> None:
    written = Written(text=TEXT)
    crosswalks.put_draft(
        hub.database, Version(name=NAME, version=None, author="Lan", written=written)
    )
    crosswalks.publish(hub.database, NAME, "Lan")
    remap_due(hub.line, Event())


@pytest.fixture
def repository(hub: Hub) -> Repository:
    made = Repository()
    hub.add("s1", made)
    return made


def test_it_stays_when_the_record_is_mapped_again(hub, repository):
    before = deliver(hub, repository, b"Lan & Hoa \x0b&eacute;")
    map_again(hub)

    assert {"bare-ampersand", "html-entity", "illegal-character"} <= {*before}
    assert told(hub) == before


def test_it_stays_once_when_the_same_comes_again(hub, repository):
    before = deliver(hub, repository, b"Lan & Hoa \x0b")

    assert deliver(hub, repository, b"Lan & Hoa \x0b") == before


def test_it_goes_when_the_same_record_comes_as_it_should(hub, repository):
    damaged = deliver(hub, repository, b"Lan & Hoa")

    assert deliver(hub, repository, b"Lan &amp; Hoa") == [
        code for code in damaged if code != "bare-ampersand"
    ]


def test_why_a_record_was_cut_out_stays_when_it_is_read_again(hub, repository):
    before = deliver(hub, repository, b"<b>never closed")
    first = records.get(hub.database, "s1", FIRST).problems
    retry_now(hub.line, ["s1"], Event())
    again = records.get(hub.database, "s1", FIRST)

    assert (again.state, before) == (RecordState.QUARANTINED, ["damaged-record"])
    assert again.problems == first
