"""One record that breaks every page it is on keeps out nothing but itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue.model import RunStatus
from support.faulty import Collection, Endpoint, Manners
from support.loopback import replying
from support.unsure import UnsureHub

BROKEN = "oai:example.org:4"


@pytest.fixture
def hub(database_url, tmp_path) -> Iterator[UnsureHub]:
    hub = UnsureHub(database_url, tmp_path)
    yield hub
    hub.close()


def states(hub: UnsureHub) -> dict[str, str]:
    return {name: state for name, (state, _) in hub.records().items()}


def test_all_but_the_record_at_fault_come_and_it_comes_when_it_is_mended(hub):
    collection = Collection()
    for number in range(9):
        collection.put(f"oai:example.org:{number}", "Số đỏ")
        collection.rest(60)
    endpoint = Endpoint(collection, Manners(page_size=4))
    endpoint.poisoned.add(BROKEN)
    with replying(endpoint) as url:
        hub.add(url)
        hub.harvest(settle=False)
        kept_out, asked = states(hub), len(endpoint.requests)
        endpoint.recover()
        outcome = hub.harvest(full=True, settle=False)

    assert kept_out == dict.fromkeys(collection.live(), "active") | {BROKEN: "quarantined"}
    assert asked < 40
    assert outcome is not None
    assert outcome.status is RunStatus.SUCCEEDED
    assert states(hub) == dict.fromkeys(collection.live(), "active")
