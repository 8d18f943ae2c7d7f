"""Cut a connected component of alike records into clusters: a pure function of names and scores.

Nothing here sees an order of arrival: ties are broken by a record's name (source, identifier) and
scores are added as whole millionths, so insert, change and delete end in what a rebuild gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product
from typing import TypeAlias, TypeVar

from catalogue.match.decide import Decision, Verdict

Name: TypeAlias = tuple[str, str]
"""Source name and identifier: what a record is called whatever row it is stored in."""

Pair: TypeAlias = tuple[int, int]

_MILLION = 1_000_000
_STEP = 20_000
"""What an oversize piece adds to theta at a time, in millionths (0.02)."""

_Node = TypeVar("_Node", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Records that hang together by links or manual verdicts, and how to judge the rest.

    Pairs may be given either way round. ``compare`` must be symmetric and is asked only for pairs
    without a link, at most once each.
    """

    nodes: tuple[tuple[int, Name], ...]
    """Record id and its name; names are unique, ids only label the result."""
    edges: Mapping[Pair, float]
    """The links: pairs decided SAME, with their scores."""
    compare: Callable[[int, int], Verdict]
    theta: float
    """What the average score between two groups must reach."""
    verdicts: Mapping[Pair, Decision] = field(default_factory=dict)
    """What people said: SAME or DIFFERENT."""
    cap: int = 200
    """A larger piece is taken apart before it is cut, so that work stays bounded."""


def components(
    nodes: Iterable[_Node], edges: Iterable[tuple[_Node, _Node]]
) -> list[frozenset[_Node]]:
    """Return the connected components, each node in one; edges to unknown nodes are ignored."""
    joined = {node: node for node in nodes}
    for a, b in edges:
        if a in joined and b in joined:
            joined[_root(joined, a)] = _root(joined, b)
    groups: defaultdict[_Node, list[_Node]] = defaultdict(list)
    for node in joined:
        groups[_root(joined, node)].append(node)
    return [frozenset(group) for group in groups.values()]


def spanning(pairs: Iterable[Pair], at: Mapping[int, int]) -> Iterator[Pair]:
    """Yield those pairs that join what all before them leave apart, by what each node is ``at``."""
    joined = {home: home for home in at.values()}
    for a, b in pairs:
        one, other = _root(joined, at[a]), _root(joined, at[b])
        if one != other:
            joined[one] = other
            yield a, b


def _root(joined: dict[_Node, _Node], node: _Node) -> _Node:
    while (above := joined[node]) != node:
        # Halve the way for whoever asks next, so that chains never grow long.
        joined[node] = joined[above]
        node = above
    return node


def cut(component: Component) -> tuple[frozenset[int], ...]:
    """Return the clusters of a component, ordered by their first name.

    Manual SAME pairs are merged first, then links in the total order (score descending, name,
    name). Two groups merge only if no manual DIFFERENT and no veto stands between them and the
    average score of all pairs across reaches theta. A manual SAME overrules a veto; where manual
    verdicts contradict each other, DIFFERENT stands and the SAME that would break it is left out.

    A piece larger than ``cap`` loses its links below theta + 0.02, + 0.04, ... until it falls into
    pieces within the cap; each is then cut with the theta at which it fell out. Where only its
    best links are left and it is still too large, it is cut by these alone.
    """
    return Cutting(component).cut()


