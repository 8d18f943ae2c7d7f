"""Pairs that nothing lifts to a policy's ``ask``: the most their points can come to, many at once.

What columns and texts tell exactly counts as it does in ``compare``; of all else the most it can
be worth is taken. So a pair is dropped only where ``decide`` would call it different.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from catalogue.cluster.whole.columns import (
    BETWEEN,
    INITIALS,
    NAMED,
    PUBLISHED,
    VARIED,
    Bools,
    Columns,
    Numbers,
)
from catalogue.cluster.whole.telling import TOLD, Pairs, Points, may_have
from catalogue.cluster.whole.texts import Lookable
from catalogue.match import Policy
from catalogue.match.codes import CODES, GRADES, kind_of
from catalogue.match.compare import (
    least_points,
    most_points,
)

_WORDED = ("words", "whole", "author", "publisher", "place")
"""Kinds whose texts have to be compared."""
_ALL = 100.0
_BOTH = {"words": fuzz.token_set_ratio, "whole": fuzz.ratio}
_EDGE = 1e-6
_AT_ONCE = 1 << 16
"""Pairs whose texts are in memory at a time."""


class Known(Protocol):
    """Where records' columns and texts are found by number."""

    @property
    def policy(self) -> Policy:
        """By which they are judged."""

    @property
    def columns(self) -> Columns:
        """Of all records."""

    @property
    def titles(self) -> Lookable:
        """As they are compared."""

    @property
    def imprints(self) -> Lookable:
        """The main entry, publisher and place of each."""


def within_reach(desk: Known, a: Numbers, b: Numbers) -> Bools:
    """Say which pairs may have the points to be asked about."""
    least = least_points(desk.policy)
    found: Bools = most(desk, a, b, least) >= least
    return found


def most(desk: Known, a: Numbers, b: Numbers, least: float) -> Points:
    """Return the points pairs come to at most, exact or not where these are less than ``least``."""
    parts = [np.zeros(0)]
    for first, last in _slices(len(a)):
        parts.append(_most(desk, Pairs(desk.columns, a[first:last], b[first:last]), least))
    return np.concatenate(parts)


def _slices(count: int) -> Iterable[tuple[int, int]]:
    return ((first, first + _AT_ONCE) for first in range(0, count, _AT_ONCE))


def _most(desk: Known, pairs: Pairs, least: float) -> Points:
    """Return the points pairs come to at most, those of texts only where that still matters."""
    policy = desk.policy
    kinds = {kind_of(code) for code in CODES}
    open_ = kinds - {kind for kinds_of, _ in TOLD for kind in kinds_of}
    found = np.full(len(pairs.a), sum(most_points(kind, policy) for kind in open_))
    for _, points in TOLD:
        found += points(pairs, policy)
    for two, more in policy.together.items():
        if more > 0:
            found += more * (may_have(pairs, two[0], policy) & may_have(pairs, two[1], policy))
    near = found >= least
    if near.any():
        found[near] += _worded(desk, pairs.at(near))
    return found


def _worded(desk: Known, pairs: Pairs) -> Points:
    """Return how much less than the most what has to be read comes to."""
    policy = desk.policy
    ours, theirs = (_split(desk.imprints.some(end.tolist())) for end in (pairs.a, pairs.b))
    authors, houses, places = zip(ours, theirs, strict=True)
    found = _title(desk, pairs)
    found += _author(pairs, policy, *authors)
    found += _publisher(pairs, policy, *houses)
    found += _place(policy, *places)
    return found - sum(most_points(kind, policy) for kind in _WORDED)


def _split(texts: list[str]) -> tuple[list[str], list[str], list[str]]:
    parts = [text.split(BETWEEN) for text in texts]
    return [each[0] for each in parts], [each[1] for each in parts], [each[2] for each in parts]


def _likeness(scorer: Callable[..., float], ours: list[str], theirs: list[str]) -> Points:
    found: Points = cpdist(ours, theirs, scorer=scorer, dtype=np.float64)
    return found


def _told(ours: list[str], theirs: list[str]) -> Bools:
    """Say where both have a text."""
    return np.array([a != "" != b for a, b in zip(ours, theirs, strict=True)], np.bool_)


def _title(desk: Known, pairs: Pairs) -> Points:
    one, two = pairs.ends("title")
    # Titles of no words are alike in nothing.
    apart = (one != two) | (one == 0)
    whole = np.full(1, _ALL)
    found = np.repeat(sum(_graded(kind, whole, desk.policy) for kind in _BOTH), len(one))
    if apart.any():
        ours = desk.titles.some(pairs.a[apart].tolist())
        theirs = desk.titles.some(pairs.b[apart].tolist())
        found[apart] = sum(
            _graded(kind, _likeness(scorer, ours, theirs), desk.policy)
            for kind, scorer in _BOTH.items()
        )
    return found


def _graded(kind: str, likeness: Points, policy: Policy) -> Points:
    """Return the points of a graded comparison; at the edge of a grade the more of the two."""
    grades = GRADES[kind]
    points = np.array([policy.weights[f"{kind}-{grade}"] for grade in grades])
    low, high = (
        np.searchsorted(grades, likeness + edge, side="right") - 1 for edge in (-_EDGE, _EDGE)
    )
    found: Points = np.maximum(points[np.maximum(low, 0)], points[high])
    return found


def _author(pairs: Pairs, policy: Policy, ours: list[str], theirs: list[str]) -> Points:
    """Return what authors come to: names that have a bit in common may be anything."""
    points = policy.weights
    names = pairs.ends("names")
    unsure = ~_told(ours, theirs) | pairs.either(INITIALS)
    # All words of one name among the other's: a name that leaves some away.
    unsure |= _likeness(fuzz.token_set_ratio, ours, theirs) >= _ALL
    alike = _likeness(fuzz.ratio, ours, theirs) / 100
    return np.select(
        [
            ~pairs.either(NAMED),
            ~pairs.both(NAMED),
            (names[0] & names[1]) != 0,
            unsure | pairs.both(VARIED),
            alike >= policy.name_close,
            alike >= policy.name_near,
        ],
        [
            points["author-none"],
            points["author-silent"],
            most_points("author", policy),
            max(points[f"author-{way}"] for way in ("similar", "near", "variant", "different")),
            points["author-similar"],
            points["author-near"],
        ],
        points["author-different"],
    )


def _publisher(pairs: Pairs, policy: Policy, ours: list[str], theirs: list[str]) -> Points:
    points = policy.weights
    words = _likeness(fuzz.token_set_ratio, ours, theirs)
    return np.select(
        [
            ~pairs.both(PUBLISHED),
            ~_told(ours, theirs),
            _likeness(fuzz.ratio, ours, theirs) / 100 >= policy.publisher_close,
            words >= _ALL,
            words / 100 >= policy.publisher_near,
        ],
        [
            points["publisher-silent"],
            most_points("publisher", policy),
            points["publisher-equal"],
            max(points["publisher-similar"], points["publisher-near"]),
            points["publisher-near"],
        ],
        points["publisher-different"],
    )


def _place(policy: Policy, ours: list[str], theirs: list[str]) -> Points:
    points = policy.weights
    alike = _likeness(fuzz.partial_ratio, ours, theirs) >= policy.publisher_close * 100
    return np.where(
        _told(ours, theirs),
        np.where(alike, points["place-equal"], points["place-different"]),
        points["place-silent"],
    )
