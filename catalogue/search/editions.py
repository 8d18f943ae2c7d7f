"""The editions of a work, as a view sees them: the newest first, those without a year last.

Where a page ends is the place the next one goes on behind, so a work of thousands of editions costs
no more than one of three.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from catalogue.database import Database
from catalogue.search.conditions import seen_by
from catalogue.search.sqlengine import ready_view
from catalogue.search.store import ALONE
from catalogue.sql import table
from catalogue.tables import ClusterRow, DocumentRow, ItemRow, MasterRow, ShownRow
from crosswalks import stored
from crosswalks.model import Record
from crosswalks.text import storable

_documents, _shown, _clusters = table(DocumentRow).c, table(ShownRow).c, table(ClusterRow).c
_items, _masters = table(ItemRow).c, table(MasterRow).c
_BOTH = table(DocumentRow).join(table(ShownRow), _shown.id == _documents.id)


class Place(NamedTuple):
    """Where an edition stands in the order."""

    year: int
    """0 for none."""
    number: int
    """Of its document."""


class Edition(NamedTuple):
    """A publication among others of its work."""

    public_id: str
    title: str
    material: str
    language: str
    """As MARC codes it, or empty."""
    libraries: int
    """How many hold it."""
    record: Record
    """Its master."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """Some editions of a work."""

    first: str
    """The public id of the edition that is known the longest, by which the work is named."""
    total: int
    found: tuple[Edition, ...]
    last: Place | None
    """Where these end; None where nothing stands behind."""


def editions(
    database: Database, public_id: str, limit: int, after: Place | None = None, view: str = "public"
) -> Editions | None:
    """Return editions of the work that a record is of, itself among them.

    None where the view does not see the record. Raises ViewNotSearched for a view that is not
    indexed yet.
    """
    with database.reading() as connection:
        seen_in = ready_view(connection, view)
        of_work = _of_work(connection, public_id, seen_by(seen_in))
        if of_work is None:
            return None
        counted = select(func.count(), func.min(_shown.cluster_id)).select_from(_BOTH)
        total, first = connection.execute(counted.where(of_work)).one()
        rows = _rows(connection, of_work, limit + 1, after)
        shown = rows[:limit]
        # What is being indexed anew may have changed meanwhile.
        masters = _of_clusters(connection, [row.cluster_id for row in shown], seen_in)
        named = select(_clusters.public_id).where(_clusters.id == first)
        return Editions(
            first=connection.execute(named).scalar_one(),
            total=total,
            found=tuple(
                _edition(row, masters[row.cluster_id]) for row in shown if row.cluster_id in masters
            ),
            last=Place(shown[-1].year, shown[-1].id) if len(rows) > len(shown) else None,
        )


def _of_work(
    connection: Connection, public_id: str, seen: ColumnElement[bool]
) -> ColumnElement[bool] | None:
    """Return the condition that a document is of the same work as a record that is seen."""
    query = (
        select(_documents.id, _documents.work_id)
        .select_from(_BOTH.join(table(ClusterRow), _clusters.id == _shown.cluster_id))
        .where(_clusters.public_id == storable(public_id), seen)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    alone: ColumnElement[bool] = _documents.id == row.id
    return alone if row.work_id == ALONE else and_(_documents.work_id == row.work_id, seen)


def _rows(
    connection: Connection, of_work: ColumnElement[bool], limit: int, after: Place | None
) -> list[Any]:
    query = (
        select(
            *(_documents.id, _documents.year, _documents.material, _documents.language),
            *(_shown.title, _shown.libraries, _shown.cluster_id, _clusters.public_id),
        )
        .select_from(_BOTH.join(table(ClusterRow), _clusters.id == _shown.cluster_id))
        .where(of_work)
        .order_by(case((_documents.year == 0, 1), else_=0), _documents.year.desc(), _documents.id)
    )
    if after is not None:
        query = query.where(_behind(after))
    return list(connection.execute(query.limit(limit)))


def _behind(place: Place) -> ColumnElement[bool]:
    """Return the condition that an edition stands behind a place."""
    beside = and_(_documents.year == place.year, _documents.id > place.number)
    if not place.year:
        return beside
    return or_(beside, _documents.year < place.year)


def _of_clusters(connection: Connection, clusters: Collection[int], view: int) -> dict[int, Record]:
    """Return what a view sees of clusters, by their keys; a page's worth of them."""
    query = (
        select(_items.cluster_id, _masters.record)
        .join_from(
            table(ItemRow),
            table(MasterRow),
            and_(_masters.cluster_id == _items.cluster_id, _masters.hash == _items.hash),
        )
        .where(_items.view_id == view, _items.cluster_id.in_(clusters))
    )
    return {cluster: stored.from_json(record) for cluster, record in connection.execute(query)}


def _edition(row: Any, record: Record) -> Edition:
    return Edition(
        public_id=row.public_id,
        title=row.title,
        material=row.material,
        language=row.language,
        libraries=len(row.libraries.split()),
        record=record,
    )
