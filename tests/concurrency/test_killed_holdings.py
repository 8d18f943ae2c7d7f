"""kill -9 while a list is given and matched: who gives it again ends where one unharmed does."""

from __future__ import annotations

import itertools
import random
import time
from contextlib import suppress

import pytest

from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.holdings import listing, matching
from catalogue.holdings import put as put_module
from catalogue.holdings.errors import ListTakenOver
from catalogue.holdings.model import Row
from catalogue.holdings.put import retry
from catalogue.waking import wake_everything
from support.listed import add_library, give, settle
from support.pages import HUB, Book, Delivery, add_source, deliver
from support.processes import function, run, running
from support.workers import ISBNS, TITLES, write_at_random

COUNT = 120
STEP = 20


def title(number: int) -> str:
    return f"Truyện thứ {number} của làng Vũ Đại"


def fill(database: Database) -> None:
    add_source(database, "s1", "L1")
    add_library(database)
    books = [Delivery(identifier=f"r{each}", book=Book(title=title(each))) for each in range(COUNT)]
    deliver(database, "s1", *books[: COUNT // 2])
    settle(database)
    give(database, *rows("A"))
    settle(database)


def rows(call_number: str) -> list[Row]:
    return [
        Row(
            title=title(each),
            author="Vũ Trọng Phụng",
            year="1936",
            local_number=str(each),
            call_number=call_number if each % 2 else "B",
        )
        for each in range(COUNT)
    ]


def give_slowly(url: str, rest: float) -> None:
    """Give another list in small steps, then match it, telling each step and resting after it."""
    database = Database.open(url)
    write, steps = put_module.write, itertools.count(1)

    def tell() -> None:
        print(f"step {next(steps)}", flush=True)
        time.sleep(rest)

    def told(connection, **step):
        tell()
        write(connection, **step)

    put_module.STEP, put_module.write = STEP, told
    give(database, *rows("C")[: COUNT - 30])
    while matching.match_some(database, HUB, STEP).rows or place(database, HUB, STEP).records:
        tell()
    database.close()


@pytest.mark.parametrize("steps", [1, pytest.param(4, marks=pytest.mark.soak), 8])
def test_a_list_given_again_after_a_kill_ends_as_if_nothing_had_happened(engine, steps):
    digests = []
    for killed in (False, True):
        with engine.fresh() as url:
            database = Database.open(url)
            fill(database)
            if killed:
                with running(function(give_slowly, url, 0.02)) as (process,):
                    process.await_text(f"step {steps}")
                    process.kill()
            give(database, *rows("C")[: COUNT - 30])
            settle(database)
            digests.append(digest(database))
            [listed] = listing.lists(database)
            database.close()

            assert (listed.whole, listed.rows, listed.matched) == (True, COUNT - 30, COUNT // 2)

    assert digests[0] == digests[1]


def give_at_random(url: str, seed: int, rounds: int) -> None:
    """Give lists of chance, and match what waits, beside those who deliver and place."""
    database, chance = Database.open(url), random.Random(seed)
    every = [
        Row(title=title, author="Vũ Trọng Phụng", year="1936", isbn=isbn, location=title)
        for title in TITLES
        for isbn in ISBNS
    ]
    for number in range(rounds):
        rows = chance.sample(every, chance.randrange(len(every)))
        with suppress(ListTakenOver):
            give(database, *rows, list=f"l{chance.randrange(2)}")
        if number % 2:
            matching.match_some(database, HUB, 5)
    database.close()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_lists_and_records_that_come_at_a_time_leave_nothing_half_done(
    database, database_url, seed
):
    for source in ("s1", "s2"):
        add_source(database, source, source.upper())
    add_library(database)

    run(
        function(write_at_random, database_url, "s1", seed, 12),
        function(write_at_random, database_url, "s2", seed + 7, 12),
        function(give_at_random, database_url, seed, 12),
        function(give_at_random, database_url, seed + 3, 12),
    )
    settle(database)
    found = digest(database)
    retry(database, all_rows=True)
    database.writing(wake_everything)
    settle(database)

    assert digest(database) == found
    assert all(each.whole and not each.waiting for each in listing.lists(database))
