"""What columns tell of pairs: how many points each kind of code comes to, at most.

Where a column does not tell exactly, the most that codes of the kind can be worth is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue.cluster.whole.columns import (
    MOST_PAGES,
    NUMBERED,
    SERIAL,
    UNCERTAIN,
    YEARS,
    Bools,
    Columns,
    Numbers,
)
from catalogue.match import Policy
from catalogue.match.codes import kind_of
from catalogue.match.compare import PAGES_APART, PAGES_SHARE, YEARS_APART, most_points

Points: TypeAlias = NDArray[np.float64]

_IDENTIFIERS = ("isbn", "issn", "national", "control", "trade")


class Pairs(NamedTuple):
    """Pairs of records by number, and all that is known of records."""

    columns: Columns
    a: Numbers
    b: Numbers

    def at(self, which: Bools) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.columns, self.a[which], self.b[which])

    def ends(self, name: str) -> tuple[Any, Any]:
        """Return a column's values at both ends."""
        column = getattr(self.columns, name)
        return column[self.a], column[self.b]

    def either(self, flag: int) -> Bools:
        """Say of which pairs one record at least has a flag."""
        found: Bools = ((self.columns.flags[self.a] | self.columns.flags[self.b]) & flag) != 0
        return found

    def both(self, flag: int) -> Bools:
        """Say of which pairs both records have a flag."""
        found: Bools = (self.columns.flags[self.a] & self.columns.flags[self.b] & flag) != 0
        return found


def _year(pairs: Pairs, policy: Policy) -> Points:
    points = policy.weights
    one, two = pairs.ends("years")
    edition, other = pairs.ends("edition")
    apart = np.full(len(pairs.a), np.iinfo(np.int32).max, np.int32)
    for ours, theirs in product(range(YEARS), repeat=2):
        told = (one[:, ours] != 0) & (two[:, theirs] != 0)
        between = np.abs(one[:, ours].astype(np.int32) - two[:, theirs])
        apart = np.where(told, np.minimum(apart, between), apart)
    names = ("year-next", "year-close", "year-apart")
    return np.select(
        [
            pairs.either(UNCERTAIN),
            (one[:, 0] == 0) | (two[:, 0] == 0),
            one[:, 0] == two[:, 0],
            apart == 0,
            pairs.either(SERIAL),
            (edition != 0) & (edition == other),
            *(apart <= most for most in YEARS_APART),
        ],
        [
            most_points("year", policy),
            points["year-silent"],
            points["year-equal"],
            points["year-overlap"],
            0.0,
            points["year-reprint"],
            *(points[name] for name in names),
        ],
        points["year-far"],
    )


def _coded_year(pairs: Pairs, policy: Policy) -> Points:
    return _agreed(pairs, policy, "coded_year", "coded-year")


def _country(pairs: Pairs, policy: Policy) -> Points:
    return _agreed(pairs, policy, "country", "country")


def _agreed(pairs: Pairs, policy: Policy, column: str, kind: str) -> Points:
    """Return the points of what counts only where both say something."""
    one, two = pairs.ends(column)
    equal, different = policy.weights[f"{kind}-equal"], policy.weights[f"{kind}-different"]
    return np.where((one != 0) & (two != 0), np.where(one == two, equal, different), 0.0)


def _pages(pairs: Pairs, policy: Policy) -> Points:
    points = policy.weights
    one, two = pairs.ends("pages")
    apart = np.abs(one - two)
    near, close = PAGES_APART
    return np.select(
        [
            (one == 0) & (two == 0),
            (one == 0) | (two == 0),
            np.maximum(one, two) >= MOST_PAGES,
            apart == 0,
            apart <= near,
            apart <= close,
            apart <= PAGES_SHARE * np.maximum(one, two),
        ],
        [
            points["pages-none"],
            points["pages-silent"],
            most_points("pages", policy),
            points["pages-equal"],
            points["pages-near"],
            points["pages-close"],
            points["pages-similar"],
        ],
        points["pages-different"],
    )


def _extent(pairs: Pairs, policy: Policy) -> Points:
    points = policy.weights
    one, two = pairs.ends("extent")
    ours, theirs = pairs.ends("sequences")
    return np.select(
        [(one == 0) | (two == 0), one == two, (ours & theirs) != 0],
        [
            0.0,
            points["extent-equal"],
            max(points[f"extent-{how}"] for how in ("similar", "touching", "different")),
        ],
        points["extent-different"],
    )


def _edition(pairs: Pairs, policy: Policy) -> Points:
    points = policy.weights
    one, two = pairs.ends("edition")
    return np.select(
        [(one == 0) & (two == 0), (one == 0) | (two == 0), one == two],
        [0.0, points["edition-silent"], points["edition-equal"]],
        points["edition-different"],
    )


def _volume(pairs: Pairs, policy: Policy) -> Points:
    one, two = pairs.ends("volume")
    silent, equal = policy.weights["volume-silent"], policy.weights["volume-equal"]
    return np.select([(one == 0) != (two == 0), (one == two) & (one != 0)], [silent, equal], 0.0)


def _kind(pairs: Pairs, policy: Policy) -> Points:
    one, two = pairs.ends("kind")
    return np.where((one == 0) != (two == 0), policy.weights["kind-silent"], 0.0)


def _carrier(pairs: Pairs, policy: Policy) -> Points:
    one, two = pairs.ends("carrier")
    return np.where(one != two, policy.weights["carrier-coded"], 0.0)


def _language(pairs: Pairs, policy: Policy) -> Points:
    one, two = pairs.ends("language")
    other = (one != 0) & (two != 0) & (one != two)
    return np.where(other, policy.weights["language-different"], 0.0)


def _identifiers(pairs: Pairs, policy: Policy) -> Points:
    """Return the most where numbers have a bit in common; else none is the same."""
    one, two = pairs.ends("numbers")
    most = sum(most_points(kind, policy) for kind in _IDENTIFIERS)
    other = np.where(pairs.both(NUMBERED), policy.weights["isbn-different"], 0.0)
    return np.where((one & two) != 0, most, other)


TOLD: tuple[tuple[tuple[str, ...], Callable[[Pairs, Policy], Points]], ...] = (
    (("year",), _year),
    (("coded-year",), _coded_year),
    (("country",), _country),
    (("pages",), _pages),
    (("extent",), _extent),
    (("edition",), _edition),
    (("volume",), _volume),
    (("kind",), _kind),
    (("carrier",), _carrier),
    (("language",), _language),
    (_IDENTIFIERS, _identifiers),
)
"""Kinds of codes that columns tell of, and their points."""


def may_have(pairs: Pairs, code: str, policy: Policy) -> Bools:
    """Say which pairs may have a code, as far as columns tell."""
    told = next((points for kinds, points in TOLD if kind_of(code) in kinds), None)
    if told is None:
        return np.ones(len(pairs.a), np.bool_)
    alone = replace(policy, weights=dict.fromkeys(policy.weights, 0.0) | {code: 1.0})
    found: Bools = told(pairs, alone) > 0
    return found
