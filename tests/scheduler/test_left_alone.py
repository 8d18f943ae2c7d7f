"""Sources that are left alone: in their quiet hours, while paused, while their server is busy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select

from catalogue import clockwork, queue, sources
from catalogue.clockwork import Maintenance
from catalogue.database import Database
from catalogue.model import Source
from catalogue.options import Connection
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow
from scheduler import budget, housekeeping
from scheduler.clock import Clock
from scheduler.quiet import LeftAlone, free_from, quiet_until
from scheduler.timetable import Timetable
from support.lines import HANOI, REST_SECONDS, Hub, beside, wait_until
from support.loopback import Reply
from support.oai_source import Repository

SOURCE = Source(name="s1", library="L1", protocol="oai-pmh", url="http://127.0.0.1/oai")


def is_free(database: Database, source: Source) -> bool:
    with database.reading() as connection:
        return budget.is_free(source, queue.living(connection))


def quiet(hours: str) -> Source:
    return replace(SOURCE, connection=Connection(quiet_hours=hours))


def hours_around(now: datetime) -> str:
    """Return quiet hours that have just begun."""
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    return f"{begin:%H:%M}-{end:%H:%M}"


def change(hub: Hub, name: str, **settings: object) -> None:
    sources.change(hub.database, replace(sources.get(hub.database, name), **settings))


def queued(database) -> list[tuple[str, int]]:
    query = select(JobRow.key, JobRow.due).where(JobRow.kind == KIND, JobRow.state == "queued")
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("", "2024-05-06T12:00+07:00", None),
        ("08:00-17:00", "2024-05-06T07:59+07:00", None),
        ("08:00-17:00", "2024-05-06T08:00+07:00", "2024-05-06T17:00+07:00"),
        ("08:00-17:00", "2024-05-06T16:59+07:00", "2024-05-06T17:00+07:00"),
        ("08:00-17:00", "2024-05-06T17:00+07:00", None),
        ("22:00-06:00", "2024-05-06T23:30+07:00", "2024-05-07T06:00+07:00"),
        ("22:00-06:00", "2024-05-07T05:30+07:00", "2024-05-07T06:00+07:00"),
        ("22:00-06:00", "2024-05-06T12:00+07:00", None),
        ("08:00-17:00", "2024-05-06T03:00+00:00", "2024-05-06T17:00+07:00"),
        ("22:00-00:00", "2024-05-06T22:00+07:00", "2024-05-07T00:00+07:00"),
    ],
)
def test_quiet_hours_are_meant_in_the_time_of_the_hub(hours, now, until):
    found = quiet_until(quiet(hours), HANOI, datetime.fromisoformat(now))

    assert found == (datetime.fromisoformat(until) if until else None)


def test_a_worker_leaves_paused_and_quiet_sources_alone_and_does_the_others(hub):
    for name in ("paused", "quiet", "other"):
        hub.add(name, Repository())
    change(hub, "paused", paused=True)
    change(hub, "quiet", connection=Connection(quiet_hours=hours_around(datetime.now(UTC))))
    hub.enqueue("paused", "quiet", "other")

    with beside(hub.work):
        wait_until(lambda: hub.outcomes)

    assert [outcome.source for outcome in hub.outcomes] == ["other"]
    assert {key for key, _ in queued(hub.database)} == {job_key("paused"), job_key("quiet")}


def test_a_source_that_is_resumed_is_harvested(hub):
    hub.add("s1", Repository())
    change(hub, "s1", paused=True)
    hub.enqueue("s1")

    with beside(hub.work):
        change(hub, "s1", paused=False)
        wait_until(lambda: hub.outcomes)

    assert hub.statuses() == ["succeeded"]


def test_a_harvest_ends_after_its_page_when_quiet_hours_begin_and_is_queued_for_their_end(hub):
    repository = Repository()
    hub.add("s1", repository)
    hub.enqueue("s1")
    now = datetime.now(UTC)

    def evening() -> Reply:
        change(hub, "s1", connection=Connection(quiet_hours=hours_around(now)))
        return Reply(body=repository.page(repository.items[2:4], "//4", 5))

    repository.faults["//2"] = evening
    with beside(hub.work):
        wait_until(lambda: hub.outcomes)
    [(_, due)] = queued(hub.database)
    end = quiet_until(sources.get(hub.database, "s1"), UTC, now)

    assert hub.statuses() == ["cancelled"]
    assert hub.outcomes[0].error.code() == "quiet-hours-begun"
    assert hub.outcomes[0].counts.delivered == 4
    assert datetime.fromtimestamp(due, UTC) == end


def test_a_harvest_ends_after_its_page_when_its_source_is_paused(hub):
    repository = Repository()
    hub.add("s1", repository)
    hub.enqueue("s1")

    def pause() -> Reply:
        change(hub, "s1", paused=True)
        return Reply(body=repository.page(repository.items[2:4], "//4", 5))

    repository.faults["//2"] = pause
    with beside(hub.work):
        wait_until(lambda: hub.outcomes)

    assert hub.statuses() == ["cancelled"]
    assert hub.outcomes[0].error.code() == "source-paused"
    assert [key for key, _ in queued(hub.database)] == [job_key("s1")]


def test_all_is_left_alone_in_maintenance_and_goes_on_after_it(hub):
    for name in ("s1", "s2"):
        hub.add(name, Repository())
    clockwork.pause(hub.database, Maintenance(begins=0))
    hub.enqueue("s1", "s2")
    with beside(hub.work):
        # It has looked round: what else there is to do is done meanwhile.
        housekeeping.queue_prune(hub.database)
        wait_until(lambda: queue.latest(hub.database, housekeeping.KIND)[0] == "done")
        before = len(queued(hub.database))
        clockwork.go_on(hub.database)
        wait_until(lambda: len(hub.outcomes) == 2)

    assert before == 2
    assert hub.statuses() == ["succeeded", "succeeded"]


def test_a_harvest_ends_after_its_page_when_maintenance_begins_and_is_queued_for_its_end(hub):
    repository = Repository()
    hub.add("s1", repository)
    hub.enqueue("s1")
    ends = int(datetime.now(UTC).timestamp()) + 5000

    def begin() -> Reply:
        clockwork.pause(hub.database, Maintenance(begins=0, ends=ends))
        return Reply(body=repository.page(repository.items[2:4], "//4", 5))

    repository.faults["//2"] = begin
    with beside(hub.work):
        wait_until(lambda: hub.outcomes)

    assert hub.statuses() == ["cancelled"]
    assert hub.outcomes[0].error.code() == "maintenance-begun"
    assert hub.outcomes[0].counts.delivered == 4
    assert queued(hub.database) == [(job_key("s1"), ends)]


@pytest.mark.parametrize(
    ("hours", "begins", "ends", "free"),
    [
        ("", 0, None, None),
        ("", 20, None, "12:00"),
        ("", 0, 14, "14:00"),
        ("13:00-17:00", 0, 14, "17:00"),
        ("11:00-17:00", 16, 18, "18:00"),
        ("11:00-17:00", 20, 22, "17:00"),
    ],
)
def test_a_harvest_begins_when_neither_maintenance_nor_quiet_hours_are_against_it(
    hours, begins, ends, free
):
    def at(hour: int) -> int:
        return int(datetime(2026, 3, 4, hour, tzinfo=HANOI).timestamp())

    window = Maintenance(begins=at(begins), ends=None if ends is None else at(ends))
    found = free_from(quiet(hours), window, HANOI, datetime(2026, 3, 4, 12, tzinfo=HANOI))

    assert found == (free and datetime.fromisoformat(f"2026-03-04T{free}+07:00"))


def test_a_process_that_stops_ends_the_wait_for_a_busy_server(database):
    sources.add(database, SOURCE)
    stopping = Event()
    alone = LeftAlone(database, "s1", UTC, stopping)

    before = alone.is_set()
    stopping.set()

    assert (before, alone.is_set()) == (False, True)


def test_the_clock_queues_nothing_for_a_paused_source(database):
    sources.add(database, replace(SOURCE, schedule="every 1 minutes", paused=True))
    sources.add(database, replace(SOURCE, name="s2", schedule="every 1 minutes"))

    with beside(Clock(database, Timetable(), REST_SECONDS).run):
        wait_until(lambda: queued(database))

    assert [key for key, _ in queued(database)] == [job_key("s2")]


def test_the_clock_queues_what_is_due_in_quiet_hours_for_their_end(database):
    now = datetime.now(UTC)
    source = replace(quiet(hours_around(now)), schedule="every 1 minutes")
    sources.add(database, source)

    with beside(Clock(database, Timetable(), REST_SECONDS).run):
        wait_until(lambda: queued(database))
    [(_, due)] = queued(database)

    assert datetime.fromtimestamp(due, UTC) == quiet_until(source, UTC, now)
    assert queue.next_due(database, KIND) is None


def test_a_server_has_one_budget_for_all_its_sources(database):
    other = replace(SOURCE, name="s2", url="https://127.0.0.1/another")
    elsewhere = replace(SOURCE, name="s3", url="http://127.0.0.1:8080/oai")
    with budget.place(database, SOURCE) as first, budget.place(database, other) as second:
        free = is_free(database, other), is_free(database, elsewhere)
        with budget.place(database, elsewhere) as third:
            places = first, second, third

    assert places == (True, False, True)
    assert free == (False, True)
    assert is_free(database, other)


def test_a_budget_may_be_larger(database):
    two = replace(SOURCE, connection=Connection(parallel=2))
    with (
        budget.place(database, two) as first,
        budget.place(database, two) as second,
        budget.place(database, two) as third,
    ):
        places = first, second, third

    assert places == (True, True, False)


def test_a_harvest_that_fails_unexpectedly_gives_its_place_back(database):
    with pytest.raises(ZeroDivisionError), budget.place(database, SOURCE):
        raise ZeroDivisionError

    assert is_free(database, SOURCE)


def test_what_is_no_server_has_no_budget(database):
    file = replace(SOURCE, url="file:///srv/records.mrc")
    with budget.place(database, file) as first, budget.place(database, file) as second:
        assert (first, second) == (True, True)


def test_a_worker_does_what_it_can_while_a_server_is_busy(hub):
    hub.add("busy", Repository())
    hub.add("free", Repository())
    hub.enqueue("busy", "free")
    with budget.place(hub.database, sources.get(hub.database, "busy")), beside(hub.work):
        wait_until(lambda: hub.outcomes)
        first = [outcome.source for outcome in hub.outcomes]
    with beside(hub.work):
        wait_until(lambda: len(hub.outcomes) == 2)

    assert first == ["free"]
    assert {outcome.source for outcome in hub.outcomes} == {"busy", "free"}


def test_who_harvests_by_hand_waits_for_a_place_and_hears_for_whom(database):
    heard, stopping = [], Event()

    def busy(server: str) -> None:
        heard.append(server)
        stopping.set()

    with (
        budget.place(database, SOURCE),
        budget.place_when_free(database, SOURCE, stopping, busy),
    ):
        pass

    assert heard == ["127.0.0.1"]


def test_a_process_that_stops_while_a_busy_server_is_waited_for_queues_the_harvest_again(hub):
    stopping = Event()

    def busy() -> Reply:
        stopping.set()
        return Reply(status=503, headers={"Retry-After": "3600"})

    hub.add("s1", Repository(faults={"": busy}))
    hub.enqueue("s1")
    hub.work(stopping)

    assert hub.statuses() == ["cancelled"]
    assert [key for key, _ in queued(hub.database)] == [job_key("s1")]
