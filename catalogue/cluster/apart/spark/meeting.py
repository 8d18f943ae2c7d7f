"""Pairs of records that share a key, but for those that ``decide`` would call different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from catalogue.cluster.apart.spark.rows import Batches, Row, batch, grouped, unpacked
from catalogue.cluster.whole.blocks import Blocks, pairs
from catalogue.cluster.whole.bounding import within_reach
from catalogue.cluster.whole.columns import Columns, Numbers, distinct
from catalogue.cluster.whole.judging import coded, decoded
from catalogue.cluster.whole.rejecting import alike, perhaps
from catalogue.cluster.whole.texts import Listed
from catalogue.match import Policy

PAIRS = pa.schema([pa.field("a", pa.int64()), pa.field("b", pa.int64())])
_AT_ONCE = 20_000
"""Records, each once for each of its keys, that are looked at together."""


class _Known(NamedTuple):
    """Some records by number, as ``bounding`` looks at them."""

    policy: Policy
    columns: Columns
    titles: Listed
    imprints: Listed


def meet(batches: Batches, policy: Policy) -> Batches:
    """Find pairs: rows of key, id, traits, title and imprint, so sorted, in; PAIRS out."""
    for blocks in _some(batches):
        yield _met(blocks, policy)


def _some(batches: Batches) -> Iterator[list[list[Row]]]:
    """Yield the blocks of some keys together."""
    held: list[list[Row]] = []
    count = 0
    for _, block in grouped(batches):
        held.append(block)
        count += len(block)
        if count >= _AT_ONCE:
            yield held
            held, count = [], 0
    if held:
        yield held


def _met(blocks: list[list[Row]], policy: Policy) -> Any:
    """Return the pairs of some blocks that may be links, each once."""
    rows = [row for block in blocks for row in block]
    ids, first, number = np.unique(
        np.array([row[1] for row in rows], np.int64), return_index=True, return_inverse=True
    )
    known = _Known(
        policy=policy,
        columns=unpacked((rows[at][2] for at in first.tolist()), policy),
        titles=Listed(rows[at][3] for at in first.tolist()),
        imprints=Listed(rows[at][4] for at in first.tolist()),
    )
    sizes = np.array([len(block) for block in blocks], np.int64)
    found = [np.zeros(0, np.uint64)]
    for a, b in pairs(Blocks(number.ravel().astype(np.int32), sizes)):
        found.append(coded(*_left(known, a, b)))
    a, b = decoded(distinct(np.concatenate(found)))
    return batch((ids[a], ids[b]), PAIRS)


def _left(known: _Known, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    a, b = decoded(distinct(coded(*perhaps(known.columns, a, b))))
    a, b = alike(known.columns, known.titles, known.policy, a, b)
    near = within_reach(known, a, b)
    return a[near], b[near]
