"""Links: which of the pairs that are left are the same, or may be, by ``decide``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.cluster.whole.blocks import Blocks, pairs
from catalogue.cluster.whole.bounding import within_reach
from catalogue.cluster.whole.columns import (
    CONTROLS,
    MANY,
    Bools,
    Columns,
    Flags,
    Hashes,
    Numbers,
    distinct,
)
from catalogue.cluster.whole.desk import Desk
from catalogue.cluster.whole.rejecting import alike, perhaps, unique_pairs
from catalogue.cluster.whole.texts import Writing
from catalogue.match import Decision, decide

Scores: TypeAlias = NDArray[np.float64]

DIFFERENT, SAME, ASK = range(3)
CODES = {Decision.DIFFERENT: DIFFERENT, Decision.SAME: SAME, Decision.ASK: ASK}
"""How decisions stand in columns."""
_HALF = np.uint64(32)
_ALONE = np.uint64(2**64 - 1)


class Links(NamedTuple):
    """Pairs of records by number, the lower one first, and what is thought of them."""

    a: Numbers
    b: Numbers
    decision: Flags
    """SAME or ASK."""
    score: Scores
    reason: Numbers
    """The number of the text that tells the reasons, as a JSON list."""

    @classmethod
    def joined(cls, parts: Sequence[Links]) -> Links:
        """Return the links of several, in the order of their records."""
        if not parts:
            none = np.zeros(0, np.int32)
            return cls(none, none, none.astype(np.uint8), none.astype(np.float64), none)
        columns: list[Any] = [np.concatenate(those) for those in zip(*parts, strict=True)]
        whole = cls(*columns)
        return whole.at(np.argsort(coded(whole.a, whole.b)))

    def at(self, which: Bools | NDArray[np.intp]) -> Links:
        """Return some of the links."""
        columns: list[Any] = [column[which] for column in self]
        return Links(*columns)


def coded(a: Numbers, b: Numbers) -> Hashes:
    """Return pairs as one number each."""
    return (a.astype(np.uint64) << _HALF) | b.astype(np.uint64)


def decoded(pairs_coded: Hashes) -> tuple[Numbers, Numbers]:
    """Return what ``coded`` was given."""
    a = (pairs_coded >> _HALF).astype(np.int32)
    return a, (pairs_coded & np.uint64(2**32 - 1)).astype(np.int32)


def sift(desk: Desk, blocks: Blocks) -> Hashes:
    """Return the pairs of some blocks that may be links, coded, each once."""
    found = []
    for a, b in pairs(blocks):
        once = distinct(coded(*perhaps(desk.columns, a, b)))
        found.append(coded(*alike(desk.columns, desk.titles, desk.policy, *decoded(once))))
    return distinct(np.concatenate(found)) if found else np.zeros(0, np.uint64)


def judge(desk: Desk, task: tuple[Path, Path]) -> Links:
    """Judge the pairs in a file; write the reasons to another, from whose first they count.

    Records of the same content are judged once, unless they share what that leaves out.
    """
    source, reasons = task
    a, b = decoded(distinct(np.fromfile(source, np.uint64)))
    one, two = desk.columns.content[a], desk.columns.content[b]
    alone = _share_controls(desk.columns, a, b)
    low = np.where(alone, coded(a, b), np.minimum(one, two))
    high = np.where(alone, _ALONE, np.maximum(one, two))
    first, of = unique_pairs(low, high)
    decision = np.full(len(first), DIFFERENT, np.uint8)
    score = np.zeros(len(first), np.float64)
    told: list[str] = []
    number = np.zeros(len(first), np.int32)
    asked = np.flatnonzero(within_reach(desk, a[first], b[first]))
    ends = (end[first][asked].tolist() for end in (a, b))
    for place, x, y in zip(asked.tolist(), *ends, strict=True):
        verdict = decide(desk.features(x), desk.features(y), desk.policy, briefly=True)
        decision[place], score[place] = CODES[verdict.decision], verdict.score
        if verdict.decision is not Decision.DIFFERENT:
            number[place] = len(told)
            told.append(json.dumps(verdict.reasons, ensure_ascii=False))
    with Writing(reasons) as writing:
        writing.add(told)
    whole = Links(a, b, decision[of], score[of], number[of])
    return whole.at(whole.decision != DIFFERENT)


def _share_controls(columns: Columns, a: Numbers, b: Numbers) -> Bools:
    """Say which pairs have, or may have, a control number in common."""
    one, two = columns.controls[a], columns.controls[b]
    found: Bools = ((columns.flags[a] | columns.flags[b]) & MANY) != 0
    for ours in range(CONTROLS):
        for theirs in range(CONTROLS):
            found |= (one[:, ours] == two[:, theirs]) & (one[:, ours] != 0)
    return found
