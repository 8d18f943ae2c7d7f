"""Pairs that ``decide`` would call different, found many at a time.

Each test here is one of ``decide``'s own, and drops a pair only where that would; what does not fit
into columns is left to it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from catalogue.cluster.whole.columns import (
    ANALYTIC,
    LEVELLED,
    SERIAL,
    SURE,
    UNCERTAIN,
    YEARLY,
    YEARS,
    Bools,
    Columns,
    Flags,
    Hashes,
    Numbers,
)
from catalogue.cluster.whole.texts import Lookable
from catalogue.match import Policy

_IMPRESSION = ord("i")
_NOTHING = 1e-6
"""How far from a threshold, in percent, a pair is left to ``decide``."""


def perhaps(columns: Columns, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Return those pairs of records that no veto is known against."""
    for veto in _VETOES:
        keep = ~veto(columns, a, b)
        a, b = a[keep], b[keep]
    return a, b


def alike(
    columns: Columns, titles: Lookable, policy: Policy, a: Numbers, b: Numbers
) -> tuple[Numbers, Numbers]:
    """Return those pairs whose titles are alike enough; pairs of the same two titles once."""
    one, two = columns.title[a], columns.title[b]
    keep = one == two
    low, high = np.minimum(one, two), np.maximum(one, two)
    unsure = np.flatnonzero(~keep)
    if not len(unsure):
        return a, b
    first, of = unique_pairs(low[unsure], high[unsure])
    asked = unsure[first]
    ours, theirs = (titles.some(end[asked].tolist()) for end in (a, b))
    likeness = cpdist(ours, theirs, scorer=fuzz.token_set_ratio, dtype=np.float64)
    keep[unsure] = (likeness >= policy.title_least * 100 - _NOTHING)[of]
    return a[keep], b[keep]


def unique_pairs(
    low: Hashes, high: Hashes
) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return where each pair of numbers stands first, and for each place which of these it is."""
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    of = np.empty(len(order), np.intp)
    of[order] = np.cumsum(begins) - 1
    return order[begins], of


def _year(columns: Columns, a: Numbers, b: Numbers) -> Bools:
    either = columns.flags[a] | columns.flags[b]
    one, two = columns.years[a], columns.years[b]
    told = (one[:, 0] != 0) & (two[:, 0] != 0)
    found: Bools = told & ((either & YEARLY) != 0) & ((either & (SERIAL | UNCERTAIN)) == 0)
    for ours, theirs in product(range(YEARS), repeat=2):
        found &= (one[:, ours] != two[:, theirs]) | (one[:, ours] == 0)
    edition = columns.edition[a]
    found &= (edition == 0) | (edition != columns.edition[b])
    return found


def _level(columns: Columns, a: Numbers, b: Numbers) -> Bools:
    one, two = columns.flags[a], columns.flags[b]
    other, both = one ^ two, one & two
    found: Bools = ((other & SERIAL) != 0) & ((both & LEVELLED) != 0)
    found |= (other & ANALYTIC) != 0
    return found


def _carrier(columns: Columns, a: Numbers, b: Numbers) -> Bools:
    sure = ((columns.flags[a] | columns.flags[b]) & SURE) != 0
    found: Bools = sure & (columns.carrier[a] != columns.carrier[b])
    return found


def _edition(columns: Columns, a: Numbers, b: Numbers) -> Bools:
    kind = columns.edition_kind[a]
    yearly = ((columns.flags[a] | columns.flags[b]) & YEARLY) != 0
    same_kind = (kind == columns.edition_kind[b]) & (kind != _IMPRESSION)
    found: Bools = yearly & same_kind & _conflict(columns.edition, a, b)
    return found


def _set(columns: Columns, a: Numbers, b: Numbers) -> Bools:
    return _part_of_set(columns, a, b) | _part_of_set(columns, b, a)


def _part_of_set(columns: Columns, whole: Numbers, one: Numbers) -> Bools:
    apart = (columns.volume[whole] == 0) & (columns.volume[one] != 0)
    found: Bools = apart & (columns.volumes[whole] > 1) & (columns.volumes[one] <= 1)
    return found


def _conflict(column: Hashes | Flags, a: Numbers, b: Numbers) -> Bools:
    one, two = column[a], column[b]
    found: Bools = (one != 0) & (two != 0) & (one != two)
    return found


_VETOES: tuple[Callable[[Columns, Numbers, Numbers], Bools], ...] = (
    _year,
    lambda columns, a, b: _conflict(columns.volume, a, b),
    _edition,
    lambda columns, a, b: _conflict(columns.material, a, b),
    lambda columns, a, b: _conflict(columns.kind, a, b),
    lambda columns, a, b: _conflict(columns.variant, a, b),
    _level,
    _carrier,
    _set,
)
