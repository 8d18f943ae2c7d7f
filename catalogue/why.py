"""Why two records are one publication, as a path of reasons; or why they are not.

A path goes along links and decisions inside the cluster; of all paths it is the one whose weakest
step is the strongest, and of these the shortest.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from catalogue import contradictions, match, pairs, policies
from catalogue.cluster import read
from catalogue.cluster.cut import Pair
from catalogue.contradictions import Verdict
from catalogue.database import Database
from catalogue.match import Decision
from catalogue.pairs import Judged
from catalogue.policies import Live
from catalogue.sql import chunks, table
from catalogue.tables import EdgeRow, VerdictRow
from catalogue.verdicts import Name

_SAID = 2.0
"""The strength of what people said: no score comes near."""
_MOST = 20_000
"""Pairs across two clusters that are compared to say what keeps these apart."""
Strengths = Mapping[Pair, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two records of a path and why they are one: matching's reasons, or a person's word."""

    a: str
    b: str
    score: float
    """0 where a person said it."""
    reasons: tuple[str, ...]
    decided: bool
    """Whether a person said it."""
    author: str
    """Who said it, or empty: nobody has to sign."""
    reason: str
    """What they gave as the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing that keeps two records apart.

    ``kind`` says what: ``decided`` (a person said it of the two), ``follows`` (from decisions about
    others, ``path``), ``veto``, ``asked`` and ``below`` (what matching says of the two),
    ``keyless`` (they share no key and were never compared), ``crowded`` (all keys they share are
    held by too many), ``blocked`` (a and b of their clusters are kept apart by matching or by a
    person), ``average`` (their clusters are alike by ``score`` on average, less than ``limit``),
    ``cut`` (their clusters hang together with too many, which are taken apart more strictly) or
    ``waiting`` (to be placed).
    """

    kind: str
    path: str = ""
    a: str = ""
    b: str = ""
    decided: bool = False
    """Of ``blocked``: whether a person keeps them apart."""
    author: str = ""
    """Of what a person decided, or empty: nobody has to sign."""
    score: float = 0.0
    limit: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What there is between two records."""

    judged: Judged
    """What matching says of the two alone."""
    together: bool
    """Whether they are in one cluster."""
    path: tuple[Step, ...]
    causes: tuple[Cause, ...]
    """Why they are not, what counts most first; none where they are."""


def why(database: Database, one: Name, other: Name) -> Why:
    """Say why two records are one, or are not. Raises NoSuchRecord."""
    with database.reading_primary() as connection:
        judged = pairs.judge(connection, one, other)
        ends = (judged.a.id, judged.b.id)
        live = policies.live(connection)
        home = read.membership(connection, ends)
        if len(home) == len(set(ends)) and len(set(home.values())) == 1:
            strengths = within(connection, live, read.members(connection, home.values()))
            way = strongest(strengths, *ends)
            [path] = told_all(connection, live, [way])
            causes = () if way else (Cause(kind="waiting"),)
            return Why(judged=judged, together=True, path=path, causes=causes)
        apart = tuple(_Apart(connection, live, judged, home).causes())
    return Why(judged=judged, together=False, path=(), causes=apart)


def within(connection: Connection, live: Live, records: Collection[int]) -> Strengths:
    """Return the links among some records, and what people said of them, by strength."""
    found = dict(read.same_edges(connection, live.id, records))
    for pair, word in read.verdicts(connection, records).items():
        found.pop(pair, None)
        if word == Verdict.SAME:
            found[pair] = _SAID
    known = set(records)
    return {pair: strength for pair, strength in found.items() if known.issuperset(pair)}


def strongest(strengths: Strengths, start: int, end: int) -> tuple[int, ...]:
    """Return the records of the strongest path from one to another; none if there is no path."""
    return ways(strengths, start).get(end, ())


def ways(strengths: Strengths, start: int) -> dict[int, tuple[int, ...]]:
    """Return the strongest path from a record to each that it hangs together with."""
    near: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for (a, b), strength in strengths.items():
        near[a].append((b, strength))
        near[b].append((a, strength))
    # Weakest step (negated: the best first), length, and the records themselves, for a total order.
    waiting: list[tuple[float, int, tuple[int, ...]]] = [(-_SAID, 1, (start,))]
    found: dict[int, tuple[int, ...]] = {}
    while waiting:
        weakest, length, path = heapq.heappop(waiting)
        if path[-1] in found:
            continue
        found[path[-1]] = path
        for other, strength in near[path[-1]]:
            if other not in found:
                heapq.heappush(waiting, (max(weakest, -strength), length + 1, (*path, other)))
    return found


def told_all(
    connection: Connection, live: Live, paths: Collection[tuple[int, ...]]
) -> list[tuple[Step, ...]]:
    """Return some paths with the reasons of each step, all read at once."""
    steps = [list(pairwise(path)) for path in paths]
    wanted = {(min(pair), max(pair)) for path in steps for pair in path}
    known = _Known(
        names=contradictions.names(connection, {end for pair in wanted for end in pair}),
        links=_links(connection, live, wanted),
        words=_words(connection, {end for pair in wanted for end in pair}),
    )
    return [tuple(known.step(a, b) for a, b in path) for path in steps]


class _Known(NamedTuple):
    names: Mapping[int, str]
    links: Mapping[Pair, Any]
    words: Mapping[Pair, Any]

    def step(self, a: int, b: int) -> Step:
        pair = min(a, b), max(a, b)
        said, link = self.words.get(pair), self.links.get(pair)
        return Step(
            a=self.names[a],
            b=self.names[b],
            score=link.score if link and not said else 0.0,
            reasons=tuple(json.loads(link.reasons)) if link and not said else (),
            decided=said is not None,
            author=said.author if said else "",
            reason=said.reason if said else "",
        )


def _links(connection: Connection, live: Live, wanted: Collection[Pair]) -> dict[Pair, Any]:
    edges = table(EdgeRow).c
    query = select(edges.a, edges.b, edges.score, edges.reasons).where(edges.policy_id == live.id)
    found = {}
    for chunk in chunks(sorted(wanted)):
        firsts, seconds = ({pair[end] for pair in chunk} for end in (0, 1))
        rows = connection.execute(query.where(edges.a.in_(firsts), edges.b.in_(seconds)))
        found.update({(row.a, row.b): row for row in rows})
    return found


def _words(connection: Connection, records: Collection[int]) -> dict[Pair, Any]:
    columns = table(VerdictRow).c
    query = select(columns.a, columns.b, columns.decision, columns.author, columns.reason)
    return {
        (row.a, row.b): row
        for chunk in chunks(records)
        for row in connection.execute(query.where(or_(columns.a.in_(chunk), columns.b.in_(chunk))))
    }


class _Apart:
    """Why two records are not in one cluster."""

    def __init__(
        self, connection: Connection, live: Live, judged: Judged, home: Mapping[int, int]
    ) -> None:
        self._connection = connection
        self._live = live
        self._judged = judged
        self._home = home
        self._ends = judged.a.id, judged.b.id
        self._pair = min(self._ends), max(self._ends)

    def causes(self) -> list[Cause]:
        """Return all causes, what counts most first."""
        found = [self._decided(), self._follows(), self._of_matching(), self._keys()]
        between = self._between() if len(self._home) == len(self._ends) else Cause(kind="waiting")
        return [cause for cause in (*found, between) if cause is not None]

    def _decided(self) -> Cause | None:
        said = _words(self._connection, self._pair).get(self._pair)
        if said is None or said.decision != Verdict.DIFFERENT:
            return None
        return Cause(kind="decided", author=said.author)

    def _follows(self) -> Cause | None:
        path = contradictions.parted(self._connection, self._pair)
        if path is None:
            return None
        names = contradictions.names(self._connection, path.records)
        return Cause(kind="follows", path=contradictions.told(path, names))

    def _of_matching(self) -> Cause | None:
        judged, policy = self._judged, self._live.policy
        if judged.decision == Decision.SAME:
            return None
        kind = "asked" if judged.decision == Decision.ASK else "below"
        if any(reason.startswith("veto-") for reason in judged.reasons):
            kind = "veto"
        score, reasons = judged.score, judged.reasons
        return Cause(kind=kind, score=score, limit=policy.same, reasons=reasons)

    def _keys(self) -> Cause | None:
        rows = read.keys_of(self._connection, self._live.id, self._pair)
        held = [{key for key, record, _ in rows if record == end} for end in self._pair]
        shared = held[0] & held[1]
        if not shared:
            return Cause(kind="keyless")
        if shared <= read.dead(self._connection, self._live.id, shared):
            return Cause(kind="crowded")
        return None

    def _between(self) -> Cause | None:
        """Return what keeps the clusters of the two apart, where links would join them."""
        here, there = (self._mates(end) for end in self._ends)
        links = read.same_edges(self._connection, self._live.id, here)
        if not any({a, b} & there for a, b in links):
            return None
        if len(here) * len(there) > _MOST:
            return Cause(kind="cut")
        nodes = read.nodes(self._connection, here | there)
        across = sorted((min(pair), max(pair)) for pair in product(here, there))
        judged = {pair: self._compared(nodes, pair) for pair in across}
        refused = self._refused(across) or self._vetoed(judged)
        if refused is not None or judged[self._pair].decision is Decision.DIFFERENT:
            return refused
        return self._average([verdict.score for verdict in judged.values()])

    def _mates(self, end: int) -> set[int]:
        return set(read.members(self._connection, [self._home[end]]))

    def _compared(self, nodes: Mapping[int, read.Node], pair: Pair) -> match.Verdict:
        a, b = (nodes[end].features for end in pair)
        return match.decide(a, b, self._live.policy)

    def _refused(self, across: list[Pair]) -> Cause | None:
        """Return two others across of which a person said that they are two, the first by key."""
        words = _words(self._connection, {end for pair in across for end in pair})
        for pair in across:
            said = words.get(pair)
            if said is not None and said.decision == Verdict.DIFFERENT and pair != self._pair:
                a, b = self._named(pair)
                return Cause(kind="blocked", a=a, b=b, decided=True, author=said.author)
        return None

    def _vetoed(self, judged: Mapping[Pair, match.Verdict]) -> Cause | None:
        """Return two others across that matching keeps apart, the first by key."""
        for pair, verdict in judged.items():
            if verdict.decision is Decision.DIFFERENT and pair != self._pair:
                a, b = self._named(pair)
                return Cause(kind="blocked", a=a, b=b, reasons=verdict.reasons)
        return None

    def _named(self, pair: Pair) -> tuple[str, str]:
        names = contradictions.names(self._connection, pair)
        return names[pair[0]], names[pair[1]]

    def _average(self, scores: list[float]) -> Cause:
        average = sum(scores) / len(scores)
        limit = self._live.policy.theta
        return Cause(kind="average" if average < limit else "cut", score=average, limit=limit)
