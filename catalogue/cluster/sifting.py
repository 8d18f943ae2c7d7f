"""Candidates that are no match, dropped many at a time before any pair is looked at by itself.

In a catalogue of a million a record meets fifty others under its keys, nearly all of them different
books of like titles: what is seen from columns of numbers need not be asked pair by pair.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from catalogue.cluster.cut import Pair
from catalogue.cluster.read import Node
from catalogue.cluster.whole.bounding import within_reach
from catalogue.cluster.whole.columns import Columns, compared, quick_hashes
from catalogue.cluster.whole.rejecting import alike, perhaps
from catalogue.cluster.whole.texts import Listed
from catalogue.match import Policy


class _Held(NamedTuple):
    """Columns and texts in memory."""

    policy: Policy
    columns: Columns
    titles: Listed
    imprints: Listed


def promising(
    candidates: Collection[Pair], known: Mapping[int, Node], policy: Policy
) -> list[Pair]:
    """Return the pairs but for those that ``decide`` would surely call different, sorted."""
    ids = sorted({record for pair in candidates for record in pair})
    number = {record: place for place, record in enumerate(ids)}
    made = compared([known[record].features for record in ids], policy, quick_hashes)
    held = _Held(policy, made.columns, Listed(made.titles), Listed(made.imprints))
    ends = np.array([(number[a], number[b]) for a, b in sorted(candidates)], np.int32).reshape(
        -1, 2
    )
    a, b = perhaps(held.columns, ends[:, 0], ends[:, 1])
    a, b = alike(held.columns, held.titles, policy, a, b)
    keep = within_reach(held, a, b)
    return [
        (ids[one], ids[other])
        for one, other in zip(a[keep].tolist(), b[keep].tolist(), strict=True)
    ]
