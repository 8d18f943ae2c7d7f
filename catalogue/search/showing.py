"""The lines of a page of hits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from catalogue.search.conditions import seen_by
from catalogue.search.model import Hit
from catalogue.search.store import ALONE
from catalogue.sql import Lookup, chunks, table
from catalogue.tables import ClusterRow, DocumentRow, ShownRow, ViewRow

_documents, _shown, _clusters = table(DocumentRow).c, table(ShownRow).c, table(ClusterRow).c


def hits(
    connection: Connection, numbers: Sequence[int], seen: ColumnElement[bool]
) -> tuple[Hit, ...]:
    """Return the lines of documents, in this order."""
    rows = {row.id: row for row in _rows(connection, numbers)}
    works = {row.work_id for row in rows.values()} - {ALONE}
    editions = {ALONE: 1} | _editions(connection, works, seen)
    return tuple(_hit(rows[each], editions[rows[each].work_id]) for each in numbers)


_PUBLIC_IDS = Lookup(
    select(_shown.id, _clusters.public_id).join_from(
        table(ShownRow), table(ClusterRow), _clusters.id == _shown.cluster_id
    ),
    _shown.id,
)


def public_ids(connection: Connection, numbers: Sequence[int]) -> tuple[str, ...]:
    """Return the public ids of documents, in this order."""
    found = dict(row for some in chunks(numbers) for row in _PUBLIC_IDS.tuples(connection, some))
    return tuple([found[each] for each in numbers])


def titles(connection: Connection, public_ids: Collection[str], view: str) -> dict[str, str]:
    """Return public id -> title, of those clusters that the view sees."""
    views = table(ViewRow).c
    found = connection.execute(select(views.id).where(views.name == view)).scalar()
    if found is None:
        return {}
    query = (
        select(_clusters.public_id, _shown.title)
        .join_from(table(ClusterRow), table(ShownRow), _shown.cluster_id == _clusters.id)
        .join(table(DocumentRow), _documents.id == _shown.id)
        .where(seen_by(found))
    )
    return {
        public_id: title
        for chunk in chunks(public_ids)
        for public_id, title in connection.execute(query.where(_clusters.public_id.in_(chunk)))
    }


def _rows(connection: Connection, numbers: Sequence[int]) -> list[Any]:
    query = (
        select(
            _documents.id,
            _documents.work_id,
            _documents.year,
            _documents.material,
            _shown.title,
            _shown.author,
            _shown.libraries,
            _clusters.public_id,
        )
        .join_from(table(DocumentRow), table(ShownRow), _shown.id == _documents.id)
        .join(table(ClusterRow), _clusters.id == _shown.cluster_id)
    )
    return [
        row
        for chunk in chunks(numbers)
        for row in connection.execute(query.where(_documents.id.in_(chunk)))
    ]


def _editions(connection: Connection, works: set[int], seen: ColumnElement[bool]) -> dict[int, int]:
    query = select(_documents.work_id, func.count()).where(seen).group_by(_documents.work_id)
    return {
        work: count
        for chunk in chunks(works)
        for work, count in connection.execute(query.where(_documents.work_id.in_(chunk)))
    }


def _hit(row: Any, editions: int) -> Hit:
    return Hit(
        public_id=row.public_id,
        title=row.title,
        author=row.author,
        year=str(row.year) if row.year else "",
        material=row.material,
        libraries=tuple(row.libraries.split()),
        editions=editions,
    )
