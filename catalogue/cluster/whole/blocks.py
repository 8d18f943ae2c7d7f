"""Records that share a key, found by sorting the hashes of all keys; and the pairs among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalogue import match
from catalogue.cluster.whole.columns import Hashes, Numbers, hashed
from catalogue.match import Features

_PAIRS = 1 << 18
"""Pairs made at a time, or those of one block if it has more."""
_SHARE = 1 << 22
"""Pairs in the share of blocks that a process takes at a time."""

Sizes: TypeAlias = NDArray[np.int64]


class Blocks(NamedTuple):
    """Blocks beside each other: the records of the first, by number, then of the next."""

    records: Numbers
    sizes: Sizes


class Sorted(NamedTuple):
    """All keys of a level, by whether they find candidates."""

    usable: Blocks
    dead: Hashes
    """Keys held by more records than the cap."""
    dead_sizes: Sizes
    holders: Numbers
    """The records that hold any of these, each once."""


def sort_keys(keys: Hashes, records: Numbers, cap: int) -> Sorted:
    """Sort keys, each given with the record that holds it; records must not go down."""
    order = np.argsort(keys, kind="stable")
    keys, records = keys[order], records[order]
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else keys
    starts = begins.astype(np.int64)
    sizes = np.diff(starts, append=len(keys))
    large = sizes > cap
    shared = (sizes > 1) & ~large
    return Sorted(
        usable=Blocks(records[np.repeat(shared, sizes)], sizes[shared]),
        dead=keys[starts[large]],
        dead_sizes=sizes[large],
        holders=np.unique(records[np.repeat(large, sizes)]),
    )


def shares(blocks: Blocks) -> Iterator[Blocks]:
    """Part blocks into shares of about as many pairs."""
    before = np.cumsum(blocks.sizes * (blocks.sizes - 1) // 2) // _SHARE
    cuts = np.flatnonzero(np.diff(before)) + 1
    ends = np.cumsum(blocks.sizes)
    first = 0
    for sizes in np.split(blocks.sizes, cuts):
        last = first + int(sizes.sum())
        yield Blocks(blocks.records[first:last], sizes)
        first = last
    assert first == (ends[-1] if len(ends) else 0)


def pairs(blocks: Blocks) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the pairs of records of each block, the lower number first."""
    starts = np.cumsum(blocks.sizes) - blocks.sizes
    for size in np.unique(blocks.sizes).tolist():
        one, two = np.triu_indices(size, 1)
        those = starts[blocks.sizes == size]
        step = max(1, _PAIRS // len(one))
        for first in range(0, len(those), step):
            members = blocks.records[those[first : first + step, None] + np.arange(size)]
            yield members[:, one].ravel(), members[:, two].ravel()


class Narrower(NamedTuple):
    """The narrower keys of some records, and what their dead keys are called."""

    keys: Hashes
    counts: NDArray[np.uint16]
    names: dict[int, str]


def narrower(known: list[Features], dead: list[set[int]]) -> Narrower:
    """Return the keys that records carry in place of those that are dead, level by level.

    ``dead`` has a set for each level that was sorted already; names are those of the last one.
    """
    names: dict[int, str] = {}
    found: list[list[str]] = []
    for each in known:
        keys = match.keys(each)
        for depth, those in enumerate(dead):
            split = [(number, key) for key in keys if (number := hashed(key)) in those]
            if depth == len(dead) - 1:
                names |= dict(split)
            keys = tuple(less for _, key in split for less in match.refined(key, each))
        found.append(list(keys))
    return Narrower(
        keys=np.array([hashed(key) for keys in found for key in keys], np.uint64),
        counts=np.array([len(keys) for keys in found], np.uint16),
        names=names,
    )
