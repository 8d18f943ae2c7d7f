"""Clocks and workers as processes of their own: each due job is done once, whoever is killed."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack, suppress
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import func, select

from catalogue import clockwork, queue, sources
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.model import Source
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow, RecordRow, RunRow
from hub.workers import Told, Workers
from scheduler.clock import Clock
from scheduler.timetable import Timetable
from support.lines import REST_SECONDS, Hub, wait_until
from support.loopback import Reply
from support.oai_source import Repository, items
from support.processes import Process, function, lienthong, running

QUEUED = 6
SECOND_PAGE = "//2"


def environment(folder: Path, url: str) -> dict[str, str]:
    return {
        "LIENTHONG_INSTANCE": str(folder),
        "LIENTHONG_DATABASE_URL": url,
        "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
    }


def harvests(database: Database, name: str = "s1") -> list[tuple[str, int, int]]:
    """Return state, attempts and number of runs of each harvest of a source there ever was."""
    query = (
        select(JobRow.state, JobRow.attempts, func.count(RunRow.id))
        .outerjoin(RunRow, RunRow.job_id == JobRow.id)
        .where(JobRow.key == job_key(name))
        .group_by(JobRow.id, JobRow.state, JobRow.attempts)
        .order_by(JobRow.id)
    )
    with database.reading() as connection:
        return [(state, attempts, runs) for state, attempts, runs in connection.execute(query)]


def is_idle(database: Database) -> bool:
    jobs = [*harvests(database, "s1"), *harvests(database, "s2")]
    return all(state in {"done", "failed"} for state, _, _ in jobs) and not waiting(database)


def tick_quickly(url: str) -> None:
    """Run a clock until killed; for a process of its own."""
    Clock(Database.open(url), Timetable(), REST_SECONDS).run(Event())


def leader(database: Database) -> str:
    """Return the owner of the clock's lease: boot, process and its start."""
    query = select(JobRow.owner).where(JobRow.kind == "clock", JobRow.state == "running")
    with database.reading() as connection:
        return connection.execute(query).scalar() or ""


def end(processes: list[Process]) -> list[int]:
    for process in processes:
        process.signal(signal.SIGTERM)
    return [process.finish().code for process in processes]


def test_two_workers_and_a_clock_do_each_due_job_once(database, database_url, tmp_path):
    commands = [lienthong("worker"), lienthong("worker"), lienthong("clock")]
    with ExitStack() as ending:
        hub = Hub(database, tmp_path, ending)
        hub.add("s1", Repository(items=items(20)), "every 1 minutes")
        hub.add("s2", Repository(items=items(20)))
        with running(*commands, env=environment(tmp_path, database_url)) as processes:
            for process in processes:
                process.await_text("ready ")
            wait_until(lambda: harvests(database))
            queued = {"s1": 0, "s2": 0}
            while min(queued.values()) < QUEUED:
                for name in queued:
                    queued[name] += hub.enqueue(name)
                time.sleep(REST_SECONDS)
            wait_until(lambda: is_idle(database))
            assert end(processes) == [0, 0, 0]

    assert harvests(database, "s2") == [("done", 1, 1)] * queued["s2"]
    assert set(harvests(database, "s1")) == {("done", 1, 1)}
    assert len(harvests(database, "s1")) > queued["s1"]
    assert set(hub.statuses()) == {"succeeded"}


def test_what_a_killed_worker_left_another_finishes(database, database_url, tmp_path):
    stuck, go_on = Event(), Event()

    def stall() -> Reply:
        stuck.set()
        go_on.wait(60)
        return Reply(status=500)

    env = environment(tmp_path, database_url)
    repository = Repository(faults={SECOND_PAGE: stall})
    with ExitStack() as ending:
        ending.callback(go_on.set)
        hub = Hub(database, tmp_path, ending)
        hub.add("s1", repository)
        hub.enqueue("s1")
        with running(lienthong("worker"), env=env) as [first]:
            wait_until(stuck.is_set)
            with running(lienthong("worker"), env=env) as [second]:
                second.await_text("ready worker")
                repository.faults.clear()
                first.kill()
                second.await_text("s1: succeeded")

    with database.reading() as connection:
        records = connection.execute(select(func.count()).select_from(RecordRow)).scalar_one()
    assert records == 5
    assert hub.statuses() == ["incomplete", "succeeded"]
    assert harvests(database) == [("done", 2, 2)]


def test_when_the_leading_clock_is_killed_another_goes_on(database, database_url):
    source = Source(
        name="s1",
        library="L1",
        protocol="oai-pmh",
        url="http://127.0.0.1/oai",
        schedule="every 1 minutes",
    )
    sources.add(database, source)
    key = job_key("s1")
    command = function(tick_quickly, database_url)

    with running(command, command) as clocks:
        wait_until(lambda: queue.next_due(database, KIND) == key)
        lease = queue.claim(database, KIND, key, anew=False)
        database.writing(lambda connection: queue.finish(connection, lease))
        before = leader(database)
        [leading] = [clock for clock in clocks if f":{clock.pid}:" in before]
        leading.kill()

        wait_until(lambda: queue.next_due(database, KIND) == key)
        after = leader(database)
        led = clockwork.is_led(database)

    assert after != before
    assert led
    assert [clock.pid for clock in clocks if f":{clock.pid}:" in after] != [leading.pid]


def children(pid: int) -> list[int]:
    """Return the workers that a process looks after (proc(5): the fourth field is the parent)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            line = (path.parent / "cmdline").read_bytes()
            if int(fields[1]) == pid and fields[0] != "Z" and b"spawn_main" in line:
                found.append(int(path.parent.name))
    return sorted(found)


def test_several_workers_are_looked_after_and_end_with_whoever_does(postgresql_engine, tmp_path):
    command = lienthong("worker", "--concurrency", "2")
    with ExitStack() as ending:
        url = ending.enter_context(postgresql_engine.fresh())
        env = environment(tmp_path, url)
        database = Database.open(url)
        ending.callback(database.close)
        hub = Hub(database, tmp_path, ending)
        hub.add("s1", Repository(items=items(20)))
        with running(command, env=env) as [worker]:
            worker.await_text("ready worker")
            [first, second] = children(worker.pid)
            os.kill(first, signal.SIGKILL)
            wait_until(lambda: len(set(children(worker.pid)) - {first, second}) == 1)
            hub.enqueue("s1")
            wait_until(lambda: harvests(database) == [("done", 1, 1)])
            worker.signal(signal.SIGTERM)
            assert worker.finish().code == 0
        with running(command, env=env) as [worker]:
            worker.await_text("ready worker")
            left = children(worker.pid)
            worker.kill()
            wait_until(lambda: not any(Path(f"/proc/{pid}/fd").exists() for pid in left))


def test_a_worker_that_is_looked_after_may_begin_processes_of_its_own(tmp_path):
    stopping = Event()
    workers = Workers(Told({"LIENTHONG_INSTANCE": str(tmp_path)}, "en"), 1)
    before = active_children()
    looking_after = Thread(target=workers.run, args=(stopping,))
    looking_after.start()
    wait_until(lambda: len(active_children()) > len(before))
    [worker] = set(active_children()) - set(before)
    stopping.set()
    looking_after.join()

    assert not worker.daemon
