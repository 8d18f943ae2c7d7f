"""The partition of a whole catalogue, worked out at once, is what placing its records ends in."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.database import Database
from support.pages import Delivery, deliver, place_all
from support.policies import use
from support.whole import BOOKS, CROWD, VERDICTS, fill, placed, say, worked_out


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(BOOKS, max_size=12),
    verdicts=VERDICTS,
    block_cap=st.sampled_from((2, 3, 500)),
    component_cap=st.sampled_from((2, 3, 500)),
)
def test_clusters_and_links_are_those_that_placing_ends_in(
    sqlite_engine, held, verdicts, block_cap, component_cap
):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        use(database, "small", block_cap=block_cap, component_cap=component_cap)
        fill(database, held)
        say(database, verdicts)
        place_all(database)

        assert worked_out(database) == placed(database)
        database.close()


@pytest.mark.parametrize("processes", [0, 2])
def test_any_number_of_processes_work_out_the_same(database, processes):
    use(database, "small", block_cap=5, component_cap=3)
    fill(database, CROWD)
    place_all(database)

    found = worked_out(database, processes)

    assert found == placed(database)
    assert found[2]


def test_a_record_withdrawn_is_in_no_cluster(database):
    fill(database, CROWD[:4])
    deliver(database, "s1", Delivery(identifier="r00"))

    clusters, *_ = worked_out(database)

    assert sum(map(len, clusters)) == 3
