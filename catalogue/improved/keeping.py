"""Which libraries get what back: kept at each placement, with a stamp for what changed.

What is no improvement any more is forgotten, not told as deleted: a library's system would delete
its own record.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select

from catalogue.cluster.render import Rendered
from catalogue.improved.tables import ImprovedRow
from catalogue.rows import upsert_many
from catalogue.sql import Lookup, delete_keys
from catalogue.tables import LibraryRow

_BEFORE = Lookup(
    select(
        ImprovedRow.view_id,
        ImprovedRow.record_id,
        ImprovedRow.cluster_id,
        ImprovedRow.library_id,
        ImprovedRow.hash,
    ),
    ImprovedRow.cluster_id,
)
_LIBRARIES = Lookup(select(LibraryRow.code, LibraryRow.id), LibraryRow.code)


def keep(
    connection: Connection, rendered: Sequence[Rendered], clusters: Collection[int], stamp: int
) -> None:
    """Bring what libraries get back of these clusters up to date. Part of T2."""
    before = {
        (row.view_id, row.record_id): (row.cluster_id, row.library_id, row.hash)
        for row in _BEFORE.rows(connection, clusters)
    }
    wanted = {
        (view, record): (each.cluster, *told)
        for each in rendered
        for record, told in each.improved.items()
        for view in each.views
    }
    codes = sorted({library for _, library, _ in wanted.values()})
    keys = {row.code: row.id for row in _LIBRARIES.rows(connection, codes)}
    now = {
        key: (cluster, keys[library], content)
        for key, (cluster, library, content) in wanted.items()
    }
    upsert_many(
        connection,
        ImprovedRow,
        [
            {
                "view_id": view,
                "record_id": record,
                "cluster_id": cluster,
                "library_id": library,
                "stamp": stamp,
                "hash": content,
            }
            for (view, record), (cluster, library, content) in now.items()
            if before.get((view, record)) != (cluster, library, content)
        ],
    )
    delete_keys(connection, ImprovedRow, sorted(before.keys() - now.keys()))
