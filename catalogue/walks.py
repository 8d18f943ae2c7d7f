"""All that a view shows now, walked by cluster: dumps, resource lists and sitemaps stand on this.

A list by stamps loses what changes while it is read; a walk by cluster meets each item once,
however long it takes and however many snapshots it is read in. What changes behind it is stamped
later than the horizon it began with, so who asks from there on has missed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, literal_column, select, tuple_

from catalogue.database import Database
from catalogue.model import Item, ItemQuery
from catalogue.published import Snapshot, opened
from catalogue.sql import Lookup, Query, table
from catalogue.tables import ClusterRow, EventRow, FormRow, ItemRow, ItemSetRow, SetRow

DAY = 86_400
_items, _in_set = table(ItemRow).c, table(ItemSetRow).c
_forms, _events = table(FormRow).c, table(EventRow).c
_MADE = "made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Which live items of a view are wanted: those with keys above ``after``, by key."""

    after: int = 0
    upto: int | None = None
    """The last key that is wanted; None: there is no last one."""
    set_spec: str = ""
    prefix: str = ""
    """The stored form that is wanted with each; empty: none."""
    limit: int = 1000
    with_sets: bool = False


class Count(NamedTuple):
    """How many items there are of a day, or of a second."""

    at: int
    """Its beginning, epoch seconds."""
    items: int


@contextmanager
def walk(database: Database, view: str = "public") -> Iterator[Walk]:
    """Open a view for a step of a walk. Raises KeyError for an unknown view."""
    with opened(database, view, Walk) as shown:
        yield shown


class Walk(Snapshot):
    """A view at one moment, by cluster."""

    def live(self, stretch: Stretch) -> list[Item]:
        """Return the next live items; what changed in the last second is among them already."""
        shape = _Shape(bool(stretch.set_spec), bool(stretch.prefix), stretch.upto is not None)
        values = {
            "b_view": self._view,
            "b_after": stretch.after,
            "b_upto": stretch.upto,
            "b_set": stretch.set_spec,
            "b_prefix": stretch.prefix,
            "b_limit": stretch.limit,
        }
        rows = self._connection.execute(_live(shape), values).all()
        sets = self._sets_of([row.cluster_id for row in rows]) if stretch.with_sets else {}
        return [_item(row, sets.get(row.cluster_id, ())) for row in rows]

    def starts(self, width: int, set_spec: str = "") -> list[int]:
        """Return the numbers of those stretches, each ``width`` keys long, that hold live items.

        Stretch n has the keys above n * width, up to (n + 1) * width: the same for ever.
        """
        query = _starts(by_set=bool(set_spec))
        values = {"b_view": self._view, "b_set": set_spec, "b_width": width}
        return [int(each) for each in self._connection.scalars(query, values)]

    def changed(self, query: ItemQuery, *, with_sets: bool = False) -> list[Item]:
        """Return the next items of a list by stamps as ``page`` does, without what stands beside.

        Of all that is given out in one go, looking up sets and origins would be most of the work.
        """
        stamp, key = query.after or (query.start or 0, -1)
        values = {
            "b_view": self._view,
            "b_stamp": stamp,
            "b_key": key,
            "b_end": min(query.end, self.horizon),
            "b_set": query.set_spec,
            "b_prefix": query.prefix,
            "b_limit": query.limit,
        }
        rows = self._connection.execute(_changed(by_set=bool(query.set_spec)), values).all()
        sets = self._sets_of([row.cluster_id for row in rows]) if with_sets else {}
        return [_item(row, sets.get(row.cluster_id, ())) for row in rows]

    def newest(
        self, before: tuple[int, int] | None, limit: int, prefix: str, set_spec: str = ""
    ) -> list[Item]:
        """Return what changed last, deletions included: the latest first, those before a place."""
        stamp, key = before or (self.horizon + 1, 0)
        values = {
            "b_view": self._view,
            "b_stamp": stamp,
            "b_key": key,
            "b_set": set_spec,
            "b_prefix": prefix,
            "b_limit": limit,
        }
        rows = self._connection.execute(_newest(by_set=bool(set_spec)), values).all()
        return [_item(row, ()) for row in rows]

    def per_day(self, start: int, set_spec: str = "") -> list[Count]:
        """Return how many items there are of each day (UTC) from a moment on, by their stamps."""
        return self._counts(DAY, (start, self.horizon), set_spec)

    def per_second(self, start: int, end: int, set_spec: str = "") -> list[Count]:
        """Return how many items there are of each second, both ends included."""
        return self._counts(1, (start, min(end, self.horizon)), set_spec)

    def knows_set(self, spec: str) -> bool:
        """Tell whether this is a set of the view, one by a query that holds nothing yet too."""
        return self.has_set(spec) or any(spec == each.spec for each in self.sets())

    def made_at(self, keys: Sequence[int]) -> dict[int, int]:
        """Return when each of these clusters was made, epoch seconds, as far as that is known."""
        found = _MADE_AT.tuples(self._connection, keys, kind=_MADE) if keys else []
        return {int(key): int(stamp) for key, stamp in found}

    def _counts(self, unit: int, window: tuple[int, int], set_spec: str) -> list[Count]:
        columns = _in_set if set_spec else _items
        # As text: PostgreSQL would take two parameters for two expressions.
        at = columns.stamp if unit == 1 else columns.stamp // literal_column(str(unit))
        query = (
            select(at.label("at"), func.count())
            .where(columns.view_id == self._view, columns.stamp.between(*window))
            .group_by(at)
            .order_by(at)
        )
        if set_spec:
            query = query.where(columns.set_id == _key_of(set_spec))
        rows = self._connection.execute(query)
        return [Count(int(found) * unit, int(count)) for found, count in rows]