class Cutting:
    """A component made ready to be cut more than once, with more that people say each time.

    Every node is replaced by its rank among the names; what was compared once is kept.
    """

    def __init__(self, component: Component) -> None:
        ordered = sorted(component.nodes, key=lambda node: node[1])
        self.ids = [node for node, _ in ordered]
        self._ranks = {node: rank for rank, node in enumerate(self.ids)}
        self.theta = _millionths(component.theta)
        self._cap = component.cap
        scores = {
            pair: max(_millionths(component.edges[key]) for key in keys)
            for pair, keys in _ranked(component.edges, self._ranks)
        }
        self.links = dict(sorted(scores.items(), key=lambda link: (-link[1], link[0])))
        """The best first."""
        self._forest = tuple(spanning(self.links, {rank: rank for rank in range(len(ordered))}))
        """Those links that hold together whatever all do, at any theta."""
        self._verdicts = component.verdicts
        self._compare = component.compare
        self._scores: dict[Pair, int | None] = dict(self.links)

    def cut(self, said: Mapping[Pair, Decision] | None = None) -> tuple[frozenset[int], ...]:
        """Return the clusters, ordered by their first name; ``said`` overrules the verdicts."""
        same, different = self._told({**self._verdicts, **(said or {})})
        clusters = [
            cluster
            for piece in self._pieces(same)
            for cluster in _Cutter(self, piece, different).clusters()
        ]
        return tuple(frozenset(self.ids[i] for i in cluster) for cluster in sorted(clusters))

    def order(self, pair: Pair) -> tuple[int, Pair]:
        """Return what sorts pairs of nodes: the best links first, then by names."""
        ranks = _pair(self._ranks[pair[0]], self._ranks[pair[1]])
        return -self.links.get(ranks, 0), ranks

    def score(self, pair: Pair) -> int | None:
        """Return a pair's score in millionths, or None if a veto stands between the two."""
        if pair not in self._scores:
            verdict = self._compare(self.ids[pair[0]], self.ids[pair[1]])
            vetoed = verdict.decision is Decision.DIFFERENT
            self._scores[pair] = None if vetoed else _millionths(verdict.score)
        return self._scores[pair]

    def _told(self, verdicts: Mapping[Pair, Decision]) -> tuple[list[Pair], set[Pair]]:
        """Return the pairs that are one and those that are not, by what people said."""
        same: list[Pair] = []
        different: set[Pair] = set()
        for pair, keys in _ranked(verdicts, self._ranks):
            words = {verdicts[key] for key in keys}
            if Decision.DIFFERENT in words:
                different.add(pair)
            elif Decision.SAME in words:
                same.append(pair)
        return same, different

    def _pieces(self, same: list[Pair]) -> list[_Piece]:
        """Return pieces within the cap, and those that no higher theta would take apart.

        The latter are held together by their best links or by manual verdicts alone: to raise
        theta once more would not part them but dissolve a book that very many libraries hold. They
        are cut by the links there are, without comparing all with all.
        """
        found: list[_Piece] = []
        waiting = self._split(range(len(self.ids)), self.theta, same)
        while waiting:
            part, theta = waiting.pop()
            if len(part) <= self._cap:
                found.append(_Piece(theta))
            elif theta + _STEP > max((self._best.get(node, 0) for node in part), default=0):
                found.append(_Piece(theta, asks=False))
            else:
                waiting += self._split(part, theta + _STEP, same)
                continue
            found[-1].nodes.extend(part)
        return self._filled(found, same)

    @cached_property
    def _best(self) -> dict[int, int]:
        """Return the score of each node's best link."""
        best: dict[int, int] = {}
        for (a, b), score in self.links.items():
            best.setdefault(a, score)
            best.setdefault(b, score)
        return best

    def _split(
        self, nodes: Iterable[int], theta: int, same: list[Pair]
    ) -> list[tuple[frozenset[int], int]]:
        """Return what is still connected by the links that reach theta."""
        links = [pair for pair in self._forest if self.links[pair] >= theta]
        return [(part, theta) for part in components(nodes, chain(links, same))]

    def _filled(self, pieces: list[_Piece], same: list[Pair]) -> list[_Piece]:
        """Give each piece what links it has inside, in their order."""
        home = {node: piece for piece in pieces for node in piece.nodes}
        for pair in same:
            if (piece := home[pair[0]]) is home[pair[1]]:
                piece.same.append(pair)
        for pair, score in self.links.items():
            if (piece := home[pair[0]]) is home[pair[1]] and score >= piece.theta:
                piece.links.append(pair)
        return pieces


def _ranked(pairs: Iterable[Pair], ranks: Mapping[int, int]) -> list[tuple[Pair, list[Pair]]]:
    """Group pairs that mean the same two nodes, by rank; self pairs and strangers fall out."""
    grouped: dict[Pair, list[Pair]] = {}
    for a, b in pairs:
        if a in ranks and b in ranks and a != b:
            grouped.setdefault(_pair(ranks[a], ranks[b]), []).append((a, b))
    return sorted(grouped.items())


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _millionths(score: float) -> int:
    return round(score * _MILLION)


@dataclass(slots=True, eq=False)
class _Piece:
    """Part of a component that is cut by itself, with the theta at which it fell out."""

    theta: int
    asks: bool = True
    """False where a pair without a link counts as unlike, unasked."""
    nodes: list[int] = field(default_factory=list)
    links: list[Pair] = field(default_factory=list)
    same: list[Pair] = field(default_factory=list)


class _Cutter:
    """Average linkage with vetoes inside one piece."""

    def __init__(self, cutting: Cutting, piece: _Piece, different: set[Pair]) -> None:
        self.cutting = cutting
        self.piece = piece
        self.different = different
        self.group: dict[int, tuple[int, ...]] = {node: (node,) for node in piece.nodes}
        self.refused: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()

    def clusters(self) -> set[tuple[int, ...]]:
        """Return the groups, each a sorted tuple of ranks."""
        for pair in self.piece.same:
            self._try(pair, self._allowed)
        for pair in self.piece.links:
            self._try(pair, self._alike)
        return set(self.group.values())

    def _try(self, pair: Pair, may: Callable[[list[Pair]], bool]) -> None:
        a, b = self.group[pair[0]], self.group[pair[1]]
        if a is b:
            return
        a, b = sorted((a, b))
        if (a, b) in self.refused:
            return
        if may([_pair(*across) for across in product(a, b)]):
            merged = tuple(sorted(a + b))
            self.group.update(dict.fromkeys(merged, merged))
        else:
            self.refused.add((a, b))

    def _allowed(self, across: list[Pair]) -> bool:
        return self.different.isdisjoint(across)

    def _alike(self, across: list[Pair]) -> bool:
        if not self._allowed(across):
            return False
        total = 0
        for pair in across:
            score = self.cutting.score(pair) if self.piece.asks else self.cutting.links.get(pair)
            if score is None:
                return False
            total += score
        return total >= self.piece.theta * len(across)
