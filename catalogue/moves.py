"""The history of a cluster: what came, what went, by whom and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from catalogue import contradictions
from catalogue.database import Database
from catalogue.errors import NoSuchCluster
from catalogue.sql import Query, table
from catalogue.tables import ClusterRow, EventRecordRow, EventRow, MemberRow, VerdictEventRow

_SAMPLE = 5
"""Records of an event that are named."""
_events, _those = table(EventRow).c, table(EventRecordRow).c
_clusters, _members = table(ClusterRow).c, table(MemberRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What happened to a cluster."""

    number: int
    stamp: int
    """Epoch seconds."""
    kind: str
    """``made``, ``joined``, ``merged``, ``split``, ``moved`` or ``gone``; see cluster.moving."""
    cluster: str
    """The public id of the one that records left, or (made, joined) came into."""
    other: str
    """Where they went, or empty."""
    records: tuple[str, ...]
    """Some of them, as ``source/identifier``."""
    size: int
    """How many records moved; 0 also for what happened before that was kept."""
    decision: int | None
    """The decision that it carries out; None = matching did it by itself."""
    author: str
    """Whose decision that is, or empty."""
    can_revert: bool


def of_cluster(database: Database, public_id: str, before: int = 0, limit: int = 30) -> list[Move]:
    """Return the history of a cluster, newest first, before an event's number if one is given.

    Raises NoSuchCluster.
    """
    with database.reading_primary() as connection:
        found = connection.execute(select(_clusters.id).where(_clusters.public_id == public_id))
        cluster = found.scalar()
        if cluster is None:
            raise NoSuchCluster(name=public_id)
        return _told(connection, _rows(connection, cluster, before, limit))


def _rows(connection: Connection, cluster: int, before: int, limit: int) -> list[Any]:
    """Return the newest events of a cluster: each end by itself, so that an index finds them."""
    found: dict[int, Any] = {}
    for end in (_events.cluster_id, _events.other_id):
        query = select(table(EventRow)).where(end == cluster)
        query = query.where(_events.seq < before) if before else query
        rows = connection.execute(query.order_by(_events.seq.desc()).limit(limit))
        found.update({row.seq: row for row in rows})
    return sorted(found.values(), key=lambda row: -row.seq)[:limit]


class _Cluster(NamedTuple):
    public_id: str
    now: int
    """Its successor where it is gone, else itself."""


def _told(connection: Connection, rows: Sequence[Any]) -> list[Move]:
    numbers = [row.seq for row in rows]
    clusters = _found(connection, {each for row in rows for each in (row.cluster_id, row.other_id)})
    records = _sample(connection, numbers)
    named = contradictions.names(connection, {each for some in records.values() for each in some})
    sizes = _counted(connection, numbers)
    authors = _authors(connection, {row.decision_id for row in rows} - {None})
    undoable = _undoable(connection, rows, clusters)
    return [
        Move(
            number=row.seq,
            stamp=row.stamp,
            kind=row.kind,
            cluster=clusters[row.cluster_id].public_id,
            other="" if row.other_id is None else clusters[row.other_id].public_id,
            records=tuple(named[each] for each in records[row.seq]),
            size=sizes.get(row.seq, 0),
            decision=row.decision_id,
            author=authors.get(row.decision_id, ""),
            can_revert=row.seq in undoable,
        )
        for row in rows
    ]


def _found(connection: Connection, clusters: Collection[int | None]) -> dict[int, _Cluster]:
    query = select(_clusters.id, _clusters.public_id, _clusters.successor_id)
    rows = connection.execute(query.where(_clusters.id.in_(set(clusters) - {None})))
    return {cluster: _Cluster(name, heir or cluster) for cluster, name, heir in rows}


def _sample(connection: Connection, numbers: Collection[int]) -> dict[int, list[int]]:
    place = func.row_number().over(partition_by=_those.event_seq, order_by=_those.record_id)
    ranked = (
        select(_those.event_seq, _those.record_id, place.label("place"))
        .where(_those.event_seq.in_(numbers))
        .subquery()
    )
    query = select(ranked.c.event_seq, ranked.c.record_id).where(ranked.c.place <= _SAMPLE)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, record in connection.execute(query.order_by(ranked.c.record_id)):
        found[number].append(record)
    return found


def _counted(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    query = select(_those.event_seq, func.count()).group_by(_those.event_seq)
    return _figures(connection, query.where(_those.event_seq.in_(numbers)))


def _authors(connection: Connection, decisions: Iterable[int]) -> dict[int | None, str]:
    query = select(VerdictEventRow.id, VerdictEventRow.author)
    rows = connection.execute(query.where(VerdictEventRow.id.in_(list(decisions))))
    return {number: author for number, author in rows}  # noqa: C416 - rows are no pairs


def _undoable(
    connection: Connection, rows: Sequence[Any], clusters: Mapping[int, _Cluster]
) -> set[int]:
    """Return the events whose records are still where it brought them: with others, or apart."""
    at = _at(connection, [row.seq for row in rows])
    homes = {cluster for those in at.values() for cluster in those}
    members = select(_members.cluster_id, func.count()).group_by(_members.cluster_id)
    left = {clusters[row.cluster_id].now for row in rows}
    sizes = _figures(connection, members.where(_members.cluster_id.in_(homes | left)))
    return {row.seq for row in rows if _leaves(row, at[row.seq], clusters, sizes)}


def _leaves(
    row: Any, at: Mapping[int, int], clusters: Mapping[int, _Cluster], sizes: Mapping[int, int]
) -> bool:
    """Tell whether an event leaves something to take back."""
    home = clusters[row.cluster_id].now
    if row.kind == "split":
        return home in sizes and bool(at.keys() - {home})
    if row.kind == "moved" and home in sizes:
        return bool(at.keys() - {home})
    return any(count < sizes[cluster] for cluster, count in at.items())


def _at(connection: Connection, numbers: Collection[int]) -> dict[int, dict[int, int]]:
    """Return event -> cluster -> how many of its records are in it now."""
    query = (
        select(_those.event_seq, _members.cluster_id, func.count())
        .join(table(MemberRow), _members.record_id == _those.record_id)
        .where(_those.event_seq.in_(numbers))
        .group_by(_those.event_seq, _members.cluster_id)
    )
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for number, cluster, count in connection.execute(query):
        found[number][cluster] = count
    return found


def _figures(connection: Connection, query: Query) -> dict[int, int]:
    return {key: count for key, count in connection.execute(query)}  # noqa: C416 - rows are no pairs
