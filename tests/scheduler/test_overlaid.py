"""Members that take masters over and are harvested again: nothing changes by it, ever.

Over real OAI-PMH, through the whole line, and looked at as readers see it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from catalogue import queue, records
from catalogue.browse import cluster
from catalogue.cluster.rebuild import rebuild
from catalogue.crosswalks import REMAP
from catalogue.improved import giving
from catalogue.merge import is_echo
from catalogue.model import RunStatus
from catalogue.served import served
from catalogue.tables import ItemRow, MasterRow, MemberRow, RecordRow
from catalogue.verdicts import Said, Verdict, decide
from crosswalks.formats import marcxml
from crosswalks.model import Control, Field, Record
from protocols.oai import MARC21
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest, settle
from scheduler.remap import remap_due
from support.lines import Hub
from support.marc import lines, marc
from support.oai_source import Item, Repository

ONE = (
    "008 200101s1936    vm            000 0 vie d",
    "020 __ $a9786049763342",
    "100 0_ $aVũ Trọng Phụng",
    "245 10 $aSố đỏ",
    "264 _1 $aHà Nội$bVăn học$c1936",
    "300 __ $a250 tr.",
)
OURS = marc("001 a1", *ONE, "650 _4 $aVăn học Việt Nam", "852 __ $aA$bKho đọc")
THEIRS = marc("001 b1", *ONE, "500 __ $aCó chữ ký tác giả", "852 __ $aB$bKho mượn")
OTHER = marc("001 c1", *ONE[:1], "100 0_ $aNam Cao", "245 10 $aSống mòn", "300 __ $a300 tr.")


class Members:
    """Libraries with a record each, and the hub that harvests them."""

    def __init__(self, hub: Hub, **given: Record) -> None:
        self.hub = hub
        self.endpoints = {
            name: Repository(items=[], formats=(("marc21", MARC21),)) for name in given
        }
        self._day = 0
        for name, record in given.items():
            hub.add(name, self.endpoints[name])
            self.give(name, record)
        self.harvest()

    def give(self, name: str, record: Record) -> None:
        """Have a library's record be another from the next day on."""
        self._day += 1
        item = Item(
            identifier=f"oai:{name}:1",
            payload=marcxml.write(record).decode(),
            datestamp=f"2024-06-{self._day:02}",
        )
        self.endpoints[name].items[:] = [item]

    def harvest(self) -> None:
        """Harvest all, and place what came."""
        for name in self.endpoints:
            outcome = harvest(self.hub.line, name, HarvestOptions())
            assert outcome.status is RunStatus.SUCCEEDED, outcome

    def cluster_of(self, name: str) -> str:
        """Return the cluster that a library's record is in."""
        return records.get(self.hub.database, name, f"oai:{name}:1").cluster

    def stored(self, name: str) -> Record:
        """Return a library's record as it was delivered last."""
        found = records.get(self.hub.database, name, f"oai:{name}:1").record
        assert found is not None
        return found

    def master(self, name: str) -> Record:
        """Return the master that a library would take over."""
        found = served(self.hub.database, self.cluster_of(name), "public")
        assert found is not None
        assert found.record is not None
        return found.record

    def given_out(self) -> list[Any]:
        """Return all that could change: the partition, stamps, and masters to the byte."""
        with self.hub.database.reading() as connection:
            return [
                sorted(map(tuple, connection.execute(query)))
                for query in (
                    select(MemberRow.record_id, MemberRow.cluster_id),
                    select(ItemRow.view_id, ItemRow.cluster_id, ItemRow.stamp, ItemRow.hash),
                    select(MasterRow.cluster_id, MasterRow.record, MasterRow.holdings),
                )
            ]


def overlaid(master: Record, number: str, *more: Field) -> Record:
    """Return a master under a library's own number, as its system keeps it: 005 is new."""
    kept = [field for field in master.fields if field[0] not in ("001", "003", "005")]
    ours = Field("035", "  ", (("a", f"(LIENTHONG){master.control('001')}"),))
    own = (Control("001", number), Control("003", "X"), Control("005", "20260101000000.0"))
    return replace(master, fields=(*own, ours, *kept, *more))


def as_given(master: Record, _number: str) -> Record:
    """Return a master taken over with 001 and 003 as they are."""
    fields = (
        Control("005", "20260102030405.0") if field[0] == "005" else field
        for field in master.fields
    )
    return replace(master, fields=tuple(fields))


@pytest.mark.parametrize("taken", [overlaid, as_given])
@pytest.mark.parametrize("who", [("a", "b"), ("a",)])
def test_overlaying_the_master_changes_nothing(
    hub: Hub, taken: Callable[[Record, str], Record], who: tuple[str, ...]
) -> None:
    members = Members(hub, a=OURS, b=THEIRS, c=OTHER)
    before = members.given_out()
    together = members.cluster_of("a") == members.cluster_of("b") != members.cluster_of("c")
    said = lines(members.master("a"), "500", "650")

    for _ in range(2):
        for name in who:
            members.give(name, taken(members.master(name), f"{name}1"))
        members.harvest()
        assert members.given_out() == before
        assert all(is_echo(members.stored(name), "LIENTHONG") for name in who)

    assert together
    assert said == ["500 __ $aCó chữ ký tác giả", "650 _4 $aVăn học Việt Nam"]
    found = rebuild(hub.database, processes=1)
    assert (found.again, found.links) == (0, 0)


