"""One cluster as a view shows it, and what of its sources that view may know.

Who contributed is read off the view's own master, its provenance and holdings: what a member does
not share with a view has left no name in these.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from catalogue.database import Database
from catalogue.model import Holding, Link
from catalogue.sql import Query, chunks
from catalogue.tables import (
    ClusterRow,
    EdgeRow,
    ItemRow,
    LibraryRow,
    MasterRow,
    MemberRow,
    PolicyRow,
    RecordRow,
    SourceRow,
    ViewRow,
)
from crosswalks import stored
from crosswalks.model import Record
from crosswalks.text import storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A cluster in a view; without a ``record`` it is gone from there."""

    key: int
    public_id: str
    stamp: int
    """When it changed for the view, epoch seconds."""
    record: Record | None
    provenance: tuple[tuple[str, ...], ...]
    """``source/identifier`` of where each field is from, in the order of the record's fields."""
    holdings: tuple[Holding, ...]
    successor: str
    """The public id that took over from a cluster that is gone, where the view knows it."""

    @property
    def contributed(self) -> frozenset[str]:
        """Return ``source/identifier`` of the records that the view knows to be in it."""
        held = (f"{each.source}/{each.identifier}" for each in self.holdings)
        return frozenset((*held, *(name for names in self.provenance for name in names)))


class Contributor(NamedTuple):
    """A member's record that is in a cluster."""

    key: int
    name: str
    """``source/identifier``."""
    source: str
    library: str
    identifier: str
    datestamp: str
    """As the source gave it, or empty."""
    format: str
    """Namespace or name of what was delivered."""
    arrived: int
    """When this version of it was harvested, epoch seconds."""


_HEIR, _HEIR_ITEM = aliased(ClusterRow), aliased(ItemRow)


def served(database: Database, public_id: str, view: str) -> Served | None:
    """Return what a view shows under an id, or None if it never showed it."""
    query = (
        select(
            *(ClusterRow.id, ItemRow.stamp, ItemRow.deleted),
            *(MasterRow.record, MasterRow.provenance, MasterRow.holdings),
            _HEIR.public_id.label("heir"),
        )
        .select_from(ClusterRow)
        .join(ItemRow, ItemRow.cluster_id == ClusterRow.id)
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .outerjoin(
            MasterRow,
            (MasterRow.cluster_id == ItemRow.cluster_id) & (MasterRow.hash == ItemRow.hash),
        )
        .outerjoin(*_shown_heir())
        .outerjoin(_HEIR, _HEIR.id == _HEIR_ITEM.cluster_id)
        .where(ClusterRow.public_id == storable(public_id), ViewRow.name == view)
    )
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    shown = None if row.deleted else row.record
    return Served(
        key=row.id,
        public_id=public_id,
        stamp=row.stamp,
        record=stored.from_json(shown) if shown else None,
        provenance=tuple(map(tuple, json.loads(row.provenance))) if shown else (),
        holdings=tuple(Holding(**each) for each in json.loads(row.holdings)) if shown else (),
        successor=row.heir or "",
    )


def _shown_heir() -> tuple[Any, Any]:
    """Return what joins the item of a successor in the same view."""
    same_view = _HEIR_ITEM.view_id == ItemRow.view_id
    return _HEIR_ITEM, (_HEIR_ITEM.cluster_id == ClusterRow.successor_id) & same_view


def successors(database: Database, clusters: Collection[int], view: str) -> dict[int, str]:
    """Return the public ids that took over from clusters, those that the view knows."""
    query: Query = (
        select(ClusterRow.id, _HEIR.public_id)
        .join(_HEIR, _HEIR.id == ClusterRow.successor_id)
        .join(_HEIR_ITEM, _HEIR_ITEM.cluster_id == _HEIR.id)
        .join(ViewRow, ViewRow.id == _HEIR_ITEM.view_id)
        .where(ViewRow.name == view)
    )
    with database.reading() as connection:
        return {
            cluster: heir
            for some in chunks(clusters)
            for cluster, heir in connection.execute(query.where(ClusterRow.id.in_(some)))
        }


def contributors(database: Database, shown: Served) -> list[Contributor]:
    """Return the members' records that a view knows to be in a cluster, by name."""
    with database.reading() as connection:
        return _contributors(connection, shown)


def linked(database: Database, shown: Served) -> tuple[list[Contributor], list[Link]]:
    """Return the records that a view knows to be in a cluster, and why they are one."""
    with database.reading() as connection:
        found = _contributors(connection, shown)
        names = {each.key: each.name for each in found}
        rows = connection.execute(
            select(EdgeRow.a, EdgeRow.b, EdgeRow.score, EdgeRow.reasons)
            .join(PolicyRow, PolicyRow.id == EdgeRow.policy_id)
            .where(PolicyRow.live, EdgeRow.decision == "same")
            .where(EdgeRow.a.in_(names), EdgeRow.b.in_(names))
            .order_by(EdgeRow.score.desc(), EdgeRow.a, EdgeRow.b)
        )
        links = [
            Link(
                a=names[row.a],
                b=names[row.b],
                score=row.score,
                reasons=tuple(json.loads(row.reasons)),
            )
            for row in rows
        ]
    return found, links


def _contributors(connection: Connection, shown: Served) -> list[Contributor]:
    rows = connection.execute(
        select(
            RecordRow.id,
            SourceRow.code,
            LibraryRow.code.label("library"),
            *(RecordRow.identifier, RecordRow.datestamp, RecordRow.format, RecordRow.arrived),
        )
        .join(MemberRow, MemberRow.record_id == RecordRow.id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(MemberRow.cluster_id == shown.key)
        .order_by(SourceRow.code, RecordRow.identifier)
    )
    told = (
        Contributor(key, f"{code}/{name}", code, library, name, datestamp, form, arrived)
        for key, code, library, name, datestamp, form, arrived in rows
    )
    known = shown.contributed
    return [each for each in told if each.name in known]
