"""Policies switched while others harvest and place, and by a process that is killed over it."""

from __future__ import annotations

import random

import pytest

from catalogue import policies
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import EffectOutdated
from catalogue.waking import wake_everything
from support.pages import HUB, add_source, deliver, live_facts, place_all
from support.policies import changed, switch
from support.processes import function, run, running
from support.workers import fixed, write_at_random

SOURCES = ("s1", "s2")
FIGURES = {
    "strict": {"same": 0.999, "sure": 1.0},
    "lax": {"ask": 0.2, "same": 0.3, "theta": 0.3},
}


def prepared(url: str) -> Database:
    database = Database.open(url)
    for source in SOURCES:
        add_source(database, source, source.upper())
    for version, figures in FIGURES.items():
        policies.add(database, changed(version, (), **figures), "an")
    return database


def switch_at_random(url: str, seed: int, rounds: int) -> int:
    """Switch between the policies there are, placing some records after each; tell how often."""
    database, chance = Database.open(url), random.Random(seed)
    versions = [each.version for each in policies.all(database)]
    done = 0
    for _ in range(rounds):
        try:
            switch(database, chance.choice(versions))
            done += 1
        except EffectOutdated:
            # Another process switched after the effect was worked out.
            pass
        place(database, HUB, 5)
    database.close()
    return done


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_policies_switched_while_records_come_end_in_the_clusters_of_the_last(
    database, database_url, seed
):
    hub = prepared(database_url)
    outcomes = run(
        function(write_at_random, database_url, "s1", seed, 12),
        function(write_at_random, database_url, "s2", seed + 7, 12),
        function(switch_at_random, database_url, seed, 12),
        function(switch_at_random, database_url, seed + 3, 12),
    )
    place_all(hub)
    found = digest(hub)
    hub.writing(wake_everything)
    place_all(hub)

    assert all(each.value for each in outcomes)
    assert digest(hub) == found
    hub.close()


def switch_slowly(url: str) -> None:
    """Switch a policy on and place by it in small steps, telling each."""
    database = Database.open(url)
    switch(database, "lax")
    print("step 0", flush=True)
    step = 0
    while waiting(database):
        place(database, HUB, 2)
        step += 1
        print(f"step {step}", flush=True)
    database.close()


@pytest.mark.parametrize("step", [0, pytest.param(1, marks=pytest.mark.soak), 4])
def test_a_switch_whose_process_is_killed_is_gone_on_with(engine, step):
    facts = []
    for killed in (False, True):
        with engine.fresh() as url:
            database = prepared(url)
            for number in range(6):
                deliver(database, "s1", *fixed(number))
                deliver(database, "s2", *fixed(number + 3))
            place_all(database)
            if killed:
                with running(function(switch_slowly, url)) as (process,):
                    process.await_text(f"step {step}")
                    process.kill()
            else:
                switch(database, "lax")
            place_all(database)
            facts.append((policies.get(database).version, live_facts(database)))
            database.close()

    assert facts[0] == facts[1]
    assert facts[0][0] == "lax"
