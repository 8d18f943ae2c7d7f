"""How sources fare, as staff watch them: in a word, with what runs, waits and is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalogue import decisions, quarantine_lists, runs, watch
from catalogue.errors import NoSuchSource, NotInQuarantine
from catalogue.model import Counts, Run, RunStatus, Source
from catalogue.store import close_run, open_run
from catalogue.watch import Watched
from scheduler.errors import StoppedBySomebody
from scheduler.health import Health, health, next_run
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.refetch import refetch
from scheduler.replay import replay
from scheduler.timetable import Timetable
from support.lines import Hub
from support.oai_source import Item, Repository, items

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
BROKEN = [Item(identifier=f"x{n}", payload="<q xmlns='urn:q'/>") for n in range(2)]


def fares(
    status: RunStatus | None = None, hours: float | None = None, **settings: object
) -> Health:
    """Return how a source fares whose last run ended so, and which succeeded so long ago."""
    success = (NOW - timedelta(hours=hours)).isoformat() if hours is not None else ""
    last = None if status is None else run(status)
    waiting = 1 if status is RunStatus.WAITING else None
    source = Source(name="s", library="L", protocol="oai-pmh", url="http://x.vn", **settings)
    watched = Watched(
        source=source,
        library="L",
        current=None,
        last=last,
        success=success,
        queued=None,
        waiting=waiting,
    )
    return health(watched, NOW, Timetable())


def run(status: RunStatus) -> Run:
    return Run(
        id=1,
        source="s",
        status=status,
        started="",
        finished="",
        counts=Counts(),
        seconds=1,
        message="",
    )


def test_a_source_fares_as_its_last_run_did_and_its_schedule_wants():
    good = RunStatus.SUCCEEDED

    assert fares() is Health.NEW
    assert fares(good, 1) is Health.FRESH
    assert fares(good, 1000) is Health.FRESH
    assert fares(good, 11, schedule="every 6 hours") is Health.FRESH
    assert fares(good, 13, schedule="every 6 hours") is Health.LATE
    assert fares(RunStatus.FAILED, 1) is Health.FAILING
    assert fares(RunStatus.INCOMPLETE, 1) is Health.FAILING
    assert fares(RunStatus.CANCELLED, 1) is Health.FRESH
    assert fares(RunStatus.WAITING, 1, paused=True) is Health.WAITING
    assert fares(RunStatus.FAILED, 1, paused=True) is Health.PAUSED


def test_the_next_run_is_told_unless_the_source_is_paused():
    source = Source(
        name="s", library="L", protocol="oai-pmh", url="http://x.vn", schedule="daily 13:00"
    )

    assert next_run(source, NOW, Timetable()) == NOW + timedelta(hours=1)
    assert next_run(replace(source, paused=True), NOW, Timetable()) is None
    assert next_run(replace(source, schedule=""), NOW, Timetable()) is None


def test_a_source_is_watched_with_what_runs_ended_and_waits(hub: Hub):
    hub.add("s1", Repository(items=items(3)))
    hub.add("s2", Repository())
    harvest(hub.line, "s1", HarvestOptions())
    stopped = open_run(hub.database, "s1")
    assert stopped is not None
    close_run(hub.database, stopped, RunStatus.CANCELLED, StoppedBySomebody(run=stopped.run_id))
    under_way = open_run(hub.database, "s1")
    hub.enqueue("s2")
    first, second = watch.all_sources(hub.database)

    assert under_way is not None
    assert first.current is not None
    assert first.current.id == under_way.run_id
    assert first.last is not None
    assert first.last.id == stopped.run_id
    assert (bool(first.success), first.queued, first.library) == (True, None, "S1")
    assert (second.current, second.last, second.success) == (None, None, "")
    assert second.queued is not None
    assert second.queued < 0
    assert (first.is_busy, second.is_busy) == (True, True)


def test_what_waits_for_a_person_is_told_however_many_runs_come_after_it(hub: Hub):
    hub.add("s1", Repository())
    for status in (RunStatus.WAITING, RunStatus.SUCCEEDED):
        opened = open_run(hub.database, "s1")
        assert opened is not None
        close_run(hub.database, opened, status)
    before = watch.source(hub.database, "s1")
    decisions.discard(hub.database, 1)
    after = watch.source(hub.database, "s1")

    assert (before.waiting, health(before, NOW, Timetable())) == (1, Health.WAITING)
    assert (after.waiting, health(after, NOW, Timetable())) == (None, Health.FRESH)


def test_what_never_asked_the_server_says_nothing_of_how_a_source_fares(hub: Hub):
    hub.add("s1", Repository(items=items(2)))
    first = harvest(hub.line, "s1", HarvestOptions()).run
    assert first is not None
    broken = open_run(hub.database, "s1")
    assert broken is not None
    close_run(hub.database, broken, RunStatus.FAILED)
    refetch(hub.line, ("s1", items(2)[0].identifier))
    replay(hub.line, first)
    watched = watch.source(hub.database, "s1")

    assert watched.last is not None
    assert watched.last.id == broken.run_id
    assert health(watched, NOW, Timetable()) is Health.FAILING


def test_a_source_that_is_not_there_is_not_watched(hub: Hub):
    with pytest.raises(NoSuchSource):
        watch.source(hub.database, "none")


def test_problems_are_told_by_kind_with_samples(hub: Hub):
    hub.add("s1", Repository(items=[*items(3), *BROKEN], page_size=9))
    number = harvest(hub.line, "s1", HarvestOptions()).run
    assert number is not None
    found = {kind.code: kind for kind in watch.problems(hub.database, number)}
    grave = [kind for kind in found.values() if kind.severity == "error"]

    assert [(kind.count, len(kind.samples)) for kind in grave] == [(2, 2)]
    assert {sample.identifier for sample in grave[0].samples} == {"x0", "x1"}


def test_quarantine_is_listed_by_source_and_reason_page_by_page(hub: Hub):
    hub.add("s1", Repository(items=[*items(3), *BROKEN], page_size=9))
    hub.add("s2", Repository())
    for name in ("s1", "s2"):
        harvest(hub.line, name, HarvestOptions())
    [reason] = quarantine_lists.reasons(hub.database)
    first = quarantine_lists.lines(hub.database, "s1", reason.code, limit=1)
    second = quarantine_lists.lines(hub.database, "s1", reason.code, first[0].key)

    assert (reason.source, reason.count) == ("s1", 2)
    assert [line.identifier for line in (*first, *second)] == ["x0", "x1"]
    assert not first[0].live
    assert quarantine_lists.lines(hub.database, "s1", "other") == []
    assert quarantine_lists.lines(hub.database, "s2") == []
    assert quarantine_lists.line(hub.database, first[0].key) == first[0]


def test_what_is_not_in_quarantine_is_said_so(hub: Hub):
    with pytest.raises(NotInQuarantine):
        quarantine_lists.line(hub.database, 99)
    with pytest.raises(NoSuchSource):
        quarantine_lists.lines(hub.database, "none")


def test_runs_are_paged_backwards(hub: Hub):
    hub.add("s1", Repository())
    for _ in range(3):
        opened = open_run(hub.database, "s1")
        assert opened is not None
        close_run(hub.database, opened, RunStatus.SUCCEEDED)

    assert [each.id for each in runs.all(hub.database, "s1", limit=2)] == [3, 2]
    assert [each.id for each in runs.all(hub.database, "s1", limit=2, before=2)] == [1]
