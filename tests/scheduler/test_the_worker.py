"""A worker does what is due, places what waits, and outlives what goes wrong."""

from __future__ import annotations

from threading import Event

from sqlalchemy import select, update

from catalogue import libraries, queue
from catalogue.cluster.place import waiting
from catalogue.model import Sharing
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow
from scheduler.heartbeat import heartbeat
from scheduler.loop import repeat
from support.lines import LONG_AGO, REST_SECONDS, Hub, beside, wait_until
from support.loopback import Reply
from support.oai_source import Repository

SECOND_PAGE = "//2"


def states(hub: Hub) -> list[tuple[str, str]]:
    """Return the harvests of the queue in the order they were queued."""
    query = select(JobRow.key, JobRow.state).where(JobRow.kind == KIND).order_by(JobRow.id)
    with hub.database.reading() as connection:
        return [(row.key.removeprefix(f"{KIND}:"), row.state) for row in connection.execute(query)]


def test_what_is_due_is_harvested_and_placed(hub):
    hub.add("s1", Repository())
    hub.enqueue("s1")

    with beside(hub.work):
        wait_until(lambda: hub.outcomes and not waiting(hub.database))

    assert states(hub) == [("s1", "done")]
    assert [outcome.counts.added for outcome in hub.outcomes] == [5]


def test_a_source_that_fails_or_is_unknown_stops_no_other(hub):
    hub.add("broken", Repository(refusing=lambda _: Reply(status=404)))
    hub.add("whole", Repository())
    hub.enqueue("broken", "nosuch", "whole")

    with beside(hub.work):
        wait_until(lambda: len(hub.outcomes) == 2)

    assert states(hub) == [("broken", "failed"), ("nosuch", "failed"), ("whole", "done")]


def test_a_harvest_that_is_stopped_is_queued_again_and_goes_on_from_its_checkpoint(hub):
    repository = Repository()
    hub.add("s1", repository)
    hub.enqueue("s1")
    stopping = Event()

    def last_words() -> Reply:
        stopping.set()
        return Reply(body=repository.list_records({"resumptionToken": SECOND_PAGE}))

    repository.faults[SECOND_PAGE] = last_words
    hub.work(stopping)

    assert hub.statuses() == ["cancelled"]
    assert states(hub) == [("s1", "failed"), ("s1", "queued")]

    repository.faults.clear()
    with beside(hub.work):
        wait_until(lambda: len(hub.outcomes) == 2)
    assert hub.statuses() == ["cancelled", "succeeded"]
    assert [outcome.counts.delivered for outcome in hub.outcomes] == [4, 1]


def test_a_worker_with_nothing_to_harvest_places_what_a_change_left(hub):
    hub.add("s1", Repository())
    hub.enqueue("s1")
    with beside(hub.work):
        wait_until(lambda: hub.outcomes and not waiting(hub.database))
        libraries.change(hub.database, "S1", sharing=Sharing.HUB)

        wait_until(lambda: waiting(hub.database) == 0)


def test_a_lease_lives_through_a_long_wait(database):
    lease = queue.claim(database, KIND, job_key("s1"))
    assert lease is not None
    lapse = update(JobRow).values(lease_until=LONG_AGO)

    with heartbeat(database, lease, REST_SECONDS):
        database.writing(lambda connection: connection.execute(lapse))
        wait_until(lambda: queue.next_due(database, KIND) is None)


def test_what_goes_wrong_once_is_tried_again():
    stopping = Event()
    turns = []

    def turn() -> bool:
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError
        stopping.set()
        return False

    repeat(turn, stopping, REST_SECONDS)

    assert len(turns) == 2
