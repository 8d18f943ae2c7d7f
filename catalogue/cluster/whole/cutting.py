"""Clusters: what links and verdicts hold together, cut as ``cut`` cuts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from catalogue.cluster.cut import Component, Pair, cut
from catalogue.cluster.whole.blocks import Sizes
from catalogue.cluster.whole.columns import Bools, Numbers
from catalogue.cluster.whole.desk import Desk
from catalogue.cluster.whole.judging import Links, Scores
from catalogue.match import Decision, Policy, Verdict, decide

_SHARE = 5000
"""Records in the share of components that a process takes at a time, or those of one."""


class Hanging(NamedTuple):
    """Components: each with its records, the links among them, and what people said of them."""

    records: Numbers
    sizes: Sizes
    a: Numbers
    b: Numbers
    score: Scores
    link_sizes: Sizes
    """How many links each component has, as ``sizes`` of the records."""
    said: Mapping[Pair, Decision]


def heads(count: int, a: Numbers, b: Numbers) -> Numbers:
    """Return for each record the lowest one that it hangs together with by these pairs."""
    head = np.arange(count, dtype=np.int32)
    while True:
        one, two = head[a], head[b]
        apart = one != two
        if not apart.any():
            return head
        a, b = a[apart], b[apart]
        one, two = one[apart], two[apart]
        np.minimum.at(head, np.maximum(one, two), np.minimum(one, two))
        while True:
            further = head[head]
            if np.array_equal(further, head):
                break
            head = further


def simple(head: Numbers, links: Links, said: Mapping[Pair, Decision], policy: Policy) -> Bools:
    """Say of which heads the component is a cluster as it is.

    Where all are linked with all, each link alone reaches theta and nobody said anything, whatever
    average ``cut`` looks at reaches it too.
    """
    count = len(head)
    size = np.bincount(head, minlength=count)
    of = head[links.a]
    linked = np.bincount(of, minlength=count)
    weak = np.bincount(of[_millionths(links.score) < _theta(policy)], minlength=count)
    found: Bools = (linked * 2 == size * (size - 1)) & (weak == 0) & (size <= policy.component_cap)
    spoken = [end for pair in said for end in pair]
    found[head[np.array(spoken, np.int64)]] = False
    return found


def _millionths(scores: Scores) -> Sizes:
    return np.rint(scores * 1_000_000).astype(np.int64)


def _theta(policy: Policy) -> int:
    return round(policy.theta * 1_000_000)


def hanging(
    head: Numbers, todo: Bools, links: Links, said: Mapping[Pair, Decision]
) -> Iterator[Hanging]:
    """Yield the components of these heads in shares."""
    records = np.flatnonzero(todo[head]).astype(np.int32)
    records = records[np.argsort(head[records], kind="stable")]
    wanted = np.flatnonzero(todo[head[links.a]])
    wanted = wanted[np.argsort(head[links.a[wanted]], kind="stable")]
    edges = links.at(wanted)
    order, sizes = np.unique(head[records], return_counts=True)
    edge_sizes = np.bincount(np.searchsorted(order, head[edges.a]), minlength=len(order))
    spoken: dict[int, dict[Pair, Decision]] = {}
    for pair, word in said.items():
        if head[pair[0]] == head[pair[1]]:
            spoken.setdefault(int(head[pair[0]]), {})[pair] = word
    number = np.cumsum(sizes) // _SHARE
    first = first_edge = 0
    for those in np.split(np.arange(len(order)), np.flatnonzero(np.diff(number)) + 1):
        last = first + int(sizes[those].sum())
        last_edge = first_edge + int(edge_sizes[those].sum())
        some = edges.at(np.arange(first_edge, last_edge))
        words = {p: w for each in order[those].tolist() for p, w in spoken.get(each, {}).items()}
        yield Hanging(
            records[first:last],
            sizes[those],
            some.a,
            some.b,
            some.score,
            edge_sizes[those],
            words,
        )
        first, first_edge = last, last_edge


def cut_some(desk: Desk, task: Hanging) -> list[Numbers]:
    """Return the clusters of some components."""
    found: list[Numbers] = []
    edges = zip(task.a.tolist(), task.b.tolist(), task.score.tolist(), strict=True)
    records = iter(task.records.tolist())
    at: dict[int, int] = {}
    members: list[list[int]] = []
    for number, size in enumerate(task.sizes.tolist()):
        members.append([next(records) for _ in range(size)])
        at |= dict.fromkeys(members[-1], number)
    said: dict[int, dict[Pair, Decision]] = {}
    for pair, word in task.said.items():
        said.setdefault(at[pair[0]], {})[pair] = word
    for number, (those, count) in enumerate(zip(members, task.link_sizes.tolist(), strict=True)):
        scores = {(a, b): score for a, b, score in (next(edges) for _ in range(count))}
        groups = _cut(desk, those, scores, said.get(number, {}))
        found += [np.array(sorted(group), np.int32) for group in groups]
    return found


def _cut(
    desk: Desk, records: list[int], scores: Mapping[Pair, float], said: Mapping[Pair, Decision]
) -> tuple[frozenset[int], ...]:
    return cut(
        Component(
            nodes=tuple((each, desk.name(each)) for each in records),
            edges=scores,
            verdicts=said,
            compare=lambda a, b: _compared(desk, a, b),
            theta=desk.policy.theta,
            cap=desk.policy.component_cap,
        )
    )


def _compared(desk: Desk, a: int, b: int) -> Verdict:
    return decide(desk.features(min(a, b)), desk.features(max(a, b)), desk.policy, briefly=True)
