"""Items by their clusters: which are live, in which sets, and the datestamp that these share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, bindparam, select, update

from catalogue.sql import Lookup, chunks, table
from catalogue.tables import ItemRow, ItemSetRow, ViewRow

ItemKey = tuple[int, int]
"""View and cluster."""
_items, _in_set = table(ItemRow), table(ItemSetRow)
_THESE = (
    update(_items).where(
        _items.c.view_id == bindparam("b_view"), _items.c.cluster_id == bindparam("b_cluster")
    ),
    update(_in_set).where(
        _in_set.c.cluster_id == bindparam("b_cluster"),
        _in_set.c.view_id == bindparam("b_view"),
        _in_set.c.present,
    ),
)


def stamp_items(connection: Connection, items: Iterable[ItemKey], stamp: int) -> int:
    """Stamp items, each by view and cluster, in all their sets; return how many they are.

    The caller holds the hub clock's lock; the stamp is of its second.
    """
    shown = [{"b_view": view, "b_cluster": cluster} for view, cluster in sorted(items)]
    if shown:
        for statement in _THESE:
            connection.execute(statement.values(stamp=stamp), shown)
    return len(shown)


def live_items(connection: Connection, clusters: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """Yield view, cluster and content of the items of clusters that are not deleted."""
    columns = _items.c
    query = select(columns.view_id, columns.cluster_id, columns.hash).where(
        columns.view_id.in_(select(ViewRow.id)), ~columns.deleted
    )
    for chunk in chunks(sorted(clusters)):
        rows = connection.execute(query.where(columns.cluster_id.in_(chunk)))
        yield from ((view, cluster, content) for view, cluster, content in rows)


def sets_held(connection: Connection, clusters: Collection[int]) -> dict[ItemKey, set[int]]:
    """Return the keys of all sets that the items of clusters are in."""
    held: dict[ItemKey, set[int]] = {}
    for view, cluster, key in _HELD.tuples(connection, clusters):
        held.setdefault((view, cluster), set()).add(key)
    return held


_HELD = Lookup(
    select(_in_set.c.view_id, _in_set.c.cluster_id, _in_set.c.set_id).where(_in_set.c.present),
    _in_set.c.cluster_id,
)
