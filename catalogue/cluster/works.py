"""Clusters into works: those that share a title and a name, by the keys of match.works.

A pure function of the clusters that there are, so any order of changes ends in the same works. A
part of T2: what a placement made, changed or ended is settled in its transaction. Only the clusters
that were there before works were known wait for it, and are settled by the next placement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, func, select

from catalogue import clock, match
from catalogue.cluster import read
from catalogue.cluster.cut import components
from catalogue.database import Database
from catalogue.rows import upsert_many
from catalogue.search import store as search
from catalogue.sql import Lookup, delete_rows, insert_tuples, table
from catalogue.tables import WorkDirtyRow, WorkKeyRow, WorkMemberRow

STEP = 250
"""Clusters given to their works in a transaction."""
MOST = 1000
"""Clusters that may share a key: a key of more says nothing of a work."""

_keys, _members = table(WorkKeyRow).c, table(WorkMemberRow).c
_waiting = table(WorkDirtyRow).c


def settle_within(connection: Connection, clusters: Collection[int]) -> None:
    """Find anew the works of clusters that were made, changed or ended, as a part of T2.

    The caller holds the hub clock's lock.
    """
    pending = set(clusters)
    while pending:
        some = sorted(pending)[:STEP]
        # Those whose key has come to be shared by too many, or is no more, are looked at too.
        pending |= _settle_some(connection, some)
        pending -= set(some)


def settle(database: Database) -> None:
    """Give the clusters to their works that wait for it since an update of the program."""
    while _is_waiting(database):
        database.writing(_settle_waiting)


def _is_waiting(database: Database) -> bool:
    with database.reading_primary() as connection:
        return connection.execute(select(_waiting.cluster_id).limit(1)).first() is not None


def _settle_waiting(connection: Connection) -> None:
    # Before all other locks, as a placement takes it.
    clock.read(connection, lock=True)
    first = select(_waiting.cluster_id).order_by(_waiting.cluster_id).limit(STEP)
    batch = list(connection.execute(first).scalars())
    settle_within(connection, batch)
    connection.execute(delete(table(WorkDirtyRow)).where(_waiting.cluster_id.in_(batch)))


def _settle_some(connection: Connection, batch: Collection[int]) -> set[int]:
    """Give clusters to their works; return others that have to be looked at because of that."""
    affected = set(batch) | _mates(connection, batch)
    turned = _write_keys(connection, batch)
    links, usable = _links(connection, affected)
    members = read.members(connection, usable)
    _write_works(connection, affected, set(members.values()), links)
    return turned - set(batch)


def _mates(connection: Connection, clusters: Collection[int]) -> set[int]:
    """Return all clusters of the works that these are of now."""
    works = {work for _, work in _WORK_OF.tuples(connection, clusters)}
    return {cluster for (cluster,) in _MATES.tuples(connection, works)}


def _write_keys(connection: Connection, batch: Collection[int]) -> set[int]:
    """Bring the keys of clusters up to date; return those that a key now has too many of, or not.

    All who hold such a key have their works found anew.
    """
    wanted = _wanted(connection, batch)
    stored = set(_KEYS_OF.tuples(connection, batch))
    gone, new = stored - wanted, wanted - stored
    touched = {key for key, _ in gone ^ new}
    before = _sizes(connection, touched)
    delete_rows(connection, WorkKeyRow, ("key", "cluster_id"), sorted(gone))
    insert_tuples(connection, WorkKeyRow, ("key", "cluster_id"), sorted(new), missing=True)
    after = _sizes(connection, touched)
    crossed = {key for key in touched if (before.get(key, 0) > MOST) != (after.get(key, 0) > MOST)}
    return _holders(connection, crossed)


def _wanted(connection: Connection, batch: Collection[int]) -> set[tuple[str, int]]:
    members = read.members(connection, batch)
    nodes = read.nodes(connection, members.keys())
    of_cluster: defaultdict[int, list[match.Features]] = defaultdict(list)
    for record, node in nodes.items():
        of_cluster[members[record]].append(node.features)
    return {
        (key, cluster)
        for cluster, features in of_cluster.items()
        for key in match.work_keys(features)
    }


_SIZES = Lookup(select(_keys.key, func.count()).group_by(_keys.key), _keys.key)
_HELD = Lookup(select(_keys.key, _keys.cluster_id), _keys.key)
_KEYS_OF = Lookup(select(_keys.key, _keys.cluster_id), _keys.cluster_id)
_MATES = Lookup(select(_members.cluster_id), _members.work_id)
_WORK_OF = Lookup(select(_members.cluster_id, _members.work_id), _members.cluster_id)


def _sizes(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    return dict(_SIZES.tuples(connection, keys))


def _holders(connection: Connection, keys: Collection[str]) -> set[int]:
    return {cluster for _, cluster in _HELD.tuples(connection, keys)}


def _links(connection: Connection, affected: set[int]) -> tuple[list[tuple[int, int]], set[int]]:
    """Return the links among all clusters that hang together with these, and those clusters.

    ``affected`` grows to them.
    """
    links: list[tuple[int, int]] = []
    frontier, seen = set(affected), set[str]()
    while frontier:
        keys = _keys_of(connection, frontier) - seen
        seen |= keys
        sizes = _sizes(connection, keys)
        held = _by_key(connection, [key for key in keys if sizes[key] <= MOST])
        links += [(block[0], other) for block in held.values() for other in block[1:]]
        frontier = {cluster for block in held.values() for cluster in block} - affected
        affected |= frontier
    return links, affected


def _keys_of(connection: Connection, clusters: Collection[int]) -> set[str]:
    return {key for key, _ in _KEYS_OF.tuples(connection, clusters)}


def _by_key(connection: Connection, keys: Collection[str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for key, cluster in _HELD.tuples(connection, keys):
        found[key].append(cluster)
    return found


def _write_works(
    connection: Connection,
    affected: Collection[int],
    live: set[int],
    links: list[tuple[int, int]],
) -> None:
    """Note of which work each cluster is; one that ended is of none."""
    works: Mapping[int, int] = {
        cluster: min(work) for work in components(sorted(live), links) for cluster in work
    }
    stored = dict(_WORK_OF.tuples(connection, affected))
    before = search.works_of(connection, affected)
    sizes = Counter(works.values())
    changed = {each: work for each, work in works.items() if stored.get(each) != work}
    upsert_many(
        connection,
        WorkMemberRow,
        [{"cluster_id": cluster, "work_id": work} for cluster, work in changed.items()],
    )
    now = {cluster: work if sizes[work] > 1 else search.ALONE for cluster, work in works.items()}
    search.move_works(
        connection,
        {each: work for each, work in now.items() if before.get(each, search.ALONE) != work},
    )
    gone = [(cluster,) for cluster in stored.keys() - works.keys()]
    delete_rows(connection, WorkMemberRow, ("cluster_id",), gone)
