"""What fails for a reason that may pass is tried again, later each time, and by nobody's hand."""

from __future__ import annotations

from functools import partial
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, Update, select, update

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow
from harvester.errors import (
    BodyCut,
    CertificateExpired,
    HttpStatus,
    SignInNeeded,
    TooSlow,
    UnknownHost,
)
from scheduler.again import FIRST, LONGEST, TRIES, may_pass, wait_after
from support.lines import Hub, beside, wait_until
from support.loopback import Reply
from support.oai_source import Repository

MINUTE = 60


def queued(hub: Hub) -> list[int]:
    """Return in how many seconds what is queued is due."""
    query = select(JobRow.due).where(JobRow.kind == KIND, JobRow.state == "queued")
    with hub.database.reading() as connection:
        return [due - wall_clock() for due in connection.scalars(query)]


def fail(hub: Hub, times: int) -> list[int]:
    """Have it harvested, and again as soon as it is queued; return how long each wait was."""
    found = []
    for _ in range(times):
        hub.enqueue("s1")
        harvest(hub, len(hub.statuses()))
        found += queued(hub)
        now = update(JobRow).where(JobRow.state == "queued").values(state="failed")
        hub.database.writing(partial(_execute, now))
    return found


def harvest(hub: Hub, before: int) -> None:
    key = job_key("s1")
    with beside(hub.work):
        wait_until(lambda: len(hub.statuses()) > before and not queue.is_running(hub.database, key))


def _execute(statement: Update, connection: Connection) -> None:
    connection.execute(statement)


def test_it_waits_longer_after_each_failure_and_then_for_somebody(hub: Hub) -> None:
    hub.add("s1", Repository(faults={"": lambda: Reply(status=503)}))
    with patch("scheduler.again.TRIES", 3):
        waits = fail(hub, 5)

    assert [round(wait / MINUTE) for wait in waits] == [5, 10, 20]
    assert set(hub.statuses()) == {"failed"}


def test_what_a_person_must_see_to_is_not_tried_again(hub: Hub) -> None:
    hub.add("s1", Repository(faults={"": lambda: Reply(status=404)}))

    assert fail(hub, 1) == []


def test_one_that_succeeded_begins_with_a_short_wait_again(hub: Hub) -> None:
    repository = Repository(faults={"": lambda: Reply(status=503)})
    hub.add("s1", repository)
    first = fail(hub, 2)
    kept = dict(repository.faults)
    repository.faults.clear()
    assert fail(hub, 1) == []
    repository.faults.update(kept)

    assert [round(wait / MINUTE) for wait in (*first, *fail(hub, 1))] == [5, 10, 5]


def test_its_schedule_brings_it_forward(hub: Hub) -> None:
    hub.add("s1", Repository())
    later, now = wall_clock() + 3600, wall_clock()

    assert queue.enqueue(hub.database, KIND, job_key("s1"), later)
    assert not queue.enqueue(hub.database, KIND, job_key("s1"), now)
    assert queued(hub)[0] <= 0
    assert not queue.enqueue(hub.database, KIND, job_key("s1"), later)
    assert queued(hub)[0] <= 0


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (UnknownHost(host="x"), True),
        (BodyCut(url="x", received=1, reason="x"), True),
        (TooSlow(url="x", received=1, seconds=1), True),
        (HttpStatus(url="x", status=500, phrase="x"), True),
        (HttpStatus(url="x", status=429, phrase="x"), True),
        (HttpStatus(url="x", status=404, phrase="x"), False),
        (CertificateExpired(host="x", reason="x"), False),
        (SignInNeeded(url="x"), False),
        (None, False),
    ],
)
def test_what_may_pass(error, passes) -> None:
    assert may_pass(error) is passes


def test_no_wait_is_longer_than_six_hours() -> None:
    waits = [wait_after(count) for count in range(1, TRIES + 1)]

    assert (waits[0], waits[-1]) == (FIRST, LONGEST)
    assert waits == sorted(waits)
