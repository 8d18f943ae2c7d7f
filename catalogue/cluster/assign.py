"""Which public id a group of records goes on under: ids are history, not content.

A group takes the id of the old cluster it shares most records with; of two groups with one old
cluster the larger keeps the id, and of two old clusters in one group the larger gives it. What had
been merged into a cluster that parts takes its id again where a group would need a new one: no
merge that is taken back costs anybody an id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
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
    ``tombstones`` all that lead to those of them that part. A cluster that parts keeps what is its
    own rather than what one merge had brought. Ties go to the older cluster, then to the group
    holding the oldest record; a tombstone's first to where what it went into is.
    """
    desk = _Desk(groups)
    kept, heirs = _kept(desk, cluster_of, tombstones)
    seats = {cluster: position for position, cluster in kept.items()}
    home = heirs | seats
    wishes = _wishes(desk, tombstones, home)
    back = _back(wishes, kept)
    live = frozenset(back.values())
    return Assignment(
        kept=kept | back,
        lost={cluster: heirs.get(cluster) for cluster in old if cluster not in seats},
        back=live,
        led={
            each.cluster: claim.position
            for each, claim in wishes.items()
            if each.cluster not in live and claim.position != home[each.heir]
        },
    )


def returned(
    found: Assignment, groups: Sequence[AbstractSet[int]], returning: Mapping[int, int]
) -> Assignment:
    """Give groups that would be new the id of the cluster that ended when their records left it.

    ``returning`` maps records that were in no cluster to that. Where their group has an id of its
    own, that cluster leads there from now on.
    """
    claims = Counter(
        (returning[record], position)
        for position, group in enumerate(groups)
        for record in group & returning.keys()
    )
    kept, lost = dict(found.kept), dict(found.lost)
    back: set[int] = set()
    settled: set[int] = set()
    for (cluster, position), _ in sorted(claims.items(), key=lambda each: (-each[1], each[0])):
        if cluster not in settled:
            settled.add(cluster)
            if position in kept:
                lost[cluster] = position
            else:
                kept[position] = cluster
                back.add(cluster)
    return replace(found, kept=kept, lost=lost, back=found.back | back)


def public_id(cluster: int) -> str:
    """Return the id under which the world knows a cluster: for ever, and never used twice."""
    return f"{cluster:09d}"


class _Claim(NamedTuple):
    """What a cluster has in a group."""

    lent: int
    """The order of the last merge that brought all of it, or 0."""
    size: int
    cluster: int
    position: int


class _Desk:
    """The groups, and where each record is."""

    def __init__(self, groups: Sequence[AbstractSet[int]]) -> None:
        self._at = {record: position for position, group in enumerate(groups) for record in group}
        self.oldest = [min(group) for group in groups]

    def claims(
        self, cluster: int, records: AbstractSet[int], lenders: Iterable[Tombstone]
    ) -> list[_Claim]:
        """Return what a cluster has in which groups, given what others had brought to it."""
        sizes = self._counted(records)
        lent = dict.fromkeys(sizes, 0)
        for each in lenders:
            for position, size in self._counted(each.records & records).items():
                if size == sizes[position]:
                    lent[position] = max(lent[position], each.order)
        return [_Claim(lent[position], size, cluster, position) for position, size in sizes.items()]

    def _counted(self, records: AbstractSet[int]) -> Counter[int]:
        return Counter(self._at[record] for record in records if record in self._at)


def _kept(
    desk: _Desk, cluster_of: Mapping[int, int], tombstones: Iterable[Tombstone]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return which groups go on as which clusters, and where most of each cluster is."""
    lenders = _by(tombstones, lambda each: each.heir)
    claims = [
        claim
        for cluster, records in _parts(cluster_of).items()
        for claim in desk.claims(cluster, records, lenders.get(cluster, ()))
    ]
    claims.sort(key=lambda each: (each.lent, -each.size, each.cluster, desk.oldest[each.position]))
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


def _by(
    tombstones: Iterable[Tombstone], key: Callable[[Tombstone], int]
) -> dict[int, list[Tombstone]]:
    found: defaultdict[int, list[Tombstone]] = defaultdict(list)
    for each in tombstones:
        found[key(each)].append(each)
    return found


def _wishes(
    desk: _Desk, tombstones: Iterable[Tombstone], home: Mapping[int, int]
) -> dict[Tombstone, _Claim]:
    """Return the group with most of what each brought: where it is to lead, or to be live.

    What had come to it with another counts for that one first.
    """
    lenders = _by(tombstones, lambda each: each.into)
    found: dict[Tombstone, _Claim] = {}
    led: dict[tuple[int, int], int] = {}
    # What it went into was merged later, and is settled before it.
    for each in sorted(tombstones, key=lambda each: -each.order):
        stays = led.get((each.into, each.heir), home[each.heir])
        earlier = [other for other in lenders.get(each.cluster, ()) if other.order < each.order]
        found[each] = min(
            desk.claims(each.cluster, each.records, earlier),
            key=lambda claim: (
                claim.lent,
                -claim.size,
                claim.position != stays,
                desk.oldest[claim.position],
            ),
            default=_Claim(lent=0, size=0, cluster=each.cluster, position=stays),
        )
        led[each.cluster, each.heir] = found[each].position
    return found


def _back(wishes: Mapping[Tombstone, _Claim], kept: Mapping[int, int]) -> dict[int, int]:
    """Return position -> the one that is live again there, of groups that would be new.

    That is who brought most of the group, then who was merged last.
    """
    back: dict[int, int] = {}
    for each, claim in sorted(wishes.items(), key=lambda wish: (-wish[1].size, -wish[0].order)):
        if claim.position not in kept:
            back.setdefault(claim.position, each.cluster)
    return back
