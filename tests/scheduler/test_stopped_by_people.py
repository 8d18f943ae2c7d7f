"""Harvests that somebody stops from elsewhere, and goes on with."""

from __future__ import annotations

import os
from threading import Event

import pytest
from sqlalchemy import update

from catalogue import queue, runs
from catalogue.digest import digest
from catalogue.model import RunStatus
from catalogue.store import open_run
from catalogue.tables import JobRow
from scheduler import control, housekeeping
from scheduler.errors import NothingToStop
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.stopping import Stop
from support.lines import Hub, beside, wait_until
from support.oai_source import Repository, items


@pytest.fixture
def repository():
    return Repository(items=items(9), page_size=3)


def stopping_at(hub: Hub, repository: Repository, token: str) -> None:
    """Have somebody stop the harvest when this page is asked for."""

    def stop(arguments: dict[str, str]) -> None:
        if arguments.get("resumptionToken") == token:
            control.stop(hub.database, "s1")

    repository.refusing = stop


def test_a_run_that_is_stopped_keeps_its_page_and_can_be_gone_on_with(hub, repository):
    hub.add("s1", repository)
    stopping_at(hub, repository, "//3")
    stopped = harvest(hub.line, "s1", HarvestOptions())
    name, options = control.to_resume(hub.database, "1")
    rest = harvest(hub.line, name, options)

    assert (stopped.status, stopped.counts.delivered) == (RunStatus.CANCELLED, 6)
    assert runs.get(hub.database, 1).code == "stopped-by-somebody"
    assert (rest.status, rest.counts.delivered) == (RunStatus.SUCCEEDED, 3)


def test_a_worker_does_not_take_up_again_what_somebody_stopped(hub, repository):
    hub.add("s1", repository)
    stopping_at(hub, repository, "//3")
    hub.enqueue("s1")
    with beside(hub.work):
        wait_until(lambda: hub.outcomes)

    assert hub.statuses() == ["cancelled"]
    assert queue.next_due(hub.database, "harvest") is None


def test_a_worker_goes_on_as_it_was_asked(hub, repository):
    hub.add("s1", repository)
    control.queue_resumed(hub.database, "s1", HarvestOptions(limit=3))
    with beside(hub.work):
        wait_until(lambda: hub.outcomes)

    assert [run.options for run in runs.all(hub.database)] == [{"limit": 3}]
    assert hub.statuses() == ["limited"]


def test_stopping_ends_a_long_wait(hub, repository):
    hub.add("s1", repository)
    run = open_run(hub.database, "s1")
    stop = Stop(Event())
    with beside(lambda _: stop.wait(3600)):
        control.stop(hub.database, "1")
        seen = stop.look(hub.database, run)

    assert seen
    assert stop.reason().details == {"run": 1}


def test_a_run_whose_process_is_gone_is_over_at_once(hub, repository):
    hub.add("s1", repository)
    open_run(hub.database, "s1")
    hub.database.writing(
        lambda connection: connection.execute(update(JobRow).values(lease_until=0))
    )

    stopped = control.stop(hub.database, "1")

    assert (stopped.run, stopped.lives) == (1, False)
    assert runs.get(hub.database, 1).status is RunStatus.CANCELLED
    assert queue.next_due(hub.database, "harvest") is None


def test_stopping_twice_changes_nothing(hub, repository):
    hub.add("s1", repository)
    hub.enqueue("s1")

    first = control.stop(hub.database, "s1")

    assert (first.run, first.withdrawn) == (None, True)
    with pytest.raises(NothingToStop):
        control.stop(hub.database, "s1")


def test_a_full_harvest_that_was_stopped_ends_as_one_that_was_not(hub, repository):
    hub.add("s1", repository)
    harvest(hub.line, "s1", HarvestOptions())
    before = digest(hub.database)
    stopping_at(hub, repository, "//3")
    harvest(hub.line, "s1", HarvestOptions(full=True))

    rest = harvest(hub.line, *control.to_resume(hub.database, "s1"))

    assert (rest.status, rest.counts.delivered) == (RunStatus.SUCCEEDED, 3)
    assert digest(hub.database) == before


def test_a_worker_removes_the_pages_that_need_not_be_kept(hub, repository):
    hub.add("s1", repository)
    name = hub.line.raw_store.put(b"nobody names it")
    path = next(hub.line.raw_store.folder.rglob(f"{name}*"))
    os.utime(path, (1, 1))
    housekeeping.queue_prune(hub.database)
    with beside(hub.work):
        wait_until(lambda: not path.exists())

    assert queue.next_due(hub.database, housekeeping.KIND) is None
