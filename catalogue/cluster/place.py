"""place: the dirty records into clusters, and the clusters out to the views (T2).

One placement at a time, hub-wide: each is computed from a snapshot and written only if no other was
committed since. Work that lost the race is done again from the new state.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, func, insert, literal, select, update

from catalogue import clock, crosswalks, originals, policies
from catalogue.cluster import merged, read, works
from catalogue.cluster.assign import public_id
from catalogue.cluster.delivered import Delivered, delivered, places
from catalogue.cluster.plan import Grouping, group, with_neighbours
from catalogue.cluster.read import Keyring, Waiting
from catalogue.cluster.render import Hub, Named, View, render
from catalogue.cluster.write import Plan, write
from catalogue.database import Database
from catalogue.errors import CatalogueError
from catalogue.holdings import touched
from catalogue.match import DEPTH, level
from catalogue.merge import preliminary
from catalogue.model import HubIdentity, Sharing
from catalogue.overlays import standing
from catalogue.policies import Live
from catalogue.sql import chunks
from catalogue.store.problems import NOT_PLACEABLE
from catalogue.tables import (
    DirtyRow,
    ItemRow,
    ProblemRow,
    RecordRow,
    ViewRow,
)
from crosswalks.model import Severity

log = logging.getLogger(__name__)

BATCH = 250
"""Dirty records a placement takes: SQLite's writers wait for the whole of T2."""
_DETAIL = 500


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

    Safe to call from any number of processes; only one at a time gets its work committed. A record
    that breaks our own code or the engine is found by halving the batch and set aside, with a
    Problem, until it changes: one bad record never stops the hub.
    """
    try:
        return _place(database, hub, limit)
    except CatalogueError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad record never stops the hub
        reason = told_of(error)
    if limit > 1:
        return place(database, hub, limit // 2)
    log.error("A record cannot be placed and is set aside: %s", reason)
    database.writing(lambda connection: _set_aside(connection, reason))
    return Placed(records=1, clusters=0, committed=True)


def told_of(error: Exception) -> str:
    """Return what is told of an error in our own code or the engine."""
    return f"{type(error).__name__}: {error}"[:_DETAIL]


def place_first(database: Database, hub: HubIdentity, records: Collection[int]) -> None:
    """Place those of these records that wait, before all others that do.

    For what has to show at once, however much waits beside it.
    """
    while _place(database, hub, BATCH, records).records:
        pass


def _place(
    database: Database, hub: HubIdentity, limit: int, first: Collection[int] | None = None
) -> Placed:
    adopt(database)
    with database.reading_primary() as connection:
        live = policies.live(connection)
        ring = Keyring(connection, live.id)
        if first is None:
            batch = read.waiting(connection, live.id, limit)
        else:
            batch = read.waiting_among(connection, live.id, first, limit)
        if batch and limit > 1:
            batch = with_neighbours(connection, live, batch, ring)
        plan = make_plan(connection, live, batch, hub, ring) if batch else None
    if plan is None:
        # Those from before works were known.
        works.settle(database)
        originals.stamp(database)
        return Placed(records=0, clusters=0, committed=True)
    done = database.writing(lambda connection: write(connection, plan))
    works.settle(database)
    originals.stamp(database)
    if done:
        _warn(plan.grouping)
    return Placed(
        records=len(plan.grouping.batch), clusters=len(plan.grouping.changed), committed=done
    )


def _set_aside(connection: Connection, reason: str) -> None:
    """Leave the first waiting record where it is, and say so with the record."""
    for each in read.waiting(connection, policies.live(connection).id, 1):
        connection.execute(
            update(DirtyRow)
            .where(DirtyRow.record_id == each.id, DirtyRow.rev == each.dirty_rev)
            .values(failed_rev=each.dirty_rev)
        )
        record = select(
            RecordRow.source_id,
            RecordRow.seen_run,
            RecordRow.id,
            RecordRow.identifier,
            literal(NOT_PLACEABLE),
            literal(Severity.ERROR.value),
            literal(""),
            literal(""),
            literal(reason),
        ).where(RecordRow.id == each.id)
        columns = "source_id run_id record_id identifier code severity field sample detail"
        connection.execute(insert(ProblemRow).from_select(columns.split(), record))


def _warn(grouping: Grouping) -> None:
    for record, size in grouping.large.items():
        log.warning("%s records hang together as one publication (record %s)", size, record)
    for key, size in grouping.keys.died.items():
        if level(key) == 0:
            log.warning("Match key %s is held by %s records: it is split", key, size)
        elif level(key) == DEPTH:
            log.warning("%s records are too much alike to be compared (key %s)", size, key)


def waiting(database: Database, most: int | None = None) -> int:
    """Return how many records wait to be placed, counted no further than ``most``."""
    with database.reading_primary() as connection:
        listed = select(DirtyRow.record_id).where(
            DirtyRow.policy_id == policies.live(connection).id, read.not_failed()
        )
        query = select(func.count()).select_from(listed.limit(most).subquery())
        return connection.execute(query).scalar_one()


def try_again(database: Database) -> None:
    """Let what was set aside be placed again: this may be a version that can."""

    def work(connection: Connection) -> None:
        failed = select(DirtyRow.record_id).where(DirtyRow.failed_rev.is_not(None))
        connection.execute(
            delete(ProblemRow).where(
                ProblemRow.code == NOT_PLACEABLE, ProblemRow.record_id.in_(failed)
            )
        )
        connection.execute(
            update(DirtyRow).where(DirtyRow.failed_rev.is_not(None)).values(failed_rev=None)
        )

    database.writing(work)


def adopt(database: Database) -> None:
    """Have all placed anew where another version of the program placed it."""
    with database.reading_primary() as connection:
        if policies.is_current(connection):
            return
    version = database.writing(policies.adopt)
    log.warning("All records are placed again, by the matching policy %s", version)


def make_plan(
    connection: Connection, live: Live, batch: list[Waiting], hub: HubIdentity, ring: Keyring
) -> Plan:
    """Work out a placement of these dirty records; new clusters are numbered on from the last."""
    grouping = group(connection, live, batch, ring)
    return planned(connection, live, grouping, hub)


def planned(
    connection: Connection,
    live: Live,
    grouping: Grouping,
    hub: HubIdentity,
    last: int | None = None,
) -> Plan:
    """Work out what is written of these groups.

    New clusters are numbered on from ``last``, by default from the last one there is.
    """
    now = clock.read(connection)
    last = now.last_cluster if last is None else last
    clusters, last_cluster = _clusters(grouping, last)
    new = {cluster: public_id(cluster) for cluster in clusters.values() if cluster > last}
    leads = merged.leads(grouping.assignment, clusters)
    made = [clusters[position] for position in grouping.changed]
    leading = merged.leading(connection, made, leads)
    overlays = standing.of_clusters(connection, {each: leading[each] for each in made})
    named = [
        replace(each, overlays=tuple(one.laid(each.records) for one in overlays[each.cluster]))
        if each.cluster in overlays
        else each
        for each in _named(connection, grouping, clusters, leading)
    ]
    contents = delivered(connection, [each for one in named for each in one.records])
    # Of the same snapshot as the turn: publishing another form takes the turn away.
    giving = Hub(hub, crosswalks.shelf_within(connection), places(connection))
    return Plan(
        policy_id=live.id,
        turn=now.turn,
        grouping=grouping,
        clusters=clusters,
        new=new,
        leads=leads,
        rendered=render(named, contents, _views(connection, live.id), giving),
        preliminary=_preliminary(named, contents, hub),
        overlays=overlays,
        last_cluster=last_cluster,
    )


def _preliminary(
    named: Sequence[Named], contents: Mapping[int, Delivered], hub: HubIdentity
) -> dict[int, int]:
    """Return the clusters with only records made before publication, and since when."""
    found = {
        each.cluster: preliminary([contents[record].record for record in each.records], hub)
        for each in named
    }
    return {cluster: since for cluster, since in found.items() if since is not None}


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
    leading: Mapping[int, list[int]],
) -> list[Named]:
    shown = _shown(connection, {each for those in leading.values() for each in those})
    listed = touched.listed(
        connection, [each for position in grouping.changed for each in grouping.groups[position]]
    )
    return [
        Named(
            cluster=clusters[position],
            public_id=public_id(clusters[position]),
            records=grouping.groups[position],
            merged_away={
                public_id(each): shown.get(each, frozenset())
                for each in leading[clusters[position]]
            },
            listed=tuple(row for each in grouping.groups[position] for row in listed.get(each, ())),
        )
        for position in grouping.changed
    ]


def _shown(connection: Connection, clusters: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the views that ever showed each cluster: no other may learn of its id."""
    query = select(ItemRow.cluster_id, ItemRow.view_id)
    found: dict[int, frozenset[int]] = {}
    for chunk in chunks(clusters):
        for cluster, view in connection.execute(query.where(ItemRow.cluster_id.in_(chunk))):
            found[cluster] = found.get(cluster, frozenset()) | {view}
    return found


def _views(connection: Connection, policy_id: int) -> list[View]:
    rows = connection.execute(
        select(ViewRow.id, ViewRow.audience).where(ViewRow.policy_id == policy_id)
    )
    return [View(id=key, audience=Sharing(audience)) for key, audience in rows]
