"""The datestamp of items, which all sets that they are in have too."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, update

from catalogue.sql import table
from catalogue.tables import ItemRow, ItemSetRow

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


def stamp_items(connection: Connection, items: Iterable[tuple[int, int]], stamp: int) -> int:
    """Stamp items, each by view and cluster, in all their sets; return how many they are.

    The caller holds the hub clock's lock; the stamp is of its second.
    """
    shown = [{"b_view": view, "b_cluster": cluster} for view, cluster in sorted(items)]
    if shown:
        for statement in _THESE:
            connection.execute(statement.values(stamp=stamp), shown)
    return len(shown)
