"""Working out a whole partition, stage by stage; each stage's work is shared among processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalogue.cluster.crew import Crew
from catalogue.cluster.whole.blocks import (
    Narrower,
    Sorted,
    narrower,
    shares,
    sort_keys,
)
from catalogue.cluster.whole.columns import Columns, Digested, Hashes, Numbers, digested
from catalogue.cluster.whole.cutting import cut_some, hanging, heads, simple
from catalogue.cluster.whole.desk import Desk
from catalogue.cluster.whole.judging import SAME, Links, decoded, judge, sift
from catalogue.cluster.whole.reading import Catalogue
from catalogue.cluster.whole.scratch import scratch
from catalogue.cluster.whole.texts import Texts, Writing
from catalogue.match import Decision, Policy

_FEW = 20_000
"""Records that one process is done with before others have begun."""
_RECORDS = 10_000
"""Records a process makes ready at a time."""
_IN_A_FILE = 100_000
"""Records whose pairs lie in one file, to be judged at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The clusters of all records, and the links they rest on."""

    ids: NDArray[np.int64]
    """The records by number."""
    revs: NDArray[np.int64]
    head: Numbers
    """For each record the number of its cluster's first: equal for records of one cluster."""
    links: Links
    reasons: Texts
    desk: Desk
    """Names and features of the records."""
    large: dict[int, int]
    """The first record of each component above the component cap, and how many that has."""
    dead: dict[str, int]
    """Keys held by more records than the block cap, and by how many."""


@contextmanager
def work_out(
    read: Callable[[Path], Catalogue], policy: Policy, processes: int | None = None
) -> Iterator[Whole]:
    """Give the partition by a policy of what ``read`` puts into a folder.

    With no processes, this one does it all; by default it depends on how many records there are.
    The folder is on the disk for temporary files, about
    a kilobyte for each record, and is gone afterwards.
    """
    with scratch() as folder:
        catalogue = read(folder)
        if processes is None:
            processes = (os.cpu_count() or 1) if len(catalogue.ids) > _FEW else 0
        with Crew(partial(Desk, folder, policy), processes) as crew:
            whole = _Work(folder, policy, crew, catalogue).whole()
        try:
            yield whole
        finally:
            whole.reasons.close()
            whole.desk.close()


class _Work(NamedTuple):
    folder: Path
    policy: Policy
    crew: Crew[Desk]
    catalogue: Catalogue

    def whole(self) -> Whole:
        count = len(self.catalogue.ids)
        dead = self._sift_all(*self._ready(count))
        links = self._judged()
        same = links.at(links.decision == SAME)
        head = self._heads(count, same)
        size = np.bincount(head, minlength=1)
        return Whole(
            ids=self.catalogue.ids,
            revs=self.catalogue.revs,
            head=self._cut(head, same),
            large={
                number: int(size[number])
                for number in np.flatnonzero(size > self.policy.component_cap).tolist()
            },
            links=links,
            reasons=Texts(self.folder / "reasons"),
            desk=Desk(self.folder, self.policy),
            dead=dead,
        )

    def _ready(self, count: int) -> tuple[Columns, Hashes, Numbers]:
        """Return all columns, and all keys with their records."""
        tasks = ((first, min(first + _RECORDS, count)) for first in range(0, count, _RECORDS))
        parts: list[Digested] = []
        titles, imprints = (Writing(self.folder / name) for name in ("titles", "imprints"))
        with titles, imprints:
            for part in self.crew.do(_digest, tasks):
                titles.add(part.titles)
                imprints.add(part.imprints)
                parts.append(part._replace(titles=[], imprints=[]))
        parts = parts or [digested([], self.policy)]
        columns = Columns.joined([part.columns for part in parts])
        columns.save(self.folder)
        counts = np.concatenate([part.counts for part in parts])
        records = np.repeat(np.arange(count, dtype=np.int32), counts)
        return columns, np.concatenate([part.keys for part in parts]), records

    def _sift_all(self, columns: Columns, keys: Hashes, records: Numbers) -> dict[str, int]:
        """Put the pairs that may be links into files; return the keys held by too many."""
        dead: list[set[int]] = []
        sizes: dict[str, int] = {}
        while len(keys):
            found = sort_keys(keys, records, self.policy.block_cap)
            for codes in self.crew.do(sift, shares(found.usable)):
                self._put(columns, codes)
            dead.append(set(found.dead.tolist()))
            keys, records, names = self._narrower(found, dead)
            told = zip(found.dead.tolist(), found.dead_sizes.tolist(), strict=True)
            sizes |= {names[number]: size for number, size in told}
        return sizes

    def _narrower(
        self, found: Sorted, dead: list[set[int]]
    ) -> tuple[Hashes, Numbers, dict[int, str]]:
        tasks = (
            (found.holders[first : first + _RECORDS], dead)
            for first in range(0, len(found.holders), _RECORDS)
        )
        parts = list(self.crew.do(_refine, tasks))
        names = {number: name for part in parts for number, name in part.names.items()}
        none: list[NDArray[np.uint16]] = [np.zeros(0, np.uint16)]
        counts = np.concatenate(none + [part.counts for part in parts])
        keys = np.concatenate([np.zeros(0, np.uint64), *(part.keys for part in parts)])
        return keys, np.repeat(found.holders, counts), names

    def _put(self, columns: Columns, codes: Hashes) -> None:
        """Sort pairs into files, those of the same two contents into one."""
        a, b = decoded(codes)
        files = len(self.catalogue.ids) // _IN_A_FILE + 1
        where = np.minimum(columns.content[a], columns.content[b]) % np.uint64(files)
        for number in np.unique(where).tolist():
            with (self.folder / f"pairs.{number}").open("ab") as file:
                codes[where == number].tofile(file)

    def _judged(self) -> Links:
        sources = sorted(self.folder.glob("pairs.*"))
        tasks = [(each, each.with_name(each.name.replace("pairs", "why"))) for each in sources]
        found: list[Links] = []
        told = 0
        with Writing(self.folder / "reasons") as reasons:
            done = self.crew.do(judge, tasks)
            for links, (source, why) in zip(done, tasks, strict=True):
                texts = Texts(why)
                reasons.add(texts.between(0, len(texts)))
                texts.close()
                found.append(links._replace(reason=links.reason + np.int32(told)))
                told += len(texts)
                source.unlink()
                why.unlink()
        return Links.joined(found)

    def _heads(self, count: int, same: Links) -> Numbers:
        joined = [pair for pair, word in self.catalogue.said.items() if word is Decision.SAME]
        said = np.array(joined, np.int32).reshape(-1, 2)
        return heads(
            count, np.concatenate([same.a, said[:, 0]]), np.concatenate([same.b, said[:, 1]])
        )

    def _cut(self, head: Numbers, same: Links) -> Numbers:
        said = self.catalogue.said
        todo = ~simple(head, same, said, self.policy)
        clusters = head.copy()
        for groups in self.crew.do(cut_some, hanging(head, todo, same, said)):
            for group in groups:
                clusters[group] = group[0]
        return clusters


def _digest(desk: Desk, task: tuple[int, int]) -> Digested:
    return digested(desk.texts.between(*task), desk.policy)


def _refine(desk: Desk, task: tuple[Numbers, list[set[int]]]) -> Narrower:
    numbers, dead = task
    return narrower([desk.features(number) for number in numbers.tolist()], dead)