class _Shape(NamedTuple):
    """What statements differ in, beside their parameters."""

    by_set: bool
    bodies: bool
    bounded: bool


_MADE_AT = Lookup(
    select(_events.cluster_id, func.min(_events.stamp))
    .where(_events.kind == bindparam("kind"))
    .group_by(_events.cluster_id),
    _events.cluster_id,
)


def _key_of(spec: Any) -> Any:
    return select(SetRow.id).where(SetRow.spec == spec).scalar_subquery()


def _columns(stamp: Any, deleted: Any, *, bodies: bool) -> list[Any]:
    told = [_items.cluster_id, ClusterRow.public_id, stamp.label("stamp"), deleted.label("deleted")]
    return [*told, _forms.body] if bodies else told


def _joined(by_set: bool, bodies: bool) -> Any:  # noqa: FBT001 - a shape in two parts
    source = table(ItemRow).join(table(ClusterRow), ClusterRow.id == _items.cluster_id)
    if by_set:
        of_view = and_(_in_set.cluster_id == _items.cluster_id, _in_set.view_id == _items.view_id)
        source = source.join(table(ItemSetRow), of_view)
    if bodies:
        form = and_(
            _forms.cluster_id == _items.cluster_id,
            _forms.hash == _items.hash,
            _forms.prefix == bindparam("b_prefix"),
        )
        source = source.outerjoin(table(FormRow), form)
    return source


@lru_cache(maxsize=8)
def _live(shape: _Shape) -> Query:
    listed = _in_set if shape.by_set else _items
    key = listed.cluster_id
    query = (
        select(*_columns(_items.stamp, _items.deleted, bodies=shape.bodies))
        .select_from(_joined(shape.by_set, shape.bodies))
        .where(listed.view_id == bindparam("b_view"), key > bindparam("b_after"))
        .where(_in_set.present if shape.by_set else ~_items.deleted)
        .order_by(key)
        .limit(bindparam("b_limit"))
    )
    if shape.by_set:
        query = query.where(_in_set.set_id == _key_of(bindparam("b_set")))
    return query.where(key <= bindparam("b_upto")) if shape.bounded else query


@lru_cache(maxsize=2)
def _newest(*, by_set: bool) -> Query:
    listed = _in_set if by_set else _items
    stamp, key = listed.stamp, listed.cluster_id
    before = tuple_(bindparam("b_stamp", type_=Integer), bindparam("b_key", type_=Integer))
    query = (
        select(*_columns(stamp, ~_in_set.present if by_set else _items.deleted, bodies=True))
        .select_from(_joined(by_set, bodies=True))
        .where(listed.view_id == bindparam("b_view"), tuple_(stamp, key) < before)
        .order_by(stamp.desc(), key.desc())
        .limit(bindparam("b_limit"))
    )
    return query.where(_in_set.set_id == _key_of(bindparam("b_set"))) if by_set else query


@lru_cache(maxsize=2)
def _changed(*, by_set: bool) -> Query:
    listed = _in_set if by_set else _items
    stamp, key = listed.stamp, listed.cluster_id
    after = tuple_(bindparam("b_stamp", type_=Integer), bindparam("b_key", type_=Integer))
    query = (
        select(*_columns(stamp, ~_in_set.present if by_set else _items.deleted, bodies=True))
        .select_from(_joined(by_set, bodies=True))
        .where(listed.view_id == bindparam("b_view"), tuple_(stamp, key) > after)
        .where(stamp <= bindparam("b_end"))
        .order_by(stamp, key)
        .limit(bindparam("b_limit"))
    )
    return query.where(_in_set.set_id == _key_of(bindparam("b_set"))) if by_set else query


@lru_cache(maxsize=2)
def _starts(*, by_set: bool) -> Query:
    """Hop from stretch to stretch, each by its first live item: none is read through."""
    listed = _in_set if by_set else _items
    width = bindparam("b_width", type_=Integer)
    conditions = [listed.view_id == bindparam("b_view")]
    if by_set:
        conditions += [_in_set.set_id == _key_of(bindparam("b_set")), _in_set.present]
    else:
        conditions.append(~_items.deleted)

    def first(after: Any) -> Any:
        found = select(listed.cluster_id).where(*conditions, listed.cluster_id > after)
        return found.order_by(listed.cluster_id).limit(1).scalar_subquery()

    begun = select(((first(0) - 1) // width).label("number")).cte("stretches", recursive=True)
    hops = begun.union_all(
        select((first((begun.c.number + 1) * width) - 1) // width).where(
            begun.c.number.is_not(None)
        )
    )
    return select(hops.c.number).where(hops.c.number.is_not(None))


def _item(row: Any, sets: tuple[str, ...]) -> Item:
    key, public_id, stamp, deleted, *bodies = row
    body = bytes(bodies[0] or b"") if bodies and not deleted else b""
    return Item(
        key=key, public_id=public_id, stamp=stamp, deleted=bool(deleted), sets=sets, body=body
    )
