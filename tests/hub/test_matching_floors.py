"""How well the shipped policy does on the labelled sets, so that no change makes it worse unseen.

The rules were made and the points fitted on these sets: docs/benchmarks.md has what fits on some
publications make of others.
"""

from __future__ import annotations

import pytest

from hub.labelled import read_labelled
from hub.matching import measure

FLOORS = {
    "goldfinch-val": {
        "f1": 0.986,
        "auto": (0.998, 0.938),
        "clusters": (0.999, 0.983),
        "keys": 0.995,
    },
    "vn-synthetic": {
        "f1": 0.981,
        "auto": (0.994, 0.94),
        "clusters": (0.997, 0.967),
        "keys": 0.997,
    },
    "melinda-verdicts": {"f1": 0.92, "auto": (0.92, 0.77), "clusters": (0.97, 0.92), "keys": 1.0},
}
WORKS = 0.96
CANDIDATES = 25


@pytest.mark.parametrize("name", FLOORS)
def test_the_policy_does_no_worse_than_it_did(shared, name):
    floor = FLOORS[name]

    told = measure(read_labelled(shared / "data" / "dedup" / name))

    assert told.pairs.f1 >= floor["f1"]
    assert (told.auto.precision >= floor["auto"][0], told.auto.recall >= floor["auto"][1]) == (1, 1)
    assert told.clusters.precision >= floor["clusters"][0]
    assert told.clusters.recall >= floor["clusters"][1]
    assert told.works is None or told.works.f1 >= WORKS
    assert told.completeness >= floor["keys"]
    assert told.candidates <= CANDIDATES or name == "melinda-verdicts"
