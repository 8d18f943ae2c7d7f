"""The queue: what waits is done once, whoever claims it and whoever dies."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from catalogue.database import Database
from catalogue.errors import LeaseLost
from catalogue.model import Lease
from catalogue.queue import TRIES, ask, claim, due, enqueue, finish, next_due, renew
from catalogue.tables import JobRow
from support.processes import function, run

KIND = "test"
LONG_AGO = 1
FAR_AHEAD = 32_503_680_000
TABLE_READ = re.compile(r"SCAN job|Seq Scan on job")


def jobs(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as connection:
        rows = connection.execute(
            select(JobRow.key, JobRow.state, JobRow.attempts).order_by(JobRow.id)
        )
        return [(row.key, row.state, row.attempts) for row in rows]


def end(database: Database, lease: Lease | None, state: str = "done") -> None:
    assert lease is not None
    database.writing(lambda connection: finish(connection, lease, state))


def let_lapse(database: Database, **changes: Any) -> None:
    """Make every lease one that ran out, as after a worker on another machine died."""
    values = {"lease_until": LONG_AGO, **changes}
    database.writing(
        lambda connection: connection.execute(
            update(JobRow).where(JobRow.state == "running").values(**values)
        )
    )


def claim_and_leave(url: str, key: str) -> bool:
    """Claim a job and end without a word; for a process of its own."""
    database = Database.open(url)
    lease = claim(database, KIND, key)
    database.close()
    return lease is not None


def work_off(url: str) -> list[str]:
    """Do what is due until nothing is, and return what was done; for a process of its own."""
    database = Database.open(url)
    done = []
    while key := next_due(database, KIND):
        lease = claim(database, KIND, key, anew=False)
        if lease is not None:
            done.append(key)
            end(database, lease)
    database.close()
    return done


def test_three_workers_do_what_is_queued_once(database, database_url):
    keys = [f"k{number}" for number in range(60)]
    for key in keys:
        enqueue(database, KIND, key, LONG_AGO)

    outcomes = run(*[function(work_off, database_url)] * 3)

    assert sorted(key for outcome in outcomes for key in outcome.value) == sorted(keys)
    assert {state for _, state, _ in jobs(database)} == {"done"}


def test_what_is_queued_is_claimed_not_doubled(database):
    assert enqueue(database, KIND, "a", LONG_AGO)
    assert next_due(database, KIND) == "a"

    lease = claim(database, KIND, "a")

    assert jobs(database) == [("a", "running", 1)]
    assert next_due(database, KIND) is None
    end(database, lease)
    assert jobs(database) == [("a", "done", 1)]


def test_one_job_of_a_key_waits_at_a_time(database):
    assert [enqueue(database, KIND, "a", LONG_AGO) for _ in range(3)] == [True, False, False]

    lease = claim(database, KIND, "a")
    assert [enqueue(database, KIND, "a", LONG_AGO) for _ in range(2)] == [True, False]
    assert next_due(database, KIND) is None

    end(database, lease)
    assert next_due(database, KIND) == "a"


def test_the_longest_due_comes_first_and_what_is_not_due_not_at_all(database):
    for key, at in (("late", LONG_AGO + 1), ("early", LONG_AGO), ("not yet", FAR_AHEAD)):
        enqueue(database, KIND, key, at)
    enqueue(database, "other", "of another kind", LONG_AGO)

    order = []
    while key := next_due(database, KIND):
        order.append(key)
        claim(database, KIND, key)

    assert order == ["early", "late"]


def test_a_job_done_by_another_in_the_meantime_is_not_begun_anew(database):
    enqueue(database, KIND, "a", LONG_AGO)
    end(database, claim(database, KIND, "a"))

    assert claim(database, KIND, "a", anew=False) is None
    assert jobs(database) == [("a", "done", 1)]


def test_what_a_dead_process_left_is_next_and_its_lease_is_worth_nothing(database, database_url):
    (outcome,) = run(function(claim_and_leave, database_url, "a"))
    assert outcome.value

    assert next_due(database, KIND) == "a"
    lease = claim(database, KIND, "a", anew=False)

    assert jobs(database) == [("a", "running", 2)]
    assert lease is not None
    stale = Lease(job_id=lease.job_id, token=lease.token - 1)
    with pytest.raises(LeaseLost):
        database.writing(lambda connection: renew(connection, stale))


def test_a_queued_job_replaces_what_a_dead_worker_left(database):
    first = claim(database, KIND, "a")
    enqueue(database, KIND, "a", LONG_AGO)
    let_lapse(database)

    assert claim(database, KIND, "a") is not None

    assert jobs(database) == [("a", "failed", 1), ("a", "running", 1)]
    with pytest.raises(LeaseLost):
        database.writing(lambda connection: renew(connection, first))


def test_a_job_that_ends_every_worker_is_left_alone_until_it_is_due_again(database):
    claim(database, KIND, "a")
    enqueue(database, KIND, "b", LONG_AGO)
    let_lapse(database, attempts=TRIES)

    assert next_due(database, KIND) == "b"
    enqueue(database, KIND, "a", LONG_AGO - 1)
    assert next_due(database, KIND) == "a"


def test_a_process_that_counts_by_other_numbers_is_not_taken_for_dead(database):
    claim(database, KIND, "a")
    with database.reading() as connection:
        boot = connection.execute(select(JobRow.owner)).scalar_one().partition(":")[0]

    let_lapse(database, lease_until=FAR_AHEAD, owner=f"{boot}0:1:never")
    assert next_due(database, KIND) is None

    let_lapse(database, lease_until=FAR_AHEAD, owner=f"{boot}:1:never")
    assert next_due(database, KIND) == "a"


def plans(database: Database, statements: list[tuple[str, Any]]) -> str:
    explain = "EXPLAIN " if database.postgresql else "EXPLAIN QUERY PLAN "
    with database.write.connect() as connection:
        return "\n".join(
            str(row)
            for statement, values in statements
            for row in connection.exec_driver_sql(explain + statement, values)
        )


def fill(database: Database, count: int) -> None:
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
    columns = "kind, key, payload, state, priority, due, attempts, lease_token, lease_until, owner"
    values = f"'{KIND}', 'k' || (i % 1000), '{{}}', 'done', 0, i, 1, 1, i, ''"
    with database.write.begin() as connection:
        connection.execute(text(f"INSERT INTO job ({columns}) {numbers} SELECT {values} FROM n"))
        if database.postgresql:
            connection.execute(text("ANALYZE job"))


def test_no_step_reads_all_of_a_hundred_thousand_old_jobs(database):
    fill(database, 100_000)
    statements: list[tuple[str, Any]] = []

    def remember(*told: Any) -> None:
        if "job" in told[2]:
            statements.append((told[2], told[3]))

    for engine in (database.write, database.read):
        event.listen(engine, "before_cursor_execute", remember)
    enqueue(database, KIND, "k1", LONG_AGO)
    assert next_due(database, KIND) == "k1"
    lease = claim(database, KIND, "k1")
    database.writing(lambda connection: renew(connection, lease))
    end(database, lease)
    for engine in (database.write, database.read):
        event.remove(engine, "before_cursor_execute", remember)

    found = plans(database, statements)
    assert len(statements) == 8
    assert TABLE_READ.search(found) is None, found


def test_what_somebody_asks_for_comes_before_what_is_only_due(database):
    enqueue(database, "harvest", "a", 1)
    enqueue(database, "harvest", "b", 2)
    enqueue(database, "harvest", "later", FAR_AHEAD)

    assert ask(database, "harvest", "c")
    assert not ask(database, "harvest", "later")
    found = due(database, "harvest")
    assert ({*found[:2]}, found[2:]) == ({"c", "later"}, ["a", "b"])
