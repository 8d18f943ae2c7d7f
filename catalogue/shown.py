"""Masters that views show, a few at a time: what crosswalks out of MARC 21 are tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, tuple_

from catalogue.database import Database
from catalogue.sql import table
from catalogue.tables import ClusterRow, FormRow, ItemRow, MasterRow, ViewRow
from crosswalks import stored
from crosswalks.model import Record
from crosswalks.text import storable

_masters, _forms, _items = table(MasterRow).c, table(FormRow).c, table(ItemRow).c
_ORDER = (_masters.cluster_id, _masters.hash)

Content = tuple[int, str]
"""A cluster, and the hash that names one of its contents."""


class Shown(NamedTuple):
    """A master, how many items show it, and its stored forms by prefix."""

    content: Content
    public_id: str
    record: Record
    items: int
    forms: Mapping[str, bytes]


def masters(database: Database, after: Content | None, limit: int) -> list[Shown]:
    """Return the next masters, in order of their contents."""
    query = (
        select(*_ORDER, ClusterRow.public_id, _masters.record)
        .join(ClusterRow, ClusterRow.id == _masters.cluster_id)
        .order_by(*_ORDER)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*_ORDER) > tuple_(*after))
    with database.reading() as connection:
        rows = connection.execute(query).all()
        clusters = sorted({row.cluster_id for row in rows})
        items, forms = _items_of(connection, clusters), _forms_of(connection, clusters)
    return [
        Shown(
            content=(row.cluster_id, row.hash),
            public_id=row.public_id,
            record=stored.from_json(row.record),
            items=items.get((row.cluster_id, row.hash), 0),
            forms=forms.get((row.cluster_id, row.hash), {}),
        )
        for row in rows
    ]


def _items_of(connection: Connection, clusters: Sequence[int]) -> dict[Content, int]:
    query = (
        select(_items.cluster_id, _items.hash, func.count())
        .where(
            _items.view_id.in_(select(ViewRow.id)),
            _items.cluster_id.in_(clusters),
            ~_items.deleted,
        )
        .group_by(_items.cluster_id, _items.hash)
    )
    return {(cluster, content): count for cluster, content, count in connection.execute(query)}


def _forms_of(connection: Connection, clusters: Sequence[int]) -> dict[Content, dict[str, bytes]]:
    query = select(_forms.cluster_id, _forms.hash, _forms.prefix, _forms.body)
    found: dict[Content, dict[str, Any]] = {}
    for row in connection.execute(query.where(_forms.cluster_id.in_(clusters))):
        found.setdefault((row.cluster_id, row.hash), {})[row.prefix] = row.body
    return found


def some(
    database: Database, public_id: str = "", after: int = 0, limit: int = 10
) -> list[tuple[int, str, Record]]:
    """Return one master each of the next clusters that have one, or of one, by its public id.

    With it its cluster's number, after which lists go on, and its public id.
    """
    same = table(MasterRow).alias().c
    least = select(func.min(same.hash)).where(same.cluster_id == _masters.cluster_id)
    query = (
        select(_masters.cluster_id, ClusterRow.public_id, _masters.record)
        .join(ClusterRow, ClusterRow.id == _masters.cluster_id)
        .where(_masters.cluster_id > after, _masters.hash == least.scalar_subquery())
        .order_by(_masters.cluster_id)
        .limit(limit)
    )
    if public_id:
        query = query.where(ClusterRow.public_id == storable(public_id))
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [(row.cluster_id, row.public_id, stored.from_json(row.record)) for row in rows]
