"""Three operating-system processes on one hub: nothing lost, nothing doubled, nothing missed."""

from __future__ import annotations

import random
import signal
import time
from itertools import cycle

import pytest
from sqlalchemy import func, select

from catalogue import clock
from catalogue.clock import tick
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import ItemQuery
from catalogue.published import snapshot
from catalogue.querysets import defining, members
from catalogue.querysets.model import Language, QuerySet, read
from catalogue.queue import claim
from catalogue.search import Request, planned
from catalogue.search import engine as search_engine
from catalogue.tables import ClusterRow, JobRow
from support.pages import add_source, deliver, live_facts, place_all
from support.processes import function, run, running
from support.workers import TITLES, deliver_slowly, fixed, write_at_random

SOURCES = ("s1", "s2", "s3")


def prepared(url: str) -> Database:
    database = Database.open(url)
    for name in SOURCES:
        add_source(database, name, name.upper())
    return database


def harvested(
    database: Database,
    since: int | None,
    seen: dict[str, tuple[bool, bytes]],
    set_spec: str = "",
) -> int:
    """Harvest what changed since a responseDate, as a client does, and return the new one."""
    with snapshot(database) as shown:
        query = {"prefix": "marc21", "start": since, "end": shown.horizon, "limit": 7}
        query["set_spec"] = set_spec
        after = None
        while found := shown.page(ItemQuery(after=after, **query)):
            for item in found:
                seen[item.public_id] = (item.deleted, item.body)
            after = (found[-1].stamp, found[-1].key)
        return shown.horizon


def published(database: Database, set_spec: str = "") -> dict[str, tuple[bool, bytes]]:
    seen: dict[str, tuple[bool, bytes]] = {}
    harvested(database, None, seen, set_spec)
    return seen


def test_a_client_that_follows_every_response_date_misses_no_change_of_three_writers(database_url):
    database = prepared(database_url)
    seen: dict[str, tuple[bool, bytes]] = {}
    since = None
    commands = [
        function(write_at_random, database_url, name, seed, 12) for seed, name in enumerate(SOURCES)
    ]

    with running(*commands) as writers:
        while any(writer.running for writer in writers):
            since = harvested(database, since, seen)
        assert [writer.finish().code for writer in writers] == [0, 0, 0]
    _let_the_last_second_close(database)
    harvested(database, since, seen)

    assert seen == published(database)
    assert len(seen) > 3
    database.close()


def test_a_client_of_a_set_misses_none_that_comes_or_goes(database_url):
    database = prepared(database_url)
    queries = cycle(
        QuerySet(name="q", title="", language=Language.WORDS, query=title.lower())
        for title in TITLES
    )
    defining.add(database, next(queries))
    specs = ("query:q", "query", "library:S1", "material:book")
    seen: dict[str, dict[str, tuple[bool, bytes]]] = {spec: {} for spec in specs}
    since: dict[str, int | None] = dict.fromkeys(specs)

    def harvest() -> None:
        for spec in specs:
            since[spec] = harvested(database, since[spec], seen[spec], spec)

    commands = [
        function(write_at_random, database_url, name, seed, 8) for seed, name in enumerate(SOURCES)
    ]
    with running(*commands) as writers:
        while any(writer.running for writer in writers):
            harvest()
            defining.change(database, next(queries))
            members.walk(database)
        assert [writer.finish().code for writer in writers] == [0, 0, 0]
    while members.does_wait(database):
        members.walk(database)
    _let_the_last_second_close(database)
    harvest()

    assert seen == {spec: published(database, spec) for spec in specs}
    found = search_engine(database).search(
        Request(
            by_work=False,
            wanted=planned(read(Language.WORDS, defining.get(database, "q").query)),
            limit=100,
        )
    )
    live = {key for key, (deleted, _) in seen["query:q"].items() if not deleted}
    assert {hit.public_id for hit in found.hits} == live
    assert {deleted for deleted, _ in seen["query:q"].values()} == {True, False}
    database.close()


def _let_the_last_second_close(database: Database) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        tick(database)
        with database.reading() as connection:
            now = clock.read(connection)
        if now.stamped <= now.horizon:
            return
        time.sleep(0.05)
    pytest.fail("the hub clock stands still")


def test_three_writers_end_where_one_would(database_url, engine):
    database = prepared(database_url)
    outcomes = run(
        *(
            function(write_at_random, database_url, name, seed, 6)
            for seed, name in enumerate(SOURCES)
        )
    )
    assert [outcome.code for outcome in outcomes] == [0, 0, 0], outcomes

    with engine.fresh() as url:
        alone = prepared(url)
        for seed, name in enumerate(SOURCES):
            write_at_random(url, name, seed, 6)
        assert digest(alone) == digest(database)
        alone.close()
    database.close()


def test_no_public_id_is_given_twice(database_url):
    database = prepared(database_url)
    run(*(function(write_at_random, database_url, name, 7, 5) for name in SOURCES))

    with database.reading() as connection:
        ids = connection.execute(select(func.count(ClusterRow.public_id.distinct()))).scalar_one()
        clusters = connection.execute(select(func.count()).select_from(ClusterRow)).scalar_one()
    assert ids == clusters
    assert waiting(database) == 0
    database.close()


@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.soak), pytest.param(2, marks=pytest.mark.soak)]
)
def test_a_worker_killed_at_any_moment_and_started_again_ends_in_the_same_digest(
    database_url, engine, seed
):
    chance = random.Random(seed)
    database = prepared(database_url)
    for _ in range(3):
        with running(function(deliver_slowly, database_url, "s1", 6)) as (worker,):
            worker.await_text(f"round {chance.randrange(6)}")
            time.sleep(chance.random() / 20)
            worker.signal(signal.SIGKILL)
            worker.kill()
    assert run(function(deliver_slowly, database_url, "s1", 6))[0].code == 0

    with engine.fresh() as url:
        alone = prepared(url)
        for number in range(6):
            deliver(alone, "s1", *fixed(number))
        place_all(alone)
        # A round played twice may leave a tombstone of what came and went in between.
        assert live_facts(alone) == live_facts(database)
        alone.close()
    database.close()


def claim_many(url: str, times: int) -> list[int]:
    """Claim one key until it was had so many times, giving it up each time; return the jobs."""
    database = Database.open(url)
    got: list[int] = []
    while len(got) < times:
        lease = claim(database, "test", "one")
        if lease is not None:
            got.append(lease.job_id)
            database.writing(
                lambda connection, job=lease.job_id: connection.execute(
                    JobRow.__table__.update().where(JobRow.id == job).values(state="done")
                )
            )
    database.close()
    return got


def test_no_job_is_claimed_by_two(database_url):
    outcomes = run(*(function(claim_many, database_url, 10) for _ in range(3)))

    jobs = [job for outcome in outcomes for job in outcome.value]
    assert len(jobs) == len(set(jobs)) == 30
