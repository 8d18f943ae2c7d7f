"""Masters by public id as a view shows them now, many at once: what search doors give out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from catalogue.database import Database
from catalogue.model import Holding
from catalogue.sql import Lookup, chunks, table
from catalogue.tables import ClusterRow, FormRow, ItemRow, MasterRow, ViewRow
from crosswalks import stored
from crosswalks.model import Record

_items, _masters, _clusters = table(ItemRow).c, table(MasterRow).c, table(ClusterRow).c
_views, _forms = table(ViewRow).c, table(FormRow).c


_SHOWN = Lookup(
    select(_clusters.public_id, _items.cluster_id, _items.hash)
    .join_from(table(ClusterRow), table(ItemRow), _items.cluster_id == _clusters.id)
    .join(table(ViewRow), _views.id == _items.view_id)
    .where(_views.name == bindparam("view"), ~_items.deleted),
    _clusters.public_id,
)
_MASTERS = Lookup(
    select(_masters.cluster_id, _masters.hash, _masters.record, _masters.holdings),
    _masters.cluster_id,
)
_FORMS = Lookup(
    select(_forms.cluster_id, _forms.hash, _forms.body).where(_forms.prefix == bindparam("prefix")),
    _forms.cluster_id,
)


class Content(NamedTuple):
    """What names one content of a master: the same bytes for as long as there are any."""

    cluster: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """A merged record, and what libraries have of it."""

    record: Record
    holdings: tuple[Holding, ...]


def contents(database: Database, public_ids: Collection[str], view: str) -> dict[str, Content]:
    """Return public id -> content, of those clusters that the view shows; others are left out."""
    with database.reading() as connection:
        return {
            public_id: Content(cluster, content)
            for some in chunks(public_ids)
            for public_id, cluster, content in _SHOWN.tuples(connection, some, view=view)
        }


def masters(database: Database, wanted: Collection[Content]) -> Mapping[Content, Master]:
    """Return the masters of these contents; one that was replaced meanwhile is left out."""
    with database.reading() as connection:
        found = _of_contents(connection, _MASTERS, wanted)
    return {
        content: Master(
            record=stored.from_json(record),
            holdings=tuple(Holding(**each) for each in json.loads(holdings)),
        )
        for content, (record, holdings) in found.items()
    }


def forms(database: Database, wanted: Collection[Content], prefix: str) -> Mapping[Content, bytes]:
    """Return the stored forms of these contents; those that are replaced, or none, are left out."""
    with database.reading() as connection:
        found = _of_contents(connection, _FORMS, wanted, prefix=prefix)
    return {content: bytes(body) for content, (body,) in found.items()}


def _of_contents(
    connection: Connection, lookup: Lookup, wanted: Collection[Content], **fixed: Any
) -> dict[Content, list[Any]]:
    """Return what is kept of contents, looked up by cluster.

    For an IN of cluster and hash SQLite would read the whole table; and a cluster has hardly more
    than one content.
    """
    contents = set(wanted)
    return {
        Content(cluster, content): rest
        for some in chunks(dict.fromkeys(each.cluster for each in wanted), size=200)
        for cluster, content, *rest in lookup.tuples(connection, some, **fixed)
        if (cluster, content) in contents
    }
