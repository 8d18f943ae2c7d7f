"""What is in quarantine is read again by command, and when what decides it is changed."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from catalogue import crosswalks, quarantine, queue, records, sources
from catalogue.crosswalks import Version
from catalogue.model import RecordState
from crosswalks.shelf import Written
from scheduler.errors import RetryBusy
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.remap import remap_due
from scheduler.retry import retry_now
from support.lines import Hub
from support.oai_source import Item, Repository, dublin_core, items

NAME = "oai_dc-marc21"
STRICT = f"crosswalk {NAME} version 2\nfrom oai_dc to marc21\ninclude shipped/{NAME}\n"


def go(hub: Hub, **options):
    return harvest(hub.line, "s1", HarvestOptions(**options))


def wrong_crosswalk(hub: Hub, name: str) -> None:
    sources.change(
        hub.database, replace(sources.get(hub.database, "s1"), crosswalk=name), same_list=True
    )


def aside(hub: Hub) -> list[tuple[str, bool]]:
    return [(each.identifier, each.live) for each in quarantine.listing(hub.database)]


@pytest.fixture
def refusing(hub: Hub) -> Hub:
    """A hub whose source names a crosswalk that is not for its records."""
    hub.add("s1", Repository(items=items(3)))
    wrong_crosswalk(hub, "unimarc-marc21")
    go(hub)
    return hub


def test_by_command_what_can_be_read_now_comes_alive(refusing):
    before = aside(refusing)
    wrong_crosswalk(refusing, "")

    done = retry_now(refusing.line, ["s1"], Event())

    assert (len(before), done.read, done.left) == (3, 3, 0)
    assert aside(refusing) == []
    assert {each.state for each in records.listing(refusing.database, "s1")} == {RecordState.ACTIVE}


def test_what_still_cannot_be_read_stays(refusing):
    done = retry_now(refusing.line, ["s1"], Event())

    assert (done.read, done.left) == (0, 3)
    assert len(aside(refusing)) == 3


def test_one_record_alone_can_be_asked_for(refusing):
    wrong_crosswalk(refusing, "")
    key = next(quarantine.listing(refusing.database)).key

    assert retry_now(refusing.line, ["s1"], Event(), key=key).read == 1
    assert len(aside(refusing)) == 2


def test_a_refused_version_beside_a_live_one_is_read_when_crosswalks_are_published(hub):
    repository = Repository(items=items(2))
    hub.add("s1", repository)
    go(hub)
    wrong_crosswalk(hub, "unimarc-marc21")
    repository.items = [
        Item(identifier="oai:example.org:0", payload=dublin_core("Mới"), datestamp="2024-06-01")
    ]
    go(hub)
    before = aside(hub)
    wrong_crosswalk(hub, "")
    wanted = Version(name=NAME, version=None, written=Written(text=STRICT))
    crosswalks.put_draft(hub.database, wanted)
    crosswalks.publish(hub.database, NAME, "Lan")

    remap_due(hub.line, Event())

    stored = records.get(hub.database, "s1", "oai:example.org:0")
    assert before == [("oai:example.org:0", True)]
    assert aside(hub) == []
    assert stored.record.values("245", "a") == ["Mới"]


def test_a_worker_reads_it_again_once_the_crosswalk_of_the_source_is_another(refusing):
    before = remap_due(refusing.line, Event())
    wrong_crosswalk(refusing, "")

    remap_due(refusing.line, Event())

    assert before.failed == 3
    assert aside(refusing) == []


def test_two_do_not_read_again_at_a_time(refusing):
    queue.claim(refusing.database, "retry", "retry")

    with pytest.raises(RetryBusy):
        retry_now(refusing.line, ["s1"], Event())
