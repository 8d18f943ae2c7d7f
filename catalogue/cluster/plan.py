"""Which records go together after a batch of changes: links, groups and their ids.

Computed before the placing transaction opens, from one snapshot. What another page changed
meanwhile does no harm: its records wait as dirty themselves and are placed after this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from catalogue import match
from catalogue.cluster import merged, read
from catalogue.cluster.assign import Assignment, assign, returned
from catalogue.cluster.cut import Component, Pair, components, cut
from catalogue.cluster.keying import KeyChange, keying, likely
from catalogue.cluster.read import Keyring, Node, Waiting
from catalogue.match import Decision, Policy, Verdict
from catalogue.policies import Live

T = TypeVar("T")

_NOBODY: Mapping[int, Node] = MappingProxyType({})
_MANY = 2000
"""Candidates that are worth being looked at together."""
_NEIGHBOURS = 3
"""How many times a batch may grow by the dirty records that share its keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The result for a batch: its links, and the groups of all records it concerns."""

    batch: tuple[Waiting, ...]
    keys: KeyChange
    links: Mapping[Pair, Verdict]
    """New links of the batch's records: SAME and ASK."""
    groups: tuple[frozenset[int], ...]
    changed: tuple[int, ...]
    """Positions of the groups whose master has to be made again."""
    before: Mapping[int, int]
    """Record -> the cluster it was in, for all records concerned."""
    returning: Mapping[int, int]
    """Record that was in no cluster -> the one that ended when it left."""
    assignment: Assignment
    large: Mapping[int, int]
    """Least record of each component above the policy's cap -> how many records that has."""


class _Judge(NamedTuple):
    """The records as matching sees them, and what was thought of some pairs already."""

    known: Mapping[int, Node]
    judged: Mapping[Pair, Verdict]
    policy: Policy

    def compare(self, a: int, b: int) -> Verdict:
        """Judge a pair, unless that was done."""
        verdict = self.judged.get((min(a, b), max(a, b)))
        one, two = self.known[a].features, self.known[b].features
        return verdict or match.decide(one, two, self.policy, briefly=True)


class _Found(NamedTuple):
    """What was found before the groups were cut."""

    batch: tuple[Waiting, ...]
    keys: KeyChange
    links: Mapping[Pair, Verdict]
    affected: Collection[int]
    large: Mapping[int, int]


def group(
    connection: Connection,
    live: Live,
    batch: list[Waiting],
    ring: Keyring,
    guests: Mapping[int, Node] = _NOBODY,
) -> Grouping:
    """Work out links and groups for a batch of dirty records.

    ``guests`` are those of the batch that are not stored: their ids are below 0.
    """
    policy_id, policy = live
    known = read.nodes(connection, [each.id for each in batch if each.active]) | {**guests}
    current, keys = keying(ring, batch, known, policy)
    candidates = _candidates(ring, current, {each.id for each in batch})
    others = {other for pair in candidates for other in pair} - known.keys()
    known |= read.nodes(connection, others)
    judged = _judged(candidates, known, policy)
    links = {
        pair: verdict
        for pair, verdict in judged.items()
        if verdict.decision is not Decision.DIFFERENT
    }
    same = {pair: link.score for pair, link in links.items() if link.decision is Decision.SAME}
    affected, edges = _closure(connection, policy_id, {each.id for each in batch}, same)
    known |= read.nodes(connection, affected - known.keys())
    groups, large = _cut(connection, affected & known.keys(), edges, _Judge(known, judged, policy))
    found = _Found(tuple(batch), keys, links, affected, large)
    return _result(connection, found, groups)


def with_neighbours(
    connection: Connection, live: Live, batch: list[Waiting], ring: Keyring
) -> list[Waiting]:
    """Add the dirty records that may go together with these: their cluster is then made once.

    Otherwise a cluster whose members all wait, as in a first load, is made again for each.
    """
    ids = {each.id for each in batch}
    blocks = likely(ring, batch, live.policy)
    others = {record for block in blocks.values() for record in block} - ids
    most = len(batch) * _NEIGHBOURS
    return batch + read.waiting_among(connection, live.id, others, most)


def _candidates(ring: Keyring, current: Mapping[str, list[int]], batch: set[int]) -> set[Pair]:
    """Return the pairs of a batch's record with any record that shares a usable key.

    Of the batch's own records only those count that still have the key: the rows of keys they
    gave up, or come to hold, change only with this placement.
    """
    blocks = ring.blocks(current.keys())
    found: set[Pair] = set()
    for key, records in current.items():
        others = blocks[key]
        # Most keys are held by one record alone.
        if len(records) > 1 or others not in ([], records):
            all_ = [*records, *(other for other in others if other not in batch)]
            found.update(
                (record, other) if record < other else (other, record)
                for record in records
                for other in all_
                if other != record
            )
    return found


