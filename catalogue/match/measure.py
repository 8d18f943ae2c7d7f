"""How good matching is on labelled pairs: precision, recall, F1, B-cubed and their intervals.

Pure functions of what was decided and what is true. Intervals are drawn again and again from whole
groups of records, since the pairs of one publication stand or fall together.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from catalogue.match.decide import Decision, Verdict

_DRAWS = 200
_SEED = 7
_TAIL = 0.025
"""What lies outside on each side of an interval: 95 % are within."""


class Judged(NamedTuple):
    """A labelled pair, whether it is one manifestation, and what was decided."""

    a: str
    b: str
    same: bool
    verdict: Verdict
    group: Hashable
    """Pairs of one group are drawn together."""


class Figures(NamedTuple):
    """Precision, recall and F1, between 0 and 1; what nothing was found or sought of is 0."""

    precision: float
    recall: float
    f1: float


class Counts(NamedTuple):
    """Pairs joined rightly, joined wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def figures(self) -> Figures:
        """Return what these counts come to."""
        found, sought = self.right + self.wrong, self.right + self.missed
        return _figures(_share(self.right, found), _share(self.right, sought))


def count(pairs: Iterable[Judged], joins: Callable[[Verdict], bool]) -> Counts:
    """Count the pairs as if those that ``joins`` accepts were joined."""
    tally = Counter((joins(pair.verdict), pair.same) for pair in pairs)
    return Counts(tally[True, True], tally[True, False], tally[False, True])


def joined(verdict: Verdict) -> bool:
    """Say whether a pair is joined without a person."""
    return verdict.decision is Decision.SAME


def from_score(threshold: float) -> Callable[[Verdict], bool]:
    """Return what joins every pair that scores this much, whatever was decided."""
    return lambda verdict: verdict.score >= threshold


def asked_share(pairs: Iterable[Judged]) -> float:
    """Return the share of true pairs that is left to people."""
    true = [pair.verdict.decision for pair in pairs if pair.same]
    return _share(true.count(Decision.ASK), len(true))


def best_threshold(pairs: Sequence[Judged]) -> float:
    """Return the score from which on joining gives the best F1, the highest of equal ones."""
    sought = sum(pair.same for pair in pairs)
    ordered = sorted(pairs, key=lambda pair: -pair.verdict.score)
    best, threshold, right, found = -1.0, 1.0, 0, 0
    for score, level in groupby(ordered, key=lambda pair: pair.verdict.score):
        labels = [pair.same for pair in level]
        right, found = right + sum(labels), found + len(labels)
        f1 = _share(2 * right, found + sought)
        # A score of 0 is a veto: to join it would be to join everything.
        if score > 0 and f1 > best:
            best, threshold = f1, score
    return threshold


def interval(
    pairs: Iterable[Judged], joins: Callable[[Verdict], bool]
) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of each figure, from drawing groups with replacement."""
    by_group: defaultdict[Hashable, list[Judged]] = defaultdict(list)
    for pair in pairs:
        by_group[pair.group].append(pair)
    counted = Counter(count(group, joins) for group in by_group.values())
    kinds, weights = list(counted), list(accumulate(counted.values()))
    dice = random.Random(_SEED)  # noqa: S311 - the same figures each time; nothing is secret
    drawn = [
        _sum(Counter(dice.choices(kinds, cum_weights=weights, k=weights[-1]))).figures()
        for _ in range(_DRAWS if kinds else 0)
    ]
    return {
        name: _middle(sorted(getattr(figures, name) for figures in drawn))
        for name in Figures._fields
    }


def _sum(drawn: Mapping[Counts, int]) -> Counts:
    # There are thousands of groups, and a dozen kinds of them.
    each = ([at * times for at in counts] for counts, times in drawn.items())
    return Counts(*map(sum, zip(*each, strict=True)))


def _middle(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    cut = int(len(values) * _TAIL)
    return values[cut], values[-1 - cut]


def b_cubed(true: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Figures:
    """Compare two partitions of the same records, each record counting alike (B-cubed)."""
    sizes, true_sizes = Counter(found.values()), Counter(true.values())
    both = Counter((true[record], group) for record, group in found.items())
    precision = sum(number**2 / sizes[group] for (_, group), number in both.items())
    recall = sum(number**2 / true_sizes[home] for (home, _), number in both.items())
    return _figures(_share(precision, len(found)), _share(recall, len(found)))


def _figures(precision: float, recall: float) -> Figures:
    return Figures(precision, recall, _share(2 * precision * recall, precision + recall))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
