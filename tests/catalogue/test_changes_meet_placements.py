"""What is planned from a state that has gone is never written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from catalogue import libraries, policies, sources
from catalogue.cluster import read
from catalogue.cluster.place import make_plan
from catalogue.cluster.write import Plan, write
from catalogue.database import Database
from catalogue.model import ItemQuery, Library, Sharing
from catalogue.published import snapshot
from catalogue.waking import wake_library
from support.engines import Engine
from support.pages import HUB, Book, add_source, books, deliver, place_all

ROUNDS = 10


@pytest.fixture
def several_writers(postgresql_engine: Engine) -> Iterator[Database]:
    """Give a database in which transactions that write go on side by side."""
    with postgresql_engine.fresh() as url:
        database = Database.open(url)
        yield database
        database.close()


def plan(database: Database) -> Plan:
    with database.reading() as connection:
        live = policies.live(connection)
        batch = read.waiting(connection, live.id, 50)
        return make_plan(connection, live, batch, HUB, read.Keyring(connection, live.id))


def public(database: Database) -> int:
    with snapshot(database) as shown:
        return shown.count(ItemQuery(prefix="marc21", end=shown.horizon))


def test_a_placement_planned_before_a_library_withdrew_is_not_written(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    planned = plan(database)

    libraries.change(database, "L1", sharing=Sharing.HUB)

    assert database.writing(lambda connection: write(connection, planned)) is False
    place_all(database)
    assert public(database) == 0


def test_a_placement_planned_before_another_weight_is_not_written(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    planned = plan(database)

    sources.change(database, replace(sources.get(database, "s1"), weight=5))

    assert database.writing(lambda connection: write(connection, planned)) is False


def test_what_is_stored_while_its_library_withdraws_is_not_placed_as_before(several_writers):
    add_source(several_writers)
    with several_writers.write.begin() as connection:
        wake_library(connection, libraries.find(connection, "L1"))
        deliver(several_writers, "s1", *books([("a", Book())]))
        planned = plan(several_writers)

    assert several_writers.writing(lambda connection: write(connection, planned)) is False


def test_two_who_change_different_things_of_a_library_both_get_their_way(database):
    libraries.add(database, Library(code="A"))
    with ThreadPoolExecutor(2) as people:
        for number in range(ROUNDS):
            changes = ({"name": f"name {number}"}, {"region": f"region {number}"})
            asked = [people.submit(libraries.change, database, "A", **each) for each in changes]
            for each in asked:
                each.result()

            now = libraries.get(database, "A")
            assert (now.name, now.region) == (f"name {number}", f"region {number}")