def test_loading_what_is_given_back_changes_nothing_either(hub: Hub) -> None:
    moments = itertools.count(2**34, 10)

    def back(name: str) -> list[Record]:
        # Once the last second is over.
        with patch("catalogue.clock.wall_clock", side_effect=lambda: next(moments)):
            return list(giving.records(hub.database, name.upper(), "public", hub.line.identity))

    members = Members(hub, a=OURS, b=THEIRS, c=OTHER)
    before = members.given_out()
    given = {name: back(name) for name in "abc"}
    for _ in range(2):
        for name in "ab":
            [record] = given[name]
            members.give(name, record)
        members.harvest()
        assert members.given_out() == before
        assert [back(name) for name in "abc"] == [[], [], []]

    assert given["c"] == []
    assert not any(is_echo(members.stored(name), "LIENTHONG") for name in "ab")
    found = rebuild(hub.database, processes=1)
    assert (found.again, found.links) == (0, 0)


def test_what_a_library_adds_for_itself_changes_nothing_but_its_holding(hub: Hub) -> None:
    members = Members(hub, a=OURS, b=THEIRS)
    before = lines(members.master("a"), "245", "500", "650")
    local = Field("952", "  ", (("p", "DKCB1"),))
    shelf = Field("852", "  ", (("a", "B"), ("b", "Kho mới")))
    members.give("b", overlaid(members.master("b"), "b1", local, shelf))
    members.harvest()

    assert lines(members.master("a"), "245", "500", "650") == before
    assert lines(members.master("a"), "852", "952") == [
        "852 __ $aA$bKho đọc",
        "852 __ $aB$bKho mượn",
        "852 __ $aB$bKho mới",
    ]


def test_a_version_of_its_own_counts_again_and_the_one_before_is_forgotten(hub: Hub) -> None:
    members = Members(hub, a=OURS, b=THEIRS)
    members.give("b", overlaid(members.master("b"), "b1"))
    members.harvest()
    members.give("b", marc("001 b1", *ONE, "500 __ $aBản in thử"))
    members.harvest()

    assert lines(members.master("a"), "500") == ["500 __ $aBản in thử"]


def test_who_takes_over_a_record_it_never_had_adds_a_holding_only(hub: Hub) -> None:
    members = Members(hub, a=OURS, b=THEIRS, c=OTHER)
    joined = members.cluster_of("a")
    before = lines(members.master("a"), "245", "500", "650")
    # It held another book under this number.
    members.give("c", overlaid(members.master("a"), "c1"))
    members.harvest()

    assert members.cluster_of("c") == joined
    assert lines(members.master("a"), "245", "500", "650") == before
    assert [each.library for each in cluster(hub.database, joined).holdings] == ["A", "B", "C"]


def test_the_hub_s_number_is_nobody_s_own(hub: Hub) -> None:
    members = Members(hub, a=OURS)
    taken = as_given(members.master("a"), "")
    later = Members(hub, d=taken)

    assert later.cluster_of("d") == members.cluster_of("a")
    assert lines(members.master("a"), "035") == ["035 __ $a(A)a1", "035 __ $a(D)oai:d:1"]


def test_an_id_that_was_merged_away_meanwhile_stands_for_its_successor(hub: Hub) -> None:
    members = Members(hub, a=OURS, b=OTHER)
    taken = overlaid(members.master("b"), "b1")
    apart = members.cluster_of("a") != members.cluster_of("b")
    pair = (("a", "oai:a:1"), ("b", "oai:b:1"))
    decide(hub.database, *pair, Verdict.SAME, Said(author="an", reason="", seen=""))
    settle(hub.line)
    before = members.given_out()
    members.give("b", taken)
    members.harvest()

    assert apart
    assert members.given_out() == before


def test_what_is_mapped_again_is_still_matched_by_its_own_version(hub: Hub) -> None:
    members = Members(hub, a=OURS, b=THEIRS)
    before = members.given_out()
    members.give("b", overlaid(members.master("b"), "b1"))
    members.harvest()
    with_own = update(RecordRow).where(RecordRow.own.is_not(None))
    outdated = with_own.values(crosswalk_version="x", content_hash=b"x")
    hub.database.writing(lambda connection: connection.execute(outdated))
    queue.enqueue(hub.database, REMAP, REMAP, 0)
    again = remap_due(hub.line, Event())
    settle(hub.line)

    assert again is not None
    assert again.changed == 1
    assert members.given_out() == before
