"""Which public id a group of records goes on under: ids are history, not content.

A group takes the id of the old cluster it shares most records with; of two groups with one old
cluster the larger keeps the id, and of two old clusters in one group the larger gives it. What had
been merged into a cluster that parts takes its id again where a group would need a new one: no
merge that is taken back costs anybody an id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A cluster that was merged away, and what it brought."""

    cluster: int
    heir: int
    """The cluster that it leads to."""
    into: int
    """The cluster that its records went to: its heir, or what that was merged from since."""
    order: int
    """Of two merges the later one has the higher number."""
    records: frozenset[int]
    """Those that went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Old cluster ids for groups, by the groups' positions."""

    kept: Mapping[int, int]
    """Position of a group -> the old cluster it goes on as; the others are new."""
    lost: Mapping[int, int | None]
    """Old cluster that ended -> position of the group with most of its records, if any."""
    back: frozenset[int] = frozenset()
    """Those in ``kept`` that had been merged away, and are live again."""
    led: Mapping[int, int] = field(default_factory=dict)
    """Cluster that stays merged away, but leads elsewhere now -> the group's position."""


def assign(
    groups: Sequence[AbstractSet[int]],
    cluster_of: Mapping[int, int],
    old: Sequence[int],
    tombstones: Sequence[Tombstone] = (),
) -> Assignment:
    """Match groups to the old clusters of their records, and to what was merged into these.

    ``cluster_of`` maps a record to its old cluster, ``old`` lists all old clusters concerned, and
    ``tombstones`` all that lead to those of them that part. Ties go to the older cluster, then to
    the group holding the oldest record; of a tombstone first to where the cluster it leads to is.
    """
    desk = _Desk(groups)
    kept, heirs = _kept(desk, cluster_of, tombstones)
    seats = {cluster: position for position, cluster in kept.items()}
    home = heirs | seats
    wishes = _wishes(desk, tombstones, home)
    back = _back(wishes, tombstones, kept)
    live = frozenset(back.values())
    return Assignment(
        kept=kept | back,
        lost={cluster: heirs.get(cluster) for cluster in old if cluster not in seats},
        back=live,
        led={
            each.cluster: wishes[each.cluster].position
            for each in tombstones
            if each.cluster not in live and wishes[each.cluster].position != home[each.heir]
        },
    )


def public_id(cluster: int) -> str:
    """Return the id under which the world knows a cluster: for ever, and never used twice."""
    return f"{cluster:09d}"


class _Claim(NamedTuple):
    """What a cluster has in a group."""

    lent: bool
    """All of it came with one that had been merged into the cluster, and it has more elsewhere."""
    count: int
    cluster: int
    position: int


class _Desk:
    """The groups, and where each record is."""

    def __init__(self, groups: Sequence[AbstractSet[int]]) -> None:
        self._at = {record: position for position, group in enumerate(groups) for record in group}
        self.oldest = [min(group) for group in groups]

    def claims(
        self, cluster: int, records: AbstractSet[int], lenders: Collection[Tombstone]
    ) -> Iterator[_Claim]:
        """Yield what a cluster has in which groups."""
        counts = self._counted(records)
        lent = {
            position
            for each in lenders
            for position, count in self._counted(each.records & records).items()
            if count == counts[position]
        }
        for position, count in counts.items():
            yield _Claim(position in lent and lent != counts.keys(), count, cluster, position)

    def _counted(self, records: AbstractSet[int]) -> Counter[int]:
        return Counter(self._at[record] for record in records if record in self._at)


def _kept(
    desk: _Desk, cluster_of: Mapping[int, int], tombstones: Sequence[Tombstone]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return which groups go on as which clusters, and where most of each cluster is."""
    records = _parts(cluster_of)
    lenders: defaultdict[int, list[Tombstone]] = defaultdict(list)
    for each in tombstones:
        lenders[each.heir].append(each)
    claims = [
        claim
        for cluster, theirs in records.items()
        for claim in desk.claims(cluster, theirs, lenders[cluster])
    ]
    claims.sort(key=lambda each: (each.lent, -each.count, each.cluster, desk.oldest[each.position]))
    kept: dict[int, int] = {}
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, cluster, position in claims:
        heirs.setdefault(cluster, position)
        if position not in kept and cluster not in taken:
            kept[position] = cluster
            taken.add(cluster)
    return kept, heirs


def _parts(cluster_of: Mapping[int, int]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for record, cluster in cluster_of.items():
        found[cluster].add(record)
    return found


def _wishes(
    desk: _Desk, tombstones: Sequence[Tombstone], home: Mapping[int, int]
) -> dict[int, _Claim]:
    """Return tombstone -> the group with most of what it brought: where it is to lead.

    What had come to it with another counts for that one first.
    """
    lenders: defaultdict[int, list[Tombstone]] = defaultdict(list)
    for each in tombstones:
        lenders[each.into].append(each)
    found: dict[int, _Claim] = {}
    for each in tombstones:
        stays = home[each.heir]
        earlier = [other for other in lenders[each.cluster] if other.order < each.order]
        found[each.cluster] = min(
            desk.claims(each.cluster, each.records, earlier),
            key=lambda claim: (
                claim.lent,
                -claim.count,
                claim.position != stays,
                desk.oldest[claim.position],
            ),
            default=_Claim(lent=False, count=0, cluster=each.cluster, position=stays),
        )
    return found


def _back(
    wishes: Mapping[int, _Claim], tombstones: Sequence[Tombstone], kept: Mapping[int, int]
) -> dict[int, int]:
    """Return position -> the one that is live again there, of groups that would be new.

    That is who brought most of the group, then the oldest; of a chain its last, if it brought that
    much.
    """
    into = {each.cluster: each.into for each in tombstones}
    wished: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for claim in wishes.values():
        if claim.position not in kept:
            wished[claim.position][claim.cluster] = claim.count
    back: dict[int, int] = {}
    for position, counts in wished.items():
        first = min(counts, key=lambda cluster: (-counts[cluster], cluster))
        # Each was merged later than the one before it.
        while counts.get(into[first]) == counts[first]:
            first = into[first]
        back[position] = first
    return back
