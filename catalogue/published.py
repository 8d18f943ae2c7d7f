"""What a view gives out, read in one snapshot: OAI-PMH, dumps and change lists stand on this.

A snapshot shows only what is stamped up to its horizon, the last second in which nothing can change
any more; so who asks again from that second on has missed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, and_, func, select, tuple_

from catalogue import clock
from catalogue.database import Database
from catalogue.model import Item, ItemQuery, SetInfo
from catalogue.sql import Query, table
from catalogue.tables import (
    ClusterRow,
    FormRow,
    ItemRow,
    ItemSetRow,
    LibraryRow,
    SetRow,
    ViewRow,
)

_items = table(ItemRow).c
_in_set = table(ItemSetRow).c
_forms = table(FormRow).c


@contextmanager
def snapshot(database: Database, view: str = "public") -> Iterator[Snapshot]:
    """Open a view for reading. Raises KeyError for an unknown view."""
    clock.tick(database)
    with database.reading() as connection:
        view_id = connection.execute(select(ViewRow.id).where(ViewRow.name == view)).scalar()
        if view_id is None:
            raise KeyError(view)
        yield Snapshot(connection, view_id)


class Snapshot:
    """A view at one moment."""

    def __init__(self, connection: Connection, view_id: int) -> None:
        self._connection = connection
        self._view = view_id
        self._clock = clock.read(connection)

    @property
    def horizon(self) -> int:
        """The responseDate, epoch seconds: all changes up to it are shown."""
        return self._clock.horizon

    def earliest(self) -> int:
        """Return a lower limit of all stamps, epoch seconds (OAI-PMH 2.0 s4.2)."""
        return min(self._clock.created, self.horizon)

    def page(self, query: ItemQuery) -> list[Item]:
        """Return the next items of a list, ordered by (stamp, key)."""
        rows = self._connection.execute(self._listed(query).limit(query.limit)).all()
        sets = self._sets_of([row.cluster_id for row in rows])
        return [_item(row, sets) for row in rows]

    def count(self, query: ItemQuery) -> int:
        """Return how many items the whole list has, whatever ``after`` and ``limit`` say."""
        stamp, where = self._where(query)
        return self._connection.execute(
            select(func.count()).select_from(stamp.table).where(*where)
        ).scalar_one()

    def item(self, public_id: str, prefix: str) -> Item | None:
        """Return one item in one form, or None if the view never held it."""
        rows = self._connection.execute(
            _columns(_items.stamp, _items.deleted, bodies=True)
            .select_from(_joined(prefix))
            .where(_items.view_id == self._view, ClusterRow.public_id == public_id)
        ).all()
        return _item(rows[0], self._sets_of([rows[0].cluster_id])) if rows else None

    def sets(self) -> list[SetInfo]:
        """Return the sets that hold, or held, anything, by spec."""
        shown = select(_in_set.set_id).where(_in_set.view_id == self._view)
        rows = self._connection.execute(
            select(SetRow.spec, SetRow.name, LibraryRow.name.label("library"))
            .outerjoin(LibraryRow, SetRow.spec == "library:" + LibraryRow.code)
            .where(SetRow.id.in_(shown))
            .order_by(SetRow.spec)
        )
        return [SetInfo(spec=row.spec, name=row.library or row.name) for row in rows]

    def has_set(self, spec: str) -> bool:
        """Tell whether this is a set of the view."""
        key = select(SetRow.id).where(SetRow.spec == spec).scalar_subquery()
        held = select(_in_set.set_id).where(_in_set.view_id == self._view, _in_set.set_id == key)
        return bool(self._connection.execute(select(held.exists())).scalar_one())

    def _listed(self, query: ItemQuery) -> Query:
        stamp, where = self._where(query)
        deleted = _items.deleted if stamp.table is _items.stamp.table else ~_in_set.present
        cluster = stamp.table.c.cluster_id
        if query.after is not None:
            where.append(tuple_(stamp, cluster) > tuple_(*query.after))
        source = _joined(query.prefix)
        if stamp.table is not _items.stamp.table:
            source = source.join(
                stamp.table,
                and_(_in_set.cluster_id == _items.cluster_id, _in_set.view_id == _items.view_id),
            )
        return (
            _columns(stamp, deleted, bodies=query.bodies)
            .select_from(source)
            .where(*where)
            .order_by(stamp, cluster)
        )

    def _where(self, query: ItemQuery) -> tuple[Any, list[Any]]:
        """Return the column that orders the list, and its conditions.

        Lists of a set go by the set's own rows: an item that left it is deleted there.
        """
        columns = _in_set if query.set_spec else _items
        where: list[Any] = [
            columns.view_id == self._view,
            columns.stamp <= min(query.end, self.horizon),
        ]
        if query.start is not None:
            where.append(columns.stamp >= query.start)
        if query.set_spec:
            key = select(SetRow.id).where(SetRow.spec == query.set_spec).scalar_subquery()
            where.append(_in_set.set_id == key)
        return columns.stamp, where

    def _sets_of(self, clusters: list[int]) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        rows = self._connection.execute(
            select(_in_set.cluster_id, SetRow.spec)
            .join(SetRow, SetRow.id == _in_set.set_id)
            .where(_in_set.view_id == self._view, _in_set.cluster_id.in_(clusters), _in_set.present)
            .order_by(SetRow.spec)
        )
        for cluster, spec in rows:
            found[cluster] = (*found.get(cluster, ()), spec)
        return found


def _joined(prefix: str) -> Any:
    form = and_(
        _forms.cluster_id == _items.cluster_id,
        _forms.hash == _items.hash,
        _forms.prefix == prefix,
    )
    clusters = table(ItemRow).join(table(ClusterRow), ClusterRow.id == _items.cluster_id)
    return clusters.outerjoin(table(FormRow), form)


def _columns(stamp: Any, deleted: Any, *, bodies: bool) -> Query:
    columns = [
        _items.cluster_id,
        ClusterRow.public_id,
        stamp.label("stamp"),
        deleted.label("deleted"),
    ]
    return select(*columns, _forms.body) if bodies else select(*columns)


def _item(row: Any, sets: dict[int, tuple[str, ...]]) -> Item:
    return Item(
        key=row.cluster_id,
        public_id=row.public_id,
        stamp=row.stamp,
        deleted=row.deleted,
        sets=sets.get(row.cluster_id, ()),
        body=b"" if row.deleted else getattr(row, "body", None) or b"",
    )
