"""What another matching policy would do to a whole catalogue: worked out, nothing is written.

Of one snapshot, by the same keys, judgements, verdicts and cut as placements use, so that it is
what placing all records by that policy would end in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from catalogue import match, policies
from catalogue.cluster import read
from catalogue.cluster.bulk import all_pairs
from catalogue.cluster.cut import Component, Pair, components, cut
from catalogue.cluster.read import Node
from catalogue.database import Database
from catalogue.match import Decision, Policy, Verdict
from catalogue.sql import chunks
from catalogue.tables import DirtyRow, EdgeRow, MemberRow, VerdictRow

SAMPLES = 20
_AT_ONCE = 20_000
"""Pairs judged at a time, with the records they are of in memory."""


class Sample(NamedTuple):
    """A pair that is judged otherwise; records are called SOURCE/IDENTIFIER."""

    a: str
    b: str
    now: str
    """same, ask or different."""
    then: str
    score: float
    reasons: tuple[str, ...]
    """By the other policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEffect:
    """The difference between the clusters there are and those by another policy."""

    policy: str
    waiting: int
    """Records not placed yet by the live policy: where there are any, figures are rough."""
    records: int
    clusters: int
    clusters_then: int
    parted: int
    """Clusters whose records would be in several."""
    merged: int
    """Clusters to come with records of several that are."""
    pairs: Mapping[str, int]
    """now-then (``ask-same``) -> how many pairs."""
    samples: tuple[Sample, ...]
    """Some of those pairs, of each kind of change in turn."""


def effect(database: Database, policy: Policy) -> PolicyEffect:
    """Work out what a policy would do.

    Takes about as long as placing all records; memory grows with records and their links.
    """
    with database.reading_primary() as connection:
        policy_id = policies.live(connection).id
        member = dict(connection.execute(select(MemberRow.record_id, MemberRow.cluster_id)).all())
        before = _stored(connection, policy_id)
        links = _links(connection, policy_id, policy)
        groups = list(partition(connection, member, links, policy))
        waiting = select(func.count()).where(DirtyRow.policy_id == policy_id)
        changed = {
            pair: (before.get(pair, "different"), links[pair][0] if pair in links else "different")
            for pair in {*before, *links}
        }
        changed = {pair: kind for pair, kind in changed.items() if kind[0] != kind[1]}
        return PolicyEffect(
            policy=policy.version,
            waiting=connection.execute(waiting).scalar_one(),
            records=len(member),
            clusters=len(set(member.values())),
            clusters_then=len(groups),
            parted=_spread(member, groups),
            merged=sum(len({member[each] for each in group}) > 1 for group in groups),
            pairs=dict(sorted(Counter("-".join(kind) for kind in changed.values()).items())),
            samples=_samples(connection, changed, policy),
        )


def partition(
    connection: Connection,
    records: Collection[int],
    links: Mapping[Pair, tuple[str, float]],
    policy: Policy,
) -> Iterator[frozenset[int]]:
    """Yield the clusters of these records by links and what people said."""
    same = {pair: score for pair, (word, score) in links.items() if word == Decision.SAME}
    query = select(VerdictRow.a, VerdictRow.b, VerdictRow.decision)
    said = {(a, b): Decision(word) for a, b, word in connection.execute(query)}
    joined = [*same, *(pair for pair, word in said.items() if word is Decision.SAME)]
    neighbours: dict[int, list[Pair]] = {}
    for pair in {*same, *said}:
        neighbours.setdefault(pair[0], []).append(pair)
    for component in components(records, joined):
        if len(component) == 1:
            yield component
            continue
        # Not those withdrawn since they were placed: they wait, and no verdict holds them.
        known = read.nodes(connection, component)
        within = [pair for a in component for pair in neighbours.get(a, ()) if pair[1] in component]
        yield from cut(
            Component(
                nodes=tuple((each, node.name) for each, node in known.items()),
                edges={pair: same[pair] for pair in within if pair in same},
                verdicts={pair: said[pair] for pair in within if pair in said},
                compare=_judge(known, policy),
                theta=policy.theta,
                cap=policy.component_cap,
            )
        )


def _judge(known: Mapping[int, Node], policy: Policy) -> Callable[[int, int], Verdict]:
    return lambda a, b: match.decide(known[a].features, known[b].features, policy)


def _stored(connection: Connection, policy_id: int) -> dict[Pair, str]:
    query = select(EdgeRow.a, EdgeRow.b, EdgeRow.decision).where(EdgeRow.policy_id == policy_id)
    return {(a, b): decision for a, b, decision in connection.execute(query)}


def _links(connection: Connection, policy_id: int, policy: Policy) -> dict[Pair, tuple[str, float]]:
    found: dict[Pair, tuple[str, float]] = {}
    some: set[Pair] = set()
    for pair in all_pairs(connection, policy_id, policy.block_cap):
        if pair not in found:
            some.add(pair)
        if len(some) >= _AT_ONCE:
            found |= _judged(connection, some, policy)
            some.clear()
    return found | _judged(connection, some, policy)


def _judged(
    connection: Connection, some: Collection[Pair], policy: Policy
) -> dict[Pair, tuple[str, float]]:
    known = read.nodes(connection, {end for pair in some for end in pair})
    compare = _judge(known, policy)
    return {
        pair: (verdict.decision.value, verdict.score)
        for pair in some
        if pair[0] in known and pair[1] in known
        if (verdict := compare(*pair)).decision is not Decision.DIFFERENT
    }


def _spread(member: Mapping[int, int], groups: Collection[Collection[int]]) -> int:
    seen = Counter(cluster for group in groups for cluster in {member[each] for each in group})
    return sum(count > 1 for count in seen.values())


def _samples(
    connection: Connection, changed: Mapping[Pair, tuple[str, str]], policy: Policy
) -> tuple[Sample, ...]:
    """Return some of each kind of change in turn."""
    kinds: dict[tuple[str, str], list[Pair]] = {}
    for pair in sorted(changed):
        kinds.setdefault(changed[pair], []).append(pair)
    most = -(-SAMPLES // max(len(kinds), 1))
    chosen = [pair for kind in sorted(kinds) for pair in kinds[kind][:most]][:SAMPLES]
    samples = []
    for chunk in chunks(chosen):
        known = read.nodes(connection, {end for pair in chunk for end in pair})
        for a, b in chunk:
            if a in known and b in known:
                verdict = match.decide(known[a].features, known[b].features, policy)
                now, then = changed[a, b]
                samples.append(
                    Sample(
                        a="/".join(known[a].name),
                        b="/".join(known[b].name),
                        now=now,
                        then=then,
                        score=verdict.score,
                        reasons=verdict.reasons,
                    )
                )
    return tuple(samples)
