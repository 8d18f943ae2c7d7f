"""A cluster as staff see it, with what the public sees of it, and how much there is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from catalogue import records
from catalogue.database import Database
from catalogue.errors import NoSuchCluster
from catalogue.manifestation import Manifestation
from catalogue.membership.conditions import counts
from catalogue.model import Cluster, Holding, Link
from catalogue.sql import Query
from catalogue.tables import (
    ClusterRow,
    EdgeRow,
    ItemRow,
    LibraryRow,
    MasterRow,
    MemberRow,
    PolicyRow,
    ProblemRow,
    RecordRow,
    SourceRow,
    ViewRow,
    WorkMemberRow,
)
from crosswalks import stored

_MANIFESTATIONS = 100
"""Most manifestations of a work that are shown with one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the hub holds."""

    records: int
    """Live records of all sources."""
    clusters: int
    folded: int
    """Records that are one with another: records in clusters, less the clusters."""
    problems: int
    libraries: int


def cluster(database: Database, public_id: str) -> Cluster:
    """Return a cluster with its members and why they are one. Raises NoSuchCluster."""
    with database.reading() as connection:
        row = connection.execute(
            select(ClusterRow.id, ClusterRow.state, ClusterRow.successor_id).where(
                ClusterRow.public_id == public_id
            )
        ).one_or_none()
        if row is None:
            raise NoSuchCluster(name=public_id)
        members = records.of_cluster(connection, row.id)
        shown = connection.execute(_shown().where(ItemRow.cluster_id == row.id)).first()
        names = {each.id: f"{each.source}/{each.identifier}" for each in members}
        return Cluster(
            public_id=public_id,
            state=row.state,
            successor=_public_id(connection, row.successor_id),
            members=members,
            links=_links(connection, names),
            master=stored.from_json(shown.record) if shown else None,
            provenance=_provenance(shown.provenance) if shown else {},
            holdings=_holdings(shown.holdings) if shown else (),
            work=work(connection, row.id),
        )


def totals(database: Database) -> Totals:
    """Return the hub's figures."""
    with database.reading() as connection:
        members = _count(connection, select(func.count()).select_from(MemberRow))
        live = _count(connection, _counted(ClusterRow).where(ClusterRow.state == "live"))
        return Totals(
            records=_count(
                connection,
                _counted(RecordRow)
                .join(SourceRow, SourceRow.id == RecordRow.source_id)
                .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
                .where(counts()),
            ),
            clusters=live,
            folded=members - live,
            problems=_count(connection, _counted(ProblemRow)),
            libraries=_count(connection, _counted(LibraryRow)),
        )


def _counted(model: Any) -> Query:
    return select(func.count()).select_from(model)


def _count(connection: Connection, query: Query) -> int:
    return int(connection.execute(query).scalar_one())


def _shown() -> Query:
    return (
        select(MasterRow.record, MasterRow.provenance, MasterRow.holdings)
        .join(
            ItemRow,
            (ItemRow.cluster_id == MasterRow.cluster_id) & (ItemRow.hash == MasterRow.hash),
        )
        .join(ViewRow, ViewRow.id == ItemRow.view_id)
        .where(ViewRow.name == "public")
    )


def work(connection: Connection, cluster_id: int) -> tuple[Manifestation, ...]:
    """Return the other clusters of a cluster's work that the public sees, by id."""
    work = select(WorkMemberRow.work_id).where(WorkMemberRow.cluster_id == cluster_id)
    query = (
        _shown()
        .add_columns(ClusterRow.public_id)
        .join(ClusterRow, ClusterRow.id == ItemRow.cluster_id)
        .join(WorkMemberRow, WorkMemberRow.cluster_id == ItemRow.cluster_id)
        .where(WorkMemberRow.work_id.in_(work), ItemRow.cluster_id != cluster_id)
        .order_by(ItemRow.cluster_id)
        .limit(_MANIFESTATIONS)
    )
    return tuple(
        Manifestation(public_id=row.public_id, record=stored.from_json(row.record))
        for row in connection.execute(query)
    )


def _public_id(connection: Connection, cluster_id: int | None) -> str:
    """Return a cluster's public id, or nothing for none."""
    query = select(ClusterRow.public_id).where(ClusterRow.id == cluster_id)
    return connection.execute(query).scalar() or ""


def _links(connection: Connection, names: dict[int, str]) -> tuple[Link, ...]:
    rows = connection.execute(
        select(EdgeRow.a, EdgeRow.b, EdgeRow.score, EdgeRow.reasons)
        .join(PolicyRow, PolicyRow.id == EdgeRow.policy_id)
        .where(PolicyRow.live, EdgeRow.decision == "same")
        .where(EdgeRow.a.in_(names), EdgeRow.b.in_(names))
        .order_by(EdgeRow.score.desc(), EdgeRow.a, EdgeRow.b)
    )
    return tuple(
        Link(
            a=names[row.a], b=names[row.b], score=row.score, reasons=tuple(json.loads(row.reasons))
        )
        for row in rows
    )


def _provenance(text: str) -> dict[str, list[str]]:
    return {str(position): list(names) for position, names in enumerate(json.loads(text))}


def _holdings(text: str) -> tuple[Holding, ...]:
    return tuple(Holding(**each) for each in json.loads(text))
