"""What waits to be indexed since an update is indexed by whoever places."""

from __future__ import annotations

from sqlalchemy import select

from catalogue.search import waiting
from catalogue.sql import table
from catalogue.tables import HeadingRow
from scheduler.placing import Placer, anything_waits
from support.pages import HUB, Book, add_source, books, deliver, place_all
from support.searching import search


def test_a_worker_indexes_what_waits_a_step_at_a_time_and_all_is_found_meanwhile(
    database, monkeypatch
):
    add_source(database)
    deliver(database, "s1", *books([(str(n), Book(title=f"Tập {n}")) for n in range(5)]))
    place_all(database)
    monkeypatch.setattr(waiting, "STEP", 2)
    monkeypatch.setattr(waiting.settle, "__defaults__", (2,))

    assert waiting.begin_anew(database) == 5
    assert anything_waits(database)
    with Placer(database, HUB) as placer:
        done = []
        while step := placer.step():
            done.append(step)
            assert search(database, "tap").total == 5

    assert done == [2, 2, 1]
    assert not anything_waits(database)


def test_headings_that_nothing_has_are_forgotten_a_few_at_a_time(database, monkeypatch):
    add_source(database)
    deliver(database, "s1", *books([(str(n), Book(title=f"Tập {n}")) for n in range(5)]))
    place_all(database)
    before = titles(database)
    deliver(database, "s1", *books([("0", Book(title="Số đỏ")), ("1", Book(title="Giông tố"))]))
    place_all(database)
    monkeypatch.setattr(waiting, "LOOK", 2)

    assert set(before) < set(titles(database))
    waiting.begin_anew(database)
    place_all(database)

    assert titles(database) == ["Giông tố", "Số đỏ", "Tập 2", "Tập 3", "Tập 4"]


def titles(database):
    columns = table(HeadingRow).c
    query = select(columns.text).where(columns.field == "title").order_by(columns.order)
    with database.reading() as connection:
        return list(connection.execute(query).scalars())
