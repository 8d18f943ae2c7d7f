"""The clock queues what is due, by the schedules as they stand now; one of several leads."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from threading import Event
from typing import Any

import pytest
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import func, select

from catalogue import clockwork, queue, sources
from catalogue.clockwork import Maintenance
from catalogue.database import Database
from catalogue.model import Source
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow
from scheduler import housekeeping, schedule
from scheduler.clock import Clock
from scheduler.timetable import Missed, Timetable
from scheduler.upcoming import Outlook, outlook
from support.lines import REST_SECONDS, beside, wait_until

SOURCE = Source(name="s1", library="L1", protocol="oai-pmh", url="http://127.0.0.1/oai")
EVERY_SECOND = "every second"


@pytest.fixture
def _seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a schedule come round each second, which no member library should be asked to bear."""

    usual = schedule.trigger

    def trigger(words: str, zone: tzinfo) -> BaseTrigger:
        quick = words == EVERY_SECOND
        return IntervalTrigger(seconds=1, timezone=zone) if quick else usual(words, zone)

    monkeypatch.setattr(schedule, "trigger", trigger)


def ticking(database: Database, **timetable: Any) -> AbstractContextManager[Event]:
    return beside(Clock(database, Timetable(**timetable), REST_SECONDS).run)


def zone_where_it_is(hour: int, minute: int) -> tzinfo:
    now = datetime.now(UTC)
    ahead = timedelta(hours=hour - now.hour, minutes=minute - now.minute)
    return timezone(ahead)


def count(database: Database, key: str) -> int:
    """Return how many jobs of a key there ever were."""
    query = select(func.count()).where(JobRow.key == key)
    with database.reading() as connection:
        return connection.execute(query).scalar_one()


def do(database: Database, name: str) -> None:
    """Wait until a harvest is queued, and do it."""
    wait_until(lambda: queue.next_due(database, KIND) == job_key(name))
    lease = queue.claim(database, KIND, job_key(name), anew=False)
    assert lease is not None
    database.writing(lambda connection: queue.finish(connection, lease))


def test_a_source_that_is_due_is_queued_and_one_without_a_schedule_is_not(database):
    sources.add(database, replace(SOURCE, schedule="every 1 minutes"))
    sources.add(database, replace(SOURCE, name="s2"))

    with ticking(database):
        wait_until(lambda: queue.next_due(database, KIND) == job_key("s1"))

    assert (count(database, job_key("s1")), count(database, job_key("s2"))) == (1, 0)


@pytest.mark.usefixtures("_seconds")
def test_a_schedule_given_changed_or_taken_away_holds_from_then_on(database):
    sources.add(database, SOURCE)
    with ticking(database):
        wait_until(lambda: count(database, "clock"))
        sources.change(database, replace(SOURCE, schedule=EVERY_SECOND))
        do(database, "s1")

        sources.change(database, replace(SOURCE, schedule=""))
        sources.add(database, replace(SOURCE, name="s2", schedule=EVERY_SECOND))
        wait_until(lambda: count(database, job_key("s2")))
        before = count(database, job_key("s1"))
        while queue.next_due(database, KIND) == job_key("s1"):
            do(database, "s1")
        do(database, "s2")
        do(database, "s2")

        assert count(database, job_key("s1")) == before


def test_a_schedule_that_cannot_be_read_stops_no_other(database):
    sources.add(database, replace(SOURCE, schedule="whenever"))
    sources.add(database, replace(SOURCE, name="s2", schedule="every 1 minutes"))

    with ticking(database):
        wait_until(lambda: count(database, job_key("s2")))

    assert count(database, job_key("s1")) == 0


def test_a_second_clock_waits_and_goes_on_when_the_first_ends(database):
    sources.add(database, replace(SOURCE, schedule="every 1 minutes"))
    with ticking(database) as first:
        do(database, "s1")
        with ticking(database):
            assert count(database, "clock") == 1
            first.set()
            do(database, "s1")

    assert count(database, "clock") == 2


def test_once_a_day_pages_are_looked_through(database):
    with ticking(database, zone=zone_where_it_is(3, 16)):
        wait_until(lambda: queue.next_due(database, housekeeping.KIND) == housekeeping.KIND)

    assert count(database, housekeeping.KIND) == 1


def test_what_came_round_while_no_clock_ran_is_harvested_once(database):
    sources.add(database, replace(SOURCE, schedule="daily 00:00"))
    now = datetime.now(UTC)
    clockwork.saw(database, int((now - timedelta(days=3)).timestamp()))
    with ticking(database, zone=zone_where_it_is(12, 0)):
        do(database, "s1")
        wait_until(lambda: clockwork.state(database).seen >= int(now.timestamp()))

    assert count(database, job_key("s1")) == 1


def test_what_came_round_while_no_clock_ran_is_passed_over_where_that_is_wanted(database):
    sources.add(database, replace(SOURCE, schedule="daily 00:00"))
    sources.add(database, replace(SOURCE, name="s2", schedule="every 1 minutes"))
    now = datetime.now(UTC)
    clockwork.saw(database, int((now - timedelta(days=3)).timestamp()))
    with ticking(database, zone=zone_where_it_is(12, 0), missed=Missed.SKIP):
        do(database, "s2")

    assert count(database, job_key("s1")) == 0


def test_a_machines_clock_that_was_ahead_and_is_put_right_holds_nothing_up(database):
    ahead = Event()
    ahead.set()

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=1 if ahead.is_set() else 0)

    with beside(Clock(database, Timetable(), REST_SECONDS, now).run):
        wait_until(lambda: clockwork.state(database).seen > datetime.now(UTC).timestamp() + 3000)
        sources.add(database, replace(SOURCE, schedule="every 1 minutes"))
        ahead.clear()
        do(database, "s1")

        wait_until(lambda: clockwork.state(database).seen < datetime.now(UTC).timestamp() + 60)


def test_what_is_due_in_a_maintenance_window_is_queued_for_its_end(database):
    ends = int(datetime.now(UTC).timestamp()) + 5000
    clockwork.pause(database, Maintenance(begins=0, ends=ends))
    sources.add(database, replace(SOURCE, schedule="every 1 minutes"))
    with ticking(database):
        wait_until(lambda: queue.waiting(database, KIND))

    assert queue.waiting(database, KIND) == {job_key("s1"): ends}


def test_a_chore_whose_schedule_was_taken_away_is_not_done(database):
    sources.add(database, replace(SOURCE, schedule="every 1 minutes"))
    with ticking(database, zone=zone_where_it_is(3, 16), chores={housekeeping.KIND: ""}):
        do(database, "s1")

    assert count(database, housekeeping.KIND) == 0


def test_whether_a_clock_leads_and_when_one_was_seen_is_known_to_all(database):
    def now() -> Outlook:
        return outlook(database, Timetable(), datetime.now(UTC))

    before = now()
    with ticking(database):
        wait_until(lambda: now().seen)
        during = now()
    after = now()

    assert (before.led, before.seen) == (False, None)
    assert during.led
    assert (after.led, after.seen) == (False, during.seen)


def test_a_replica_that_lags_behind_hides_no_schedule_from_the_clock(engine):
    with (
        engine.fresh() as url,
        engine.fresh() as lagging,
        closing(Database.open(url)) as primary,
        closing(Database.open(url, lagging)) as database,
    ):
        sources.add(primary, replace(SOURCE, schedule="every 1 minutes"))
        with ticking(database):
            wait_until(lambda: count(primary, job_key("s1")))
