"""Digests are written once a day or week, from where the last one ended, and sent like all else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalogue import queue
from catalogue.alerts import channels, outbox
from catalogue.alerts.model import MESSAGE, Channel, ChannelKind, Message, Rhythm
from catalogue.retention import Retention
from catalogue.tickets.model import Kind, Report
from catalogue.tickets.opening import open_ticket
from catalogue.tickets.working import address_of
from scheduler.alerts.digests import queue_digests
from scheduler.housekeeping import prune_due, queue_prune
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support import pages
from support.lines import Hub
from support.oai_source import Item, Repository, items
from web.alerts.letters import Letters

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 11, 30, 3, 15, tzinfo=ZONE)
DAY = timedelta(days=1)
BROKEN = Item(identifier="x0", payload="<q xmlns='urn:q'/>")


def add(hub: Hub, name: str, digest: Rhythm, **settings: object) -> Channel:
    target = f"{name}@example.vn"
    channel = Channel(name=name, kind=ChannelKind.MAIL, target=target, digest=digest)
    return channels.add(hub.database, replace(channel, **settings))


def written(hub: Hub) -> list[Message]:
    found = [outbox.of_job(hub.database, key) for key in queue.due(hub.database, MESSAGE)]
    return [each for each in found if each]


def test_a_digest_is_due_once_a_day_or_week_and_missed_days_are_caught_up(hub: Hub):
    add(hub, "daily", Rhythm.DAILY)
    add(hub, "weekly", Rhythm.WEEKLY)
    add(hub, "none", Rhythm.NEVER)
    days = (0, 0, 1, 2, 8, 9)
    counts = [queue_digests(hub.database, MONDAY + number * DAY) for number in days]

    assert counts == [2, 0, 1, 1, 2, 1]


def test_the_day_is_that_of_the_hub(hub: Hub):
    add(hub, "daily", Rhythm.DAILY)
    late = datetime(2026, 11, 30, 23, 59, tzinfo=ZONE)
    counts = [queue_digests(hub.database, late + timedelta(minutes=n)) for n in (0, 2)]

    assert counts == [1, 1]


def test_it_begins_where_the_last_one_ended(hub: Hub):
    hub.add("s1", Repository(items=items(3)))
    harvest(hub.line, "s1", HarvestOptions())
    add(hub, "daily", Rhythm.DAILY)
    now = datetime.now(ZONE) + timedelta(seconds=2)
    for number in (0, 1):
        queue_digests(hub.database, now + number * DAY)
    first, second = (each.payload for each in written(hub)) if _due(hub) else ({}, {})

    assert first["sources"][0]["delivered"] == 3
    assert second["since"] == first["until"]
    assert second["sources"][0]["delivered"] == 0


def _due(hub: Hub) -> bool:
    """Have what is due tomorrow due now."""
    hub.database.writing(
        lambda connection: connection.exec_driver_sql("UPDATE job SET due = id") and None
    )
    return True


def test_a_library_is_told_what_it_has_to_mend_and_nobody_elses(hub: Hub):
    for name in ("s1", "s2"):
        hub.add(name, Repository(items=[*items(3), BROKEN], page_size=9))
        harvest(hub.line, name, HarvestOptions())
    add(hub, "member", Rhythm.WEEKLY, library="S1")
    add(hub, "staff", Rhythm.WEEKLY, sources=("s2",))
    queue_digests(hub.database, datetime.now(ZONE))
    member, staff = (each.payload for each in written(hub))
    grave = [each for each in member["mend"] if each["severity"] == "error"]

    assert [each["name"] for each in member["sources"]] == ["s1"]
    assert [(each["source"], each["count"]) for each in grave] == [("s1", 1)]
    assert grave[0]["samples"][0]["identifier"] == "x0"
    assert (member["sources"][0]["quarantined"], member["sources"][0]["state"]) == (1, "fresh")
    assert ([each["name"] for each in staff["sources"]], staff["mend"]) == (["s2"], [])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_hubs_housekeeping_writes_them(hub: Hub):
    add(hub, "daily", Rhythm.DAILY)
    queue_prune(hub.database)
    prune_due(hub.line)

    assert [each.channel.name for each in written(hub)] == ["daily"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_they_say_how_many_reports_of_readers_wait_and_old_addresses_are_forgotten(hub: Hub):
    for name in ("s1", "s2"):
        pages.add_source(hub.database, name, name.upper())
        pages.deliver(hub.database, name, *pages.books([("a", pages.Book(title=name))]))
    pages.place_all(hub.database)
    report = Report(kind=Kind.OTHER, text="Sai năm xuất bản", mail="doc@example.vn")
    open_ticket(hub.database, "000000001", "s1", report)
    for name, library in (("s1", "S1"), ("s2", "S2"), ("all", "")):
        add(hub, name, Rhythm.DAILY, library=library)
    forgetting = replace(hub.line, retention=Retention(reader_days=-1))
    queue_prune(hub.database)
    prune_due(forgetting)
    told = {each.channel.name: each.payload for each in written(hub)}
    wording = Letters(identity=hub.line.identity)

    assert {name: each["tickets"] for name, each in told.items()} == {"s1": 1, "s2": 0, "all": 1}
    assert [
        "chưa xử lý xong: 1" in wording.digest(each, [], hub_channel(name)).text
        for name, each in told.items()
    ] == [bool(each["tickets"]) for each in told.values()]
    assert address_of(hub.database, 1) == ""


def hub_channel(name: str) -> Channel:
    return Channel(name=name, kind=ChannelKind.MAIL, target="a@example.vn")
