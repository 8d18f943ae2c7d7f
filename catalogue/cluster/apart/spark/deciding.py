"""Links: what is thought of pairs, by ``decide``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

import pyarrow as pa

from catalogue import facts
from catalogue.cluster.apart.spark.rows import Batches, Row, batched, rows
from catalogue.match import Decision, Features, Policy
from catalogue.match import decide as judge

LINKS = pa.schema(
    [
        pa.field("a", pa.int64()),
        pa.field("b", pa.int64()),
        pa.field("decision", pa.string()),
        pa.field("score", pa.float64()),
        # A JSON list of texts.
        pa.field("reasons", pa.string()),
        # It does not reach theta by itself.
        pa.field("weak", pa.bool_()),
        # What it adds to the digest.
        pa.field("weight", pa.binary()),
    ]
)
_REMEMBERED = 20_000
_MILLION = 1_000_000

known = lru_cache(_REMEMBERED)(Features.from_json)
"""Features by their text."""


def decide(batches: Batches, policy: Policy) -> Batches:
    """Judge pairs: rows of a, b, and of each end source, identifier and features, in; LINKS out."""
    yield from batched(_links(batches, policy), LINKS)


def _links(batches: Batches, policy: Policy) -> Iterator[Row]:
    theta = round(policy.theta * _MILLION)
    for a, b, source, identifier, text, *other in rows(batches):
        verdict = judge(known(text), known(other[2]), policy, briefly=True)
        if verdict.decision is Decision.DIFFERENT:
            continue
        reasons = json.dumps(verdict.reasons, ensure_ascii=False)
        names = ((source, identifier), (other[0], other[1]))
        fact = facts.link(names, verdict.decision.value, verdict.score, reasons)
        weak = round(verdict.score * _MILLION) < theta
        weight = facts.packed(facts.weight(fact))
        yield a, b, verdict.decision.value, verdict.score, reasons, weak, weight
