"""Which public id a group of records goes on under: ids are history, not content.

A group takes the id of the old cluster it shares most records with; of two groups with one old
cluster the larger keeps the id, and of two old clusters in one group the larger gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Old cluster ids for groups, by the groups' positions."""

    kept: Mapping[int, int]
    """Position of a group -> the old cluster it goes on as; the others are new."""
    lost: Mapping[int, int | None]
    """Old cluster that ended -> position of the group with most of its records, if any."""


def assign(
    groups: Sequence[frozenset[int]], cluster_of: Mapping[int, int], old: Sequence[int]
) -> Assignment:
    """Match groups to the old clusters of their records.

    ``cluster_of`` maps a record to its old cluster, ``old`` lists all old clusters concerned.
    Ties go to the older cluster, then to the group holding the oldest record.
    """
    shared = [
        (count, cluster, position)
        for position, group in enumerate(groups)
        for cluster, count in Counter(
            cluster_of[record] for record in group if record in cluster_of
        ).items()
    ]
    shared.sort(key=lambda each: (-each[0], each[1], min(groups[each[2]])))
    kept: dict[int, int] = {}
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for _, cluster, position in shared:
        heirs.setdefault(cluster, position)
        if position not in kept and cluster not in taken:
            kept[position] = cluster
            taken.add(cluster)
    return Assignment(
        kept=kept, lost={cluster: heirs.get(cluster) for cluster in old if cluster not in taken}
    )


def public_id(cluster: int) -> str:
    """Return the id under which the world knows a cluster: for ever, and never used twice."""
    return f"{cluster:09d}"
