"""Which clusters of a partition can be placed at once, and in which batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalogue.cluster.whole import SAME, Links, Whole
from catalogue.cluster.whole.columns import Bools, Numbers
from catalogue.cluster.whole.cutting import heads
from catalogue.cluster.whole.stored import Ids, places

_RECORDS = 1000
"""Records of a batch, or those of one cluster: as long as other writers wait for."""


class Link(NamedTuple):
    """What is thought of two records, by id."""

    a: int
    b: int
    decision: int
    score: float
    reasons: str
    """A JSON list."""


class Batch(NamedTuple):
    """Clusters to come that one transaction writes; records by id, one cluster after the other."""

    first: int
    """The id that the first of these clusters gets; the others follow."""
    records: list[int]
    revs: list[int]
    sizes: list[int]
    links: list[Link]
    """Of two records that different batches place, with the later one."""
    large: dict[int, int]
    """The least record of each component that is too large, and how many records that has."""
    split: list[int]
    """Records that hold a key which too many hold to find others by it."""

    def groups(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield the records of each cluster, and their revs."""
        first = 0
        for size in self.sizes:
            last = first + size
            yield self.records[first:last], self.revs[first:last]
            first = last


class Chosen:
    """The clusters that can be placed at once: all that hang together only with records like them.

    ``never`` are the ids of records that wait and never were in a cluster, ``said`` has a row for
    each two that people called the same.
    """

    def __init__(self, found: Whole, never: Ids, said: Ids) -> None:
        self._found = found
        new = np.zeros(len(found.ids), np.bool_)
        place, known = places(found.ids, never)
        new[place[known]] = True
        component = _components(found, said)
        with_others = np.zeros(len(found.ids), np.bool_)
        with_others[component[~new]] = True
        numbers = np.flatnonzero(~with_others[component])
        self._numbers = numbers[np.argsort(found.head[numbers], kind="stable")]
        head = found.head[self._numbers]
        begins: Bools = np.ones(len(head), np.bool_)
        begins[1:] = head[1:] != head[:-1]
        self._starts = np.flatnonzero(begins)
        self._sizes = np.diff(self._starts, append=len(head))
        batch = self._starts // _RECORDS
        self._batch_of = np.full(len(found.ids), -1, np.int64)
        self._batch_of[self._numbers] = np.repeat(batch, self._sizes)
        self._cuts = np.flatnonzero(np.diff(batch)) + 1

    def __len__(self) -> int:
        """Return how many records that are."""
        return len(self._numbers)

    def batches(self, first: int, split: Ids) -> Iterator[Batch]:
        """Yield them in the order of their oldest records; ``first`` is the first cluster's id.

        ``split`` are all records that hold keys of too many, sorted.
        """
        if not len(self):
            return
        links, bounds = self._links()
        large = self._large()
        for groups in np.split(np.arange(len(self._starts)), self._cuts):
            start, end = self._starts[groups[0]], self._starts[groups[-1]] + self._sizes[groups[-1]]
            some = self._numbers[start:end]
            batch = int(self._batch_of[some[0]])
            yield Batch(
                first=first + int(groups[0]),
                records=self._found.ids[some].tolist(),
                revs=self._found.revs[some].tolist(),
                sizes=self._sizes[groups].tolist(),
                links=self._told(links.at(np.arange(bounds[batch], bounds[batch + 1]))),
                large=large.get(batch, {}),
                split=self._found.ids[some][places(split, self._found.ids[some])[1]].tolist(),
            )

    def _links(self) -> tuple[Links, NDArray[np.int64]]:
        """Return the links of all batches, one after the other, and where each one's begin."""
        links = self._found.links
        batch = np.maximum(self._batch_of[links.a], self._batch_of[links.b])
        order = np.argsort(batch, kind="stable")
        last = int(self._batch_of.max())
        return links.at(order), np.searchsorted(batch[order], np.arange(last + 2))

    def _told(self, links: Links) -> list[Link]:
        ids, reasons = self._found.ids, self._found.reasons
        columns = zip(*(column.tolist() for column in links), strict=True)
        return [
            Link(int(ids[a]), int(ids[b]), word, score, reasons[reason])
            for a, b, word, score, reason in columns
        ]

    def _large(self) -> dict[int, dict[int, int]]:
        found: dict[int, dict[int, int]] = {}
        for number, size in self._found.large.items():
            batch = int(self._batch_of[number])
            found.setdefault(batch, {})[int(self._found.ids[number])] = size
        return found


def _components(found: Whole, said: Ids) -> Numbers:
    """Return for each record the first of those that links and people's words hold together."""
    same = found.links.at(found.links.decision == SAME)
    one, one_known = places(found.ids, said[:, 0])
    two, two_known = places(found.ids, said[:, 1])
    both = one_known & two_known
    ends = (
        np.concatenate([same.a, one[both].astype(np.int32)]),
        np.concatenate([same.b, two[both].astype(np.int32)]),
    )
    return heads(len(found.ids), *ends)
