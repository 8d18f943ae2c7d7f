"""Records put straight into the search index, each as a cluster of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert, select

from catalogue.database import Database
from catalogue.search import store
from catalogue.search.document import document
from catalogue.search.store import Indexed
from catalogue.sql import table
from catalogue.tables import ClusterRow, ViewRow, WorkMemberRow
from crosswalks.model import Record

STAMP = 1_764_201_600
"""2025-11-27T00:00:00Z"""


def index(
    database: Database,
    records: Iterable[Record],
    *,
    libraries: Mapping[int, Sequence[str]] | None = None,
    works: Mapping[int, int] | None = None,
    views: Mapping[int, Iterable[int]] | None = None,
) -> None:
    """Index records as clusters 1, 2, ...: held by L1, seen in all views, each a work of its own,
    unless more is said of a cluster.
    """
    found = list(enumerate(records, 1))

    def work(connection: Connection) -> None:
        all_views = list(connection.execute(select(table(ViewRow).c.id)).scalars())
        connection.execute(
            insert(table(ClusterRow)),
            [{"id": each, "public_id": f"c{each}", "state": "live"} for each, _ in found],
        )
        of = [{"cluster_id": a, "work_id": b} for a, b in (works or {}).items()]
        if of:
            connection.execute(insert(table(WorkMemberRow)), of)
        rows = [
            Indexed(
                each,
                document(record, (libraries or {}).get(each, ("L1",))),
                frozenset((views or {}).get(each, all_views)),
                STAMP,
            )
            for each, record in found
        ]
        store.replace(connection, [each for each, _ in found], rows)

    database.writing(work)
