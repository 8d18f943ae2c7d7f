"""What had been merged into clusters that part: which ids lead there, and what they brought.

Read only where a cluster parts, and by index: of an id merged away its own events, of these the
last merge, and of that the records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection, literal_column, select

from catalogue.cluster import read
from catalogue.cluster.assign import Tombstone
from catalogue.sql import Lookup, table
from catalogue.tables import EventRecordRow, EventRow

_events, _those = table(EventRow).c, table(EventRecordRow).c
_MERGES = Lookup(
    select(_events.cluster_id, _events.seq, _events.other_id).where(
        _events.kind == literal_column("'merged'")
    ),
    _events.cluster_id,
)
_BROUGHT = Lookup(select(_those.event_seq, _those.record_id), _those.event_seq)


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
