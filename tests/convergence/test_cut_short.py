"""A list that ended too early once leaves out nothing, whatever else is wrong with its server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue.model import RunStatus
from protocols.oai import Granularity
from support.faulty import Collection, Endpoint, Fault, Manners
from support.loopback import replying
from support.unsure import UnsureHub


@pytest.fixture
def hub(database_url, tmp_path) -> Iterator[UnsureHub]:
    hub = UnsureHub(database_url, tmp_path)
    yield hub
    hub.close()


@pytest.mark.parametrize("ignores_dates", [True, False])
def test_what_a_cut_list_left_out_comes_in_the_same_run(hub, ignores_dates):
    collection = Collection()
    for number in range(2):
        collection.put(f"oai:example.org:{number}", "Số đỏ")
    manners = Manners(page_size=1, granularity=Granularity.DAY, ignores_dates=ignores_dates)
    endpoint = Endpoint(collection, manners)
    endpoint.faults.append(Fault.ENDED)
    with replying(endpoint) as url:
        hub.add(url)
        outcome = hub.harvest(full=True)

    assert outcome is not None
    assert outcome.status is RunStatus.SUCCEEDED
    assert set(hub.records()) == set(collection.live())
