"""Who is in the sets: worked out for a cluster whenever it changes.

A placement, and whatever has clusters indexed anew, asks the index that it has just written, in the
same transaction. When a set is defined otherwise all clusters are gone through in the background.
All callers hold the hub clock's lock, so each change of a membership has its stamp.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import Connection, select, update

from catalogue import clock
from catalogue.database import Database
from catalogue.querysets.model import ROOT, read
from catalogue.search import planned
from catalogue.search.among import among
from catalogue.search.expression import Expression, Nothing
from catalogue.sql import table, upsert
from catalogue.stamps import ItemKey, live_items, sets_held, stamp_items
from catalogue.tables import ItemSetRow, QuerySetRow, SetRow, ShownRow, ViewRow
from protocols.errors import QueryError

log = logging.getLogger(__name__)

STEP = 500
"""Clusters gone through in a transaction: SQLite's writers wait for as long as it takes."""

_sets = table(QuerySetRow).c


def members(connection: Connection, clusters: Collection[int]) -> dict[ItemKey, set[int]]:
    """Return the keys of the sets by query that clusters are in now, as the index has them."""
    found: dict[ItemKey, set[int]] = {}
    if not clusters:
        return found
    wanted = _wanted(connection)
    if not wanted:
        return found
    root = connection.execute(select(SetRow.id).where(SetRow.spec == ROOT)).scalar_one()
    views = frozenset(connection.execute(select(ViewRow.id)).scalars())
    for key, query in wanted.items():
        for cluster, unseen in among(connection, query, clusters):
            for view in views - unseen:
                found.setdefault((view, cluster), {root}).add(key)
    return found


def refresh(connection: Connection, clusters: Collection[int]) -> None:
    """Bring the memberships of these clusters up to date, and stamp the items that changed."""
    keys = query_keys(connection)
    if not keys:
        return
    wanted = members(connection, clusters)
    held = {each: now & keys for each, now in sets_held(connection, clusters).items()}
    shown = {(view, cluster) for view, cluster, _ in live_items(connection, clusters)}
    changed = {
        each: (wanted.get(each, set()), held.get(each, set()))
        for each in shown & (wanted.keys() | held.keys())
        if wanted.get(each, set()) != held.get(each, set())
    }
    if not changed:
        return
    stamp = max(clock.read(connection).closed, clock.wall_clock())
    rows = [
        {"view_id": view, "set_id": key, "cluster_id": cluster, "present": key in now}
        for (view, cluster), (now, before) in changed.items()
        for key in sorted(now | before)
    ]
    upsert(connection, ItemSetRow, [row | {"stamp": stamp} for row in rows])
    stamp_items(connection, changed, stamp)
    clock.close(connection, stamp)


def walk(database: Database) -> int:
    """Go through the next clusters for sets whose query is new; return how many there were."""
    if not does_wait(database):
        return 0
    return database.writing(_walk)


def does_wait(database: Database) -> bool:
    """Tell whether a set is not known whole yet."""
    with database.reading_primary() as connection:
        return _reached(connection) is not None


def query_keys(connection: Connection) -> frozenset[int]:
    """Return the keys of all sets by query there are or were, the root among them."""
    root = select(SetRow.id).where(SetRow.spec == ROOT)
    keys = connection.execute(select(_sets.set_id).union_all(root)).scalars()
    return frozenset(keys)


def _walk(connection: Connection) -> int:
    clock.read(connection, lock=True)
    reached = _reached(connection)
    if reached is None:
        return 0
    cluster = table(ShownRow).c.cluster_id
    some = select(cluster).where(cluster > reached).distinct().order_by(cluster).limit(STEP)
    clusters = list(connection.execute(some).scalars())
    refresh(connection, clusters)
    last = clusters[-1] if len(clusters) == STEP else None
    these = update(table(QuerySetRow)).where(_sets.reached >= reached)
    if last is not None:
        these = these.where(_sets.reached < last)
    connection.execute(these.values(reached=last))
    return len(clusters)


def _reached(connection: Connection) -> int | None:
    query = select(_sets.reached).where(_sets.reached.is_not(None)).order_by(_sets.reached)
    found: int | None = connection.execute(query.limit(1)).scalar()
    return found


def _wanted(connection: Connection) -> dict[int, Expression]:
    """Return for each set what it holds; of one whose query is no query any more, nothing."""
    query = select(_sets.set_id, _sets.language, _sets.query).where(~_sets.removed)
    return {row.set_id: expression(row.language, row.query) for row in connection.execute(query)}


@lru_cache(maxsize=1 << 8)
def expression(language: str, text: str) -> Expression:
    """Return what a query looks for; nothing where another version of the program took it."""
    try:
        return planned(read(language, text))
    except QueryError as error:
        # A placement must not stop at it.
        log.warning("A set is empty, its query is none any more: %s (%s)", text, error)
        return Nothing()
