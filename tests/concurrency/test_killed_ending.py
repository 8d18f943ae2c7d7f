"""kill -9 while deletions are carried out: whoever comes next ends the same, and nothing twice."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from catalogue import records, runs
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import LeaseLost
from catalogue.model import HubIdentity, RunStatus
from catalogue.raw import FolderRawStore
from catalogue.store import close_run, complete, held, open_run
from scheduler.deciding import approve
from scheduler.ending import conclude
from scheduler.model import Line
from support.harvesting import LOOPBACK
from support.pages import Book, Delivery, add_source, books, deliver, place_all, put
from support.processes import function, run, running

COUNT = 120
STEP = 10
UNTIL_KILLED = 60.0
"""Seconds that a process rests after a step: else it may have ended before it is killed."""


def line_of(database: Database, folder: str) -> Line:
    return Line(
        db=database, raw_store=FolderRawStore(Path(folder)), identity=HubIdentity(), http=LOOPBACK
    )


def fill(database: Database, deletions: int) -> int:
    """Fill a source, then deliver deletions that stay held; return the number of that run."""
    add_source(database)
    deliver(database, "s1", *books([(f"r{n}", Book(title=f"Sách {n}")) for n in range(COUNT)]))
    place_all(database)
    opened = open_run(database, "s1")
    put(database, opened, [Delivery(identifier=f"r{n}") for n in range(deletions)])
    return opened.run_id


def end_run(url: str, folder: str, rest: float = 0) -> str:
    """End a run of the source by what is held, telling each step; return how it stands."""
    held.STEP = STEP
    database = Database.open(url)
    opened = open_run(database, "s1")
    tell = partial(_tell, rest=rest)
    conclude(line_of(database, folder), opened, None, tell, Event())
    while held.apply_held(database, opened) is not None:
        tell(0)
    close_run(database, opened, RunStatus.SUCCEEDED)
    database.close()
    return "ended"


def approve_run(url: str, folder: str, run_id: int, rest: float = 0) -> str:
    """Approve a run and carry it out, telling each step; return how it stands then."""
    held.STEP = STEP
    database = Database.open(url)
    done = approve(line_of(database, folder), run_id, Event(), partial(_tell, rest=rest))
    database.close()
    return f"{done.run.status.value} {done.is_done}"


def _tell(_: int, rest: float) -> None:
    print("one step done", flush=True)
    time.sleep(rest)


def states(database: Database) -> Counter[str]:
    return Counter(each.state.value for each in records.listing(database, "s1"))


def whole(engine, deletions: int) -> str:
    """Return the digest of a hub that nobody disturbed."""
    with engine.fresh() as url:
        database = Database.open(url)
        fill(database, deletions)
        opened = _taken_over(database)
        while held.apply_held(database, opened) is not None:
            pass
        place_all(database)
        try:
            return digest(database)
        finally:
            database.close()


def _taken_over(database: Database):
    """Open the run after one whose process is gone."""
    end = "UPDATE job SET lease_until = 0"
    database.writing(lambda connection: connection.exec_driver_sql(end))
    return open_run(database, "s1")


def test_deletions_that_a_killed_run_carried_out_in_part_the_next_one_ends(engine, tmp_path):
    with engine.fresh() as url:
        database = Database.open(url)
        first = fill(database, 60)
        end = "UPDATE job SET lease_until = 0"
        database.writing(lambda connection: connection.exec_driver_sql(end))
        with running(function(end_run, url, str(tmp_path), UNTIL_KILLED)) as (process,):
            process.await_text("one step done")
            process.kill()
        [outcome] = run(function(end_run, url, str(tmp_path)))
        place_all(database)
        told = runs.get(database, first).counts

        assert outcome.value == "ended"
        assert states(database) == {"active": 60, "deleted": 60}
        assert (told.delivered, told.deleted, told.held) == (60, 60, 0)
        assert digest(database) == whole(engine, 60)
        database.close()


def test_an_approval_that_was_killed_is_ended_by_saying_it_again(engine, tmp_path):
    with engine.fresh() as url:
        database = Database.open(url)
        waits = fill(database, 60)
        waiting = f"UPDATE run SET status = 'waiting' WHERE id = {waits}"
        for statement in (waiting, "UPDATE job SET lease_until = 0, state = 'done'"):
            database.writing(lambda connection, said=statement: connection.exec_driver_sql(said))
        with running(function(approve_run, url, str(tmp_path), waits, UNTIL_KILLED)) as (one,):
            one.await_text("one step done")
            one.kill()
        between = runs.get(database, waits)
        outcomes = run(*[function(approve_run, url, str(tmp_path), waits)] * 3)
        place_all(database)
        told = runs.get(database, waits)

        assert between.status is RunStatus.WAITING
        assert all(outcome.code == 0 for outcome in outcomes)
        assert "succeeded True" in {outcome.value for outcome in outcomes}
        assert (told.status, told.counts.deleted, told.counts.held) == (RunStatus.SUCCEEDED, 60, 0)
        assert digest(database) == whole(engine, 60)
        database.close()


def test_a_worker_that_lost_its_lease_deletes_nothing(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    opened = open_run(database, "s1")
    put(database, opened, [Delivery(identifier="a")])
    _taken_over(database)

    with pytest.raises(LeaseLost):
        held.apply_held(database, opened)
    with pytest.raises(LeaseLost):
        held.hold_absent(database, opened, opened.run_id + 1, 0, by_name=False)
    assert states(database) == {"active": 1}
    assert complete.counts(database, opened).held == 1
