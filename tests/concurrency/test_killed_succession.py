"""kill -9 while a source takes over from another: whoever comes next ends it, to the same end."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import pytest

from catalogue.database import Database
from catalogue.succession import report, steps
from scheduler import succession
from support.filled import settle
from support.pages import live_facts
from support.processes import function, run, running
from support.succession import NEW, OLD, OTHER, add, book, bring, clusters, line, states, taken_over

COUNT = 40
STEP_DONE = "one step done"


def take_over(url: str, folder: str, rest: float) -> str:
    """Let the new source take over, telling each step and resting after it; return the state."""
    database = Database.open(url)
    hub = line(database, Path(folder))
    named = steps.named(database, OLD, NEW)

    def tell(_: object) -> None:
        print(STEP_DONE, flush=True)
        time.sleep(rest)

    with succession.taken(hub, named) as work:
        if named.state not in ("applying", "applied"):
            succession.find(hub, work, tell)
        succession.apply(hub, work._replace(step=4), named, Event(), tell)
    settle(database)
    state = str(steps.named(database, OLD, NEW).state)
    database.close()
    return state


def as_a_worker(url: str, folder: str) -> bool:
    """Do what a worker does that finds something left."""
    database = Database.open(url)
    done = succession.go_on_next(line(database, Path(folder)), Event())
    settle(database)
    database.close()
    return done


def fill(database: Database) -> None:
    add(database)
    bring(
        database,
        OLD,
        {f"a{n}": book(f"Truyện số {n} làng Vũ Đại", f"{n}") for n in range(1, COUNT)},
    )
    bring(database, OTHER, {f"x{n}": book(f"Truyện số {n} làng Vũ Đại") for n in range(1, 9)})
    new = {
        f"b{n}": book(f"Truyện số {n} làng Vũ Đại", f"n{n}", f"035 __ $a(A){n}")
        for n in range(3, COUNT + 5)
    }
    bring(database, NEW, new)


def content(database: Database) -> tuple[list[str], dict[str, int], dict[str, str]]:
    """Return masters, clusters with their ids, and the states of all records."""
    return live_facts(database), clusters(database), states(database)


def wanted(engine, folder: Path) -> tuple[list[str], dict[str, int], dict[str, str]]:
    """Return the content of a hub where nobody is killed."""
    with engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        taken_over(line(database, folder))
        found = content(database)
        database.close()
    return found


@pytest.mark.parametrize(
    "after", [pytest.param(1, marks=pytest.mark.soak), pytest.param(3, marks=pytest.mark.soak), 6]
)
def test_what_a_killed_process_left_the_same_command_ends(
    engine, database, database_url, tmp_path, after
):
    fill(database)

    with running(function(take_over, database_url, str(tmp_path), 0.1)) as (process,):
        process.await_text(STEP_DONE)
        time.sleep(0.1 * after)
        process.kill()
    half = set(states(database).values())
    [outcome] = run(function(take_over, database_url, str(tmp_path), 0.0))
    told = report.report(database, steps.named(database, OLD, NEW))

    assert half >= {"waiting"}
    assert outcome.value == "applied"
    assert (told.applied, told.waiting) == (COUNT - 3, 0)
    assert content(database) == wanted(engine, tmp_path)


def test_what_a_killed_process_began_a_worker_ends(engine, database, database_url, tmp_path):
    fill(database)
    with running(function(take_over, database_url, str(tmp_path), 0.3)) as (process,):
        while "deleted" not in states(database).values():
            assert process.running
            time.sleep(0.05)
        process.kill()
    left = steps.named(database, OLD, NEW).state

    [outcome] = run(function(as_a_worker, database_url, str(tmp_path)))

    assert left == "applying"
    assert outcome.value is True
    assert content(database) == wanted(engine, tmp_path)