def _judged(
    candidates: Collection[Pair], known: Mapping[int, Node], policy: Policy
) -> dict[Pair, Verdict]:
    live = [(a, b) for a, b in candidates if a in known and b in known]
    if len(live) > _MANY:
        # numpy, which a command that places little does without.
        from catalogue.cluster.sifting import promising  # noqa: PLC0415

        live = promising(live, known, policy)
    return {
        (a, b): match.decide(known[a].features, known[b].features, policy, briefly=True)
        for a, b in live
    }


def _closure(
    connection: Connection, policy_id: int, batch: set[int], same: Mapping[Pair, float]
) -> tuple[set[int], dict[Pair, float]]:
    """Return all records whose cluster may change, and the links among them as they now are.

    That is the components of the batch, of its former neighbours and of its new ones, and whole
    clusters: who was in one with any of these may have lost what held them together.
    """
    edges = dict(same)
    seen: set[int] = set()
    # A record that gave way to another of its library's has left its cluster to that one's.
    heirs = set(read.heirs(connection, batch).values())
    begun = batch | heirs | {end for pair in same for end in pair}
    for reached, found in read.outwards(connection, policy_id, begun):
        seen = reached
        # Links of the batch's records were found anew: stored ones only tell former neighbours.
        edges |= {pair: score for pair, score in found.items() if not batch & set(pair)}
    return seen, edges


def _cut(
    connection: Connection,
    records: Collection[int],
    edges: Mapping[Pair, float],
    judge: _Judge,
) -> tuple[tuple[frozenset[int], ...], dict[int, int]]:
    """Cut the components of these records into groups; return these, and which were too large."""
    said = {
        pair: Decision(decision)
        for pair, decision in read.verdicts(connection, records).items()
        if pair[0] in judge.known and pair[1] in judge.known
    }
    joined = [*edges, *(pair for pair, word in said.items() if word is Decision.SAME)]
    found = components(records, joined)
    # Looked up by record, so that a batch of many components costs no more than its links.
    at = {record: position for position, component in enumerate(found) for record in component}
    links = _by_component(edges, at)
    words = _by_component(said, at)
    groups: list[frozenset[int]] = []
    cap = judge.policy.component_cap
    for position, component in enumerate(found):
        if len(component) == 1:
            groups.append(component)
            continue
        groups.extend(
            cut(
                Component(
                    nodes=tuple((record, judge.known[record].name) for record in component),
                    edges=links[position],
                    verdicts=words[position],
                    compare=judge.compare,
                    theta=judge.policy.theta,
                    cap=cap,
                )
            )
        )
    return tuple(groups), {min(each): len(each) for each in found if len(each) > cap}


def _by_component(values: Mapping[Pair, T], at: Mapping[int, int]) -> dict[int, dict[Pair, T]]:
    found: defaultdict[int, dict[Pair, T]] = defaultdict(dict)
    for pair, value in values.items():
        position = at.get(pair[0])
        if position is not None and position == at.get(pair[1]):
            found[position][pair] = value
    return found


def _result(connection: Connection, found: _Found, groups: tuple[frozenset[int], ...]) -> Grouping:
    before = read.membership(connection, found.affected)
    old = sorted(set(before.values()))
    former = _by_cluster(read.members(connection, old))
    tombstones = merged.tombstones(connection, groups, before)
    placed_anew = [each.id for each in found.batch if each.active and each.id not in before]
    returning = read.left(connection, placed_anew)
    assigned = returned(assign(groups, before, old, tombstones), groups, returning)
    assignment = _with_heirs(connection, assigned, groups, before)
    touched = {each.id for each in found.batch}
    heirs = {*assignment.lost.values(), *assignment.led.values()}
    changed = tuple(
        position
        for position, records in enumerate(groups)
        if records & touched
        or former.get(assignment.kept.get(position, 0)) != records
        or position in heirs
    )
    return Grouping(
        batch=found.batch,
        keys=found.keys,
        links=found.links,
        groups=groups,
        changed=changed,
        before=before,
        returning=returning,
        assignment=assignment,
        large=found.large,
    )


def _with_heirs(
    connection: Connection,
    found: Assignment,
    groups: tuple[frozenset[int], ...],
    before: Mapping[int, int],
) -> Assignment:
    """Name the successors of clusters that ended because their records gave way to others."""
    empty = {cluster for cluster, heir in found.lost.items() if heir is None}
    left = [record for record, cluster in before.items() if cluster in empty]
    heirs = read.heirs(connection, left)
    at = {record: position for position, group in enumerate(groups) for record in group}
    lost = dict(found.lost)
    for record in sorted(heirs, reverse=True):
        if heirs[record] in at:
            lost[before[record]] = at[heirs[record]]
    return replace(found, lost=lost)


def _by_cluster(cluster_of: Mapping[int, int]) -> dict[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for record, cluster in cluster_of.items():
        found[cluster].add(record)
    return {cluster: frozenset(records) for cluster, records in found.items()}
