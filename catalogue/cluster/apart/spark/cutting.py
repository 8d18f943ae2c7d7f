"""Clusters: components cut as ``cut`` cuts them, one after the other; and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from catalogue import facts
from catalogue.cluster.apart.spark.deciding import known
from catalogue.cluster.apart.spark.rows import Batches, Row, batched, grouped
from catalogue.cluster.cut import Component, cut
from catalogue.match import Decision, Policy, Verdict, decide

RECORD, LINK, SAID = range(3)
"""What a row of a component is."""
CLUSTERS = pa.schema([pa.field("id", pa.int64()), pa.field("head", pa.int64())])
WEIGHTS = pa.schema([pa.field("weight", pa.binary())])


def cut_up(batches: Batches, policy: Policy) -> Batches:
    """Cut components, whose rows stand together: CLUSTERS out.

    Rows in: the component, what the row is, a, b, score, decision, source, identifier, features;
    of a record ``a`` is its id.
    """
    found = (row for _, component in grouped(batches) for row in _cut(component, policy))
    yield from batched(found, CLUSTERS)


def _cut(component: Sequence[Row], policy: Policy) -> Iterator[Row]:
    records = {row[2]: row for row in component if row[1] == RECORD}

    def compare(a: int, b: int) -> Verdict:
        low, high = min(a, b), max(a, b)
        return decide(known(records[low][8]), known(records[high][8]), policy, briefly=True)

    groups = cut(
        Component(
            nodes=tuple((record, (row[6], row[7])) for record, row in sorted(records.items())),
            edges={(row[2], row[3]): row[4] for row in component if row[1] == LINK},
            verdicts={(row[2], row[3]): Decision(row[5]) for row in component if row[1] == SAID},
            compare=compare,
            theta=policy.theta,
            cap=policy.component_cap,
        )
    )
    for group in groups:
        head = min(group)
        yield from ((record, head) for record in group)


def weigh_clusters(batches: Batches) -> Batches:
    """Add up the facts of clusters, whose rows of head, source, identifier stand together."""
    clusters = (facts.cluster(row[1:3] for row in those) for _, those in grouped(batches))
    found = map(facts.weight, clusters)
    yield from batched([(facts.packed(facts.added(found)),)], WEIGHTS)


def add_weights(batches: Batches) -> Batches:
    """Add up what facts weigh: rows of one weight each in, one row out."""
    found = (facts.unpacked(key) * len(those) for key, those in grouped(batches))
    yield from batched([(facts.packed(facts.added(found)),)], WEIGHTS)
