"""Clusters that were merged away: what they lead to, and what of it comes back or leads elsewhere.

What they brought is read only where the cluster that they lead to parts, and by index: of each its
own events, of these the last merge, and of that the records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, literal_column, select, update

from catalogue.cluster import read
from catalogue.cluster.assign import Assignment, Tombstone
from catalogue.sql import Lookup, table
from catalogue.tables import ClusterRow, EventRecordRow, EventRow

_events, _those = table(EventRow).c, table(EventRecordRow).c
_MERGES = Lookup(
    select(_events.cluster_id, _events.seq, _events.other_id).where(
        _events.kind == literal_column("'merged'")
    ),
    _events.cluster_id,
)
_BROUGHT = Lookup(select(_those.event_seq, _those.record_id), _those.event_seq)


class Leads(NamedTuple):
    """Which clusters end or come back with a placement, and what else leads elsewhere by it."""

    gone: Mapping[int, int | None]
    """Clusters that end, and their successors."""
    back: AbstractSet[int]
    """Clusters that had been merged away, and are live again."""
    led: Mapping[int, int]
    """Clusters that had been merged away -> what they lead to now, instead of what they did."""

    @property
    def concerned(self) -> tuple[int, ...]:
        """All of them."""
        return *self.gone, *self.back, *self.led


def leads(assignment: Assignment, clusters: Mapping[int, int]) -> Leads:
    """Return what an assignment means, given the clusters of its groups by their positions."""
    return Leads(
        gone={
            cluster: None if heir is None else clusters[heir]
            for cluster, heir in assignment.lost.items()
        },
        back=assignment.back,
        led={cluster: clusters[position] for cluster, position in assignment.led.items()},
    )


def leading(
    connection: Connection, clusters: Iterable[int], leads: Leads
) -> defaultdict[int, list[int]]:
    """Return which of all that was merged away leads to each of these clusters by then, sorted."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    elsewhere = leads.back | leads.led.keys()
    for cluster, those in read.merged_away(connection, [*clusters, *leads.gone]).items():
        # What was merged into a cluster that now ends itself moves on with it.
        heir = leads.gone.get(cluster, cluster)
        if heir is not None:
            found[heir] += [each for each in those if each not in elsewhere]
    for cluster, heir in [*leads.gone.items(), *leads.led.items()]:
        if heir is not None:
            found[heir].append(cluster)
    return defaultdict(list, {heir: sorted(those) for heir, those in found.items()})


def write(connection: Connection, leads: Leads) -> None:
    """Store what leads where."""
    columns = table(ClusterRow).c
    for cluster, successor in leads.gone.items():
        # Those that were merged into it earlier now lead to the same successor.
        connection.execute(
            update(ClusterRow)
            .where((columns.id == cluster) | (columns.successor_id == cluster))
            .values(state="gone", successor_id=successor)
        )
    one = update(table(ClusterRow)).where(columns.id == bindparam("b_id"))
    back = [{"b_id": cluster} for cluster in sorted(leads.back)]
    if back:
        connection.execute(one.values(state="live", successor_id=None), back)
    led = [{"b_id": cluster, "b_heir": heir} for cluster, heir in leads.led.items()]
    if led:
        connection.execute(one.values(successor_id=bindparam("b_heir")), led)


def tombstones(
    connection: Connection, groups: Sequence[AbstractSet[int]], cluster_of: Mapping[int, int]
) -> list[Tombstone]:
    """Return all that lead to clusters whose records are in several groups now."""
    parting = read.merged_away(connection, sorted(_parting(groups, cluster_of)))
    heirs = {cluster: heir for heir, those in parting.items() for cluster in those}
    merges = _last_merges(connection, heirs)
    brought = _brought(connection, [seq for seq, _ in merges.values()])
    return [
        Tombstone(
            cluster=cluster,
            heir=heirs[cluster],
            into=into,
            order=seq,
            records=frozenset(brought[seq]),
        )
        for cluster, (seq, into) in sorted(merges.items())
    ]


def _parting(groups: Iterable[AbstractSet[int]], cluster_of: Mapping[int, int]) -> set[int]:
    """Return the clusters whose records are in several groups."""
    first: dict[int, int] = {}
    found: set[int] = set()
    for position, group in enumerate(groups):
        for record in group:
            cluster = cluster_of.get(record)
            if cluster is not None and first.setdefault(cluster, position) != position:
                found.add(cluster)
    return found


def _last_merges(connection: Connection, clusters: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return cluster -> number of the event by which it was merged last, and into what."""
    found: dict[int, tuple[int, int]] = {}
    for cluster, seq, into in _MERGES.rows(connection, clusters):
        found[cluster] = max((seq, into), found.get(cluster, (0, 0)))
    return found


def _brought(connection: Connection, merges: Iterable[int]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for seq, record in _BROUGHT.rows(connection, merges):
        found[seq].add(record)
    return found
