"""A repository that changes while it is harvested: when it rests, one more run has it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from catalogue.model import RunStatus
from support.convergence import DAY
from support.faulty import Collection, Endpoint, Manners, Paging, Tombstones
from support.loopback import replying
from support.unsure import UnsureHub

COUNT = 8
EARLY, LATE = "oai:example.org:1", "oai:example.org:6"
NEW = "oai:example.org:35"

Changes = list[Callable[[], None]]


def filled(tombstones: Tombstones = Tombstones.PERSISTENT) -> Collection:
    collection = Collection(tombstones)
    for number in range(COUNT):
        collection.put(f"oai:example.org:{number}", "Số đỏ")
    return collection


@pytest.fixture
def hub(database_url, tmp_path) -> Iterator[UnsureHub]:
    hub = UnsureHub(database_url, tmp_path)
    yield hub
    hub.close()


def harvest_while_changing(hub: UnsureHub, endpoint: Endpoint, changes: Changes) -> None:
    """Harvest with a change behind each page, then once more when all is quiet."""
    endpoint.between.extend(changes)
    with replying(endpoint) as url:
        hub.add(url)
        hub.harvest(settle=False)
        assert not endpoint.between
        outcome = hub.harvest(settle=False)
    assert outcome is not None
    assert outcome.status is RunStatus.SUCCEEDED


def titles(hub: UnsureHub) -> dict[str, bool]:
    return {name: "Giông tố" in parsed for name, (_, parsed) in hub.records().items()}


@pytest.mark.parametrize("paging", [Paging.KEYSET, Paging.ONCE])
@pytest.mark.parametrize("by_identifier", [False, True])
def test_what_changes_behind_and_before_the_reader_is_had_in_the_end(hub, paging, by_identifier):
    collection = filled()
    endpoint = Endpoint(
        collection, Manners(page_size=2, paging=paging, by_identifier=by_identifier)
    )
    changes = [
        partial(collection.put, EARLY, "Giông tố"),
        partial(collection.put, LATE, "Giông tố"),
        partial(collection.put, NEW, "Giông tố"),
    ]

    harvest_while_changing(hub, endpoint, changes)

    assert titles(hub) == {name: title == "Giông tố" for name, title in collection.live().items()}
    assert sum(titles(hub).values()) == 3


@pytest.mark.parametrize("name", [EARLY, LATE])
def test_what_is_deleted_behind_or_before_the_reader_is_gone_in_the_end(hub, name):
    collection = filled()
    endpoint = Endpoint(collection, Manners(page_size=2))

    harvest_while_changing(hub, endpoint, [lambda: None, partial(collection.delete, name)])

    assert set(hub.records()) == set(collection.live())
    assert name not in hub.records()


def test_a_deletion_that_leaves_no_trace_is_seen_by_the_next_complete_list(hub):
    collection = filled(Tombstones.NO)
    endpoint = Endpoint(collection, Manners(page_size=2))
    endpoint.between.extend([lambda: None, partial(collection.delete, EARLY)])
    with replying(endpoint) as url:
        hub.add(url)
        hub.harvest(settle=False)
        before = set(hub.records())
        hub.harvest(full=True, settle=False)

    assert before - set(hub.records()) == {EARLY}
    assert set(hub.records()) == set(collection.live())


def test_a_hole_that_offsets_leave_is_filled_by_the_next_complete_list(hub):
    collection = filled()
    collection.rest(3 * DAY)
    endpoint = Endpoint(collection, Manners(page_size=2, paging=Paging.OFFSET))
    # It moves to the end of the list, and all behind it one place ahead: one falls between pages.
    endpoint.between.append(partial(collection.put, "oai:example.org:0", "Giông tố"))
    with replying(endpoint) as url:
        hub.add(url)
        hub.harvest(settle=False)
        collection.rest(3 * DAY)
        outcome = hub.harvest(full=True, settle=False)

    assert outcome is not None
    assert outcome.status is RunStatus.SUCCEEDED
    assert set(hub.records()) == set(collection.live())


def test_a_repository_that_changes_all_the_time_is_followed(hub):
    collection = filled()
    endpoint = Endpoint(collection, Manners(page_size=2))

    def change(number: int) -> None:
        collection.put(f"oai:example.org:{number % 12}", f"Giông tố {number}")

    with replying(endpoint) as url:
        hub.add(url)
        for run in range(4):
            endpoint.between.extend(partial(change, run * 5 + each) for each in range(5))
            hub.harvest(settle=False)
            collection.rest(DAY)
        endpoint.between.clear()
        hub.harvest(settle=False)

    stored = {name: parsed for name, (_, parsed) in hub.records().items()}
    assert set(stored) == set(collection.live())
    assert all(title in stored[name] for name, title in collection.live().items())
