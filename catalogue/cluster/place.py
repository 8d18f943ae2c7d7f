"""place: the dirty records into clusters, and the clusters out to the views (T2).

One placement at a time, hub-wide: each is computed from a snapshot and written only if no other was
committed since. Work that lost the race is done again from the new state.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from catalogue import clock
from catalogue.clock import Clock
from catalogue.cluster import read
from catalogue.cluster.plan import Grouping, group, with_neighbours
from catalogue.cluster.read import Waiting
from catalogue.cluster.render import Named, View, render
from catalogue.cluster.write import Plan, write
from catalogue.database import Database
from catalogue.match import policy
from catalogue.model import HubIdentity, Sharing
from catalogue.sql import chunks
from catalogue.tables import ClusterRow, DirtyRow, PolicyRow, ViewRow

BATCH = 250
"""Dirty records a placement takes: SQLite's writers wait for the whole of T2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What one placement did."""

    records: int
    """How many dirty records it took; 0 = nothing waits."""
    clusters: int
    """How many clusters were made again."""
    committed: bool
    """False if another placement came first: call again."""


def place(database: Database, hub: HubIdentity, limit: int = BATCH) -> Placed:
    """Place one batch of dirty records.

    Safe to call from any number of processes; only one at a time gets its work committed.
    """
    with database.reading() as connection:
        policy_id = live_policy(connection)
        batch = read.waiting(connection, policy_id, limit)
        if not batch:
            return Placed(records=0, clusters=0, committed=True)
        batch = with_neighbours(connection, policy_id, batch, policy())
        plan = make_plan(connection, policy_id, batch, hub, clock.read(connection))
    done = database.writing(lambda connection: write(connection, plan))
    return Placed(
        records=len(plan.grouping.batch), clusters=len(plan.grouping.changed), committed=done
    )


def waiting(database: Database) -> int:
    """Return how many records wait to be placed."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(DirtyRow)).scalar_one()


def live_policy(connection: Connection) -> int:
    """Return the policy by which clusters are made."""
    return connection.execute(select(PolicyRow.id).where(PolicyRow.live)).scalar_one()


def make_plan(
    connection: Connection, policy_id: int, batch: list[Waiting], hub: HubIdentity, now: Clock
) -> Plan:
    """Work out a placement of these dirty records; new clusters are numbered on from ``now``."""
    grouping = group(connection, policy_id, batch, policy())
    clusters, last_cluster = _clusters(grouping, now.last_cluster)
    new = {
        cluster: public_id(cluster) for cluster in clusters.values() if cluster > now.last_cluster
    }
    gone = {
        cluster: None if heir is None else clusters[heir]
        for cluster, heir in grouping.assignment.lost.items()
    }
    named = _named(connection, grouping, clusters, new, gone)
    contents = read.delivered(connection, [each for one in named for each in one.records])
    return Plan(
        policy_id=policy_id,
        turn=now.turn,
        grouping=grouping,
        clusters=clusters,
        new=new,
        gone=gone,
        rendered=render(named, contents, _views(connection, policy_id), hub),
        last_cluster=last_cluster,
    )


def public_id(cluster: int) -> str:
    """Return the id under which the world knows a cluster: for ever, and never used twice."""
    return f"{cluster:09d}"


def _clusters(grouping: Grouping, last: int) -> tuple[dict[int, int], int]:
    """Return position of each group -> its cluster, and the highest id given."""
    clusters = dict(grouping.assignment.kept)
    for position in range(len(grouping.groups)):
        if position not in clusters:
            last += 1
            clusters[position] = last
    return clusters, last


def _named(
    connection: Connection,
    grouping: Grouping,
    clusters: dict[int, int],
    new: dict[int, str],
    gone: dict[int, int | None],
) -> list[Named]:
    made = [clusters[position] for position in grouping.changed]
    ids = _public_ids(connection, [*(set(made) - new.keys()), *gone]) | new
    # What was merged into a cluster that now ends itself moves on with it.
    earlier = read.merged_away(connection, [*made, *gone])
    merged: dict[int, list[str]] = {cluster: list(earlier.get(cluster, ())) for cluster in made}
    for cluster, heir in gone.items():
        if heir in merged:
            merged[heir] += [ids[cluster], *earlier.get(cluster, ())]
    return [
        Named(
            cluster=clusters[position],
            public_id=ids[clusters[position]],
            records=grouping.groups[position],
            merged_away=tuple(sorted(merged[clusters[position]])),
        )
        for position in grouping.changed
    ]


def _public_ids(connection: Connection, clusters: Collection[int]) -> dict[int, str]:
    query = select(ClusterRow.id, ClusterRow.public_id)
    return {
        cluster: name
        for chunk in chunks(clusters)
        for cluster, name in connection.execute(query.where(ClusterRow.id.in_(chunk)))
    }


def _views(connection: Connection, policy_id: int) -> list[View]:
    rows = connection.execute(
        select(ViewRow.id, ViewRow.audience).where(ViewRow.policy_id == policy_id)
    )
    return [View(id=key, audience=Sharing(audience)) for key, audience in rows]
