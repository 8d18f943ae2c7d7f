"""Points for the policy from pairs that people have judged: a regularised logistic regression.

One coefficient after the other is moved to where it fits best while the others stay (coordinate
descent), until none moves. Where sense says which way a code must point it is held to that side, so
that a quirk of a labelled set cannot make an equal ISBN speak against a match.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, inf

from catalogue.match.codes import AND

BASE = "base"
"""The name of what every pair starts from."""
PRIOR = 1.5
"""How strongly points are drawn to 0: as if so many pairs spoke for that."""
LEAST = 25
"""Pairs that must have a code before its points are moved."""
_AGAINST = (
    *("-different", "-many", "-two", "-far", "-apart", "-close", "-more", "-silent", "-none"),
    *("-marks", "-coded"),
)
"""Endings of codes that never speak for a match; silence does not either."""
_BY_HAND = ("isbn-", "issn-", "national-", "control-", "trade-", "medium-", "content-")
"""Beginnings of codes whose points people set: labelled sets leave numbers out, or make them up."""
_ROUNDS = 60
_STILL = 1e-4
_STEP = 2.0


@dataclass(frozen=True, slots=True)
class _Row:
    """Pairs with the same codes: which, how many, and how many of them are one publication."""

    codes: tuple[str, ...]
    pairs: int
    same: int


def fit(
    judged: Iterable[tuple[frozenset[str], bool]], known: Mapping[str, float], prior: float = PRIOR
) -> dict[str, float]:
    """Return points for the codes of judged pairs, and ``base``, rounded to hundredths.

    ``known`` gives the points to begin with; codes that fewer than LEAST pairs have keep them, and
    those of numbers do.
    The order of the pairs makes no difference.
    """
    rows = _rows(judged)
    having: defaultdict[str, list[int]] = defaultdict(list)
    for position, row in enumerate(rows):
        for code in (BASE, *row.codes):
            having[code].append(position)
    points = {code: known.get(code, 0.0) for code in having}
    moved = [
        code
        for code in sorted(having)
        if not code.startswith(_BY_HAND) and sum(rows[each].pairs for each in having[code]) >= LEAST
    ]
    totals = [sum(points[code] for code in (BASE, *row.codes)) for row in rows]
    for _ in range(_ROUNDS):
        furthest = 0.0
        for code in moved:
            step = _best_step(
                code, points[code], [(rows[i], totals[i]) for i in having[code]], prior
            )
            points[code] += step
            for position in having[code]:
                totals[position] += step
            furthest = max(furthest, abs(step))
        if furthest < _STILL:
            break
    return {code: round(value, 2) for code, value in points.items()}


def moved_by(judged: Iterable[tuple[frozenset[str], bool]]) -> frozenset[str]:
    """Return the codes whose points these pairs would move.

    Who wants to know what a part of them says must not begin with points that all of them gave.
    """
    pairs = Counter(code for codes, _ in judged for code in codes)
    return frozenset(
        code for code, count in pairs.items() if count >= LEAST and not code.startswith(_BY_HAND)
    )


def _rows(judged: Iterable[tuple[frozenset[str], bool]]) -> list[_Row]:
    counted = Counter((tuple(sorted(codes)), same) for codes, same in judged)
    return [
        _Row(codes, counted[codes, True] + counted[codes, False], counted[codes, True])
        for codes in sorted({codes for codes, _ in counted})
    ]


def _best_step(code: str, now: float, rows: list[tuple[_Row, float]], prior: float) -> float:
    """Return how far to move one coefficient (a step of Newton's), within its side."""
    drawn = 0.0 if code == BASE else prior
    slope, curve = drawn * now, drawn + 1e-6
    for row, total in rows:
        chance = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
        slope += row.pairs * chance - row.same
        curve += row.pairs * chance * (1 - chance)
    low, high = _side(code)
    wanted = now - max(-_STEP, min(_STEP, slope / curve))
    return max(low, min(high, wanted)) - now


def _side(code: str) -> tuple[float, float]:
    """Return between which points a code must stay; of two together sense tells no side."""
    if AND in code:
        return -inf, inf
    if code.endswith(("-equal", "-order")):
        return 0.0, inf
    if code.endswith(_AGAINST):
        return -inf, 0.0
    return -inf, inf
