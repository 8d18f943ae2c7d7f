"""Cut a connected component of alike records into clusters: a pure function of names and scores.

Nothing here sees an order of arrival: ties are broken by a record's name (source, identifier) and
scores are added as whole millionths, so insert, change and delete end in what a rebuild gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from typing import NamedTuple, TypeAlias, TypeVar

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
    groups = {node: [node] for node in nodes}
    for a, b in edges:
        if a in groups and b in groups:
            _unite(groups, a, b)
    return [frozenset(group) for group in {id(group): group for group in groups.values()}.values()]


def _unite(groups: dict[_Node, list[_Node]], a: _Node, b: _Node) -> None:
    large, small = sorted((groups[a], groups[b]), key=len, reverse=True)
    if large is small:
        return
    large.extend(small)
    for node in small:
        groups[node] = large


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
    named = _Named(component)
    clusters = [
        cluster
        for piece in _pieces(named, component.cap)
        for cluster in _Cutter(named, piece).clusters()
    ]
    return tuple(frozenset(named.ids[i] for i in cluster) for cluster in sorted(clusters))


class _Named:
    """A component with every node replaced by its rank among the names."""

    def __init__(self, component: Component) -> None:
        ordered = sorted(component.nodes, key=lambda node: node[1])
        self.ids = [node for node, _ in ordered]
        ranks = {node: rank for rank, node in enumerate(self.ids)}
        self.theta = _millionths(component.theta)
        self.links = {
            pair: max(_millionths(component.edges[key]) for key in keys)
            for pair, keys in _ranked(component.edges, ranks)
        }
        self.same: list[Pair] = []
        self.different: set[Pair] = set()
        for pair, keys in _ranked(component.verdicts, ranks):
            said = {component.verdicts[key] for key in keys}
            if Decision.DIFFERENT in said:
                self.different.add(pair)
            elif Decision.SAME in said:
                self.same.append(pair)
        self.same.sort()
        self._compare = component.compare
        self._scores: dict[Pair, int | None] = dict(self.links)

    def score(self, pair: Pair) -> int | None:
        """Return a pair's score in millionths, or None if a veto stands between the two."""
        if pair not in self._scores:
            verdict = self._compare(self.ids[pair[0]], self.ids[pair[1]])
            vetoed = verdict.decision is Decision.DIFFERENT
            self._scores[pair] = None if vetoed else _millionths(verdict.score)
        return self._scores[pair]


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


class _Piece(NamedTuple):
    """Part of a component that is cut by itself, with the theta at which it fell out."""

    nodes: frozenset[int]
    links: tuple[Pair, ...]
    same: tuple[Pair, ...]
    theta: int
    asks: bool = True
    """False where a pair without a link counts as unlike, unasked."""


def _pieces(named: _Named, cap: int) -> Iterator[_Piece]:
    """Yield pieces within the cap, and those that no higher theta would take apart.

    The latter are held together by their best links or by manual verdicts alone: to raise theta
    once more would not part them but dissolve a book that very many libraries hold. They are cut
    by the links there are, without comparing all with all.
    """
    everything = frozenset(range(len(named.ids)))
    waiting = [_Piece(everything, tuple(named.links), tuple(named.same), named.theta)]
    while waiting:
        for part in _split(named, waiting.pop()):
            best = max((named.links[pair] for pair in part.links), default=0)
            if len(part.nodes) <= cap:
                yield part
            elif part.theta + _STEP > best:
                yield part._replace(asks=False)
            else:
                waiting.append(part._replace(theta=part.theta + _STEP))


def _split(named: _Named, piece: _Piece) -> Iterator[_Piece]:
    """Yield what is still connected by the links that reach the piece's theta."""
    links = [pair for pair in piece.links if named.links[pair] >= piece.theta]
    parts = components(piece.nodes, chain(links, piece.same))
    home = {node: number for number, part in enumerate(parts) for node in part}
    links_of, same_of = _by_home(links, home), _by_home(piece.same, home)
    for number, part in enumerate(parts):
        yield _Piece(part, tuple(links_of[number]), tuple(same_of[number]), piece.theta)


def _by_home(pairs: Iterable[Pair], home: Mapping[int, int]) -> defaultdict[int, list[Pair]]:
    sorted_in: defaultdict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        sorted_in[home[pair[0]]].append(pair)
    return sorted_in


class _Cutter:
    """Average linkage with vetoes inside one piece."""

    def __init__(self, named: _Named, piece: _Piece) -> None:
        self.named = named
        self.piece = piece
        self.group: dict[int, tuple[int, ...]] = {node: (node,) for node in piece.nodes}
        self.refused: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()

    def clusters(self) -> set[tuple[int, ...]]:
        """Return the groups, each a sorted tuple of ranks."""
        for pair in self.piece.same:
            self._try(pair, self._allowed)
        scores = self.named.links
        for pair in sorted(self.piece.links, key=lambda pair: (-scores[pair], pair)):
            self._try(pair, self._alike)
        return set(self.group.values())

    def _try(self, pair: Pair, may: Callable[[list[Pair]], bool]) -> None:
        a, b = sorted(self.group[node] for node in pair)
        if a == b or (a, b) in self.refused:
            return
        if may([_pair(*across) for across in product(a, b)]):
            merged = tuple(sorted(a + b))
            self.group.update(dict.fromkeys(merged, merged))
        else:
            self.refused.add((a, b))

    def _allowed(self, across: list[Pair]) -> bool:
        return self.named.different.isdisjoint(across)

    def _alike(self, across: list[Pair]) -> bool:
        if not self._allowed(across):
            return False
        total = 0
        for pair in across:
            score = self.named.score(pair) if self.piece.asks else self.named.links.get(pair)
            if score is None:
                return False
            total += score
        return total >= self.piece.theta * len(across)
