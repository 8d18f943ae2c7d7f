"""What waits to be indexed since an update is indexed by whoever places."""

from __future__ import annotations

from catalogue.search import waiting
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
