"""What a view gives out, read in one snapshot: OAI-PMH, dumps and change lists stand on this.

A snapshot shows only what is stamped up to its horizon, the last second in which nothing can change
any more; so who asks again from that second on has missed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from catalogue import asked, clock
from catalogue.asked import Content, MadeNow
from catalogue.clock import Clock
from catalogue.cluster.render import shows
from catalogue.database import Database
from catalogue.forms import ABOUT, made_when_asked
from catalogue.members import kinds
from catalogue.model import Item, ItemQuery, SetInfo, Sharing
from catalogue.moments import Moment
from catalogue.origins import base_url
from catalogue.sql import Lookup, Query, table
from catalogue.tables import (
    ClusterRow,
    FormRow,
    ItemRow,
    ItemSetRow,
    LibraryRow,
    QuerySetRow,
    SetRow,
    SourceRow,
    ViewRow,
)

S = TypeVar("S")
_items = table(ItemRow).c
_in_set = table(ItemSetRow).c
_forms = table(FormRow).c
_only = table(ItemSetRow).alias("only_in")
_about = table(FormRow).alias("about_it")


# One statement for what every answer begins with.
_OPENING = select(
    *clock.COLUMNS,
    select(ViewRow.id).where(ViewRow.name == bindparam("b_name")).scalar_subquery().label("view"),
)


@contextmanager
def snapshot(database: Database, view: str = "public") -> Iterator[Snapshot]:
    """Open a view for reading. Raises KeyError for an unknown view."""
    with opened(database, view, Snapshot) as shown:
        yield shown
    asked.keep(database, shown.made)


@contextmanager
def opened(
    database: Database, view: str, kind: Callable[[Connection, int, Clock], S]
) -> Iterator[S]:
    """Open a view for reading in a way of one's own. Raises KeyError for an unknown view."""
    for was_due in (False, True):
        with database.reading() as connection:
            *now, view_id = connection.execute(_OPENING, {"b_name": view}).one()
            if view_id is None:
                raise KeyError(view)
            at = Clock(**dict(zip(Clock.__slots__, now, strict=True)))
            if was_due or not at.is_due:
                yield kind(connection, view_id, at)
                return
        clock.tick(database)


class Snapshot(Moment):
    """A view at one moment."""

    def __init__(self, connection: Connection, view_id: int, at: Clock) -> None:
        super().__init__(connection, at)
        self._view = view_id
        self.made: list[MadeNow] = []
        """Forms that were asked for and are not stored yet."""

    def page(self, query: ItemQuery) -> list[Item]:
        """Return the next items of a list, ordered by (stamp, key)."""
        rows = self._connection.execute(_listed(_shape(query)), self._values(query)).all()
        sets = self._sets_of([row.cluster_id for row in rows])
        made = self._made_now(rows, query.prefix) if query.bodies else {}
        return [_item(row, sets, made) for row in rows]

    def count(self, query: ItemQuery) -> int:
        """Return how many items the whole list has, whatever ``after`` and ``limit`` say."""
        counted = _counted(_shape(query))
        return int(self._connection.execute(counted, self._values(query)).scalar_one())

    def item(self, public_id: str, prefix: str) -> Item | None:
        """Return one item in one form, or None if the view never held it."""
        rows = self._connection.execute(
            _columns(_items.stamp, _items.deleted, bodies=True)
            .select_from(_joined())
            .where(_items.view_id == self._view, ClusterRow.public_id == public_id),
            {"b_prefix": prefix},
        ).all()
        if not rows:
            return None
        sets = self._sets_of([rows[0].cluster_id])
        return _item(rows[0], sets, self._made_now(rows, prefix))

    def sets(self) -> list[SetInfo]:
        """Return the sets that hold, or held, anything, and those by query, by spec."""
        shown = select(_in_set.set_id).where(_in_set.view_id == self._view)
        named = select(QuerySetRow.set_id).where(~QuerySetRow.removed)
        rows = self._connection.execute(
            select(
                SetRow.spec,
                func.coalesce(func.nullif(LibraryRow.name, ""), SetRow.name).label("name"),
                *(LibraryRow.kind, LibraryRow.region, QuerySetRow.description),
            )
            .outerjoin(LibraryRow, SetRow.spec == "library:" + LibraryRow.code)
            .outerjoin(QuerySetRow, QuerySetRow.set_id == SetRow.id)
            .where(SetRow.id.in_(shown) | SetRow.id.in_(named))
            .order_by(SetRow.spec)
        )
        return [_set(row) for row in rows]

    def friends(self) -> list[str]:
        """Return the base URLs of the members whose records the view may show, as harvested."""
        audience = select(ViewRow.audience).where(ViewRow.id == self._view)
        view = Sharing(self._connection.execute(audience).scalar_one())
        rows = self._connection.execute(
            select(SourceRow.settings, LibraryRow.sharing_level).join(
                LibraryRow, LibraryRow.id == SourceRow.library_id
            )
        )
        shown = {base_url(row.settings) for row in rows if shows(view, Sharing(row.sharing_level))}
        return sorted(shown - {""})

    def has_set(self, spec: str) -> bool:
        """Tell whether this is a set of the view."""
        held = select(_in_set.set_id).where(
            _in_set.view_id == self._view, _in_set.set_id == _key_of(spec)
        )
        return bool(self._connection.execute(select(held.exists())).scalar_one())

    def _made_now(self, rows: Sequence[Any], prefix: str) -> dict[Content, bytes]:
        """Return the forms of this kind that are made when asked for, and were not until now."""
        kind = made_when_asked(prefix)
        missing = [
            (row.cluster_id, row.hash) for row in rows if not row.deleted and row.body is None
        ]
        if kind is None or not missing:
            return {}
        made = asked.make_now(self._connection, missing, kind)
        self.made += made
        return {each.content: each.body for each in made}

    def _values(self, query: ItemQuery) -> dict[str, Any]:
        """Return what the parameters of a statement are for a list."""
        stamp, key = query.after or (0, 0)
        return {
            "b_view": self._view,
            "b_end": min(query.end, self.horizon),
            "b_start": query.start,
            "b_set": query.set_spec or query.only,
            "b_only": query.only,
            "b_prefix": query.prefix,
            "b_stamp": stamp,
            "b_key": key,
            "b_limit": query.limit,
        }

    def _sets_of(self, clusters: list[int]) -> dict[int, tuple[str, ...]]:
        held = dict(_HELD.tuples(self._connection, clusters, view=self._view))
        # Most items of a page are in the same few combinations of sets.
        combined = {told: [int(key) for key in told.split(",")] for told in set(held.values())}
        specs = self._specs(combined.values())
        named = {
            told: tuple(sorted([specs[key] for key in keys])) for told, keys in combined.items()
        }
        return {cluster: named[told] for cluster, told in held.items()}

    def _specs(self, held: Iterable[list[int]]) -> dict[int, str]:
        """Return what these sets are called in requests."""
        keys = {key for each in held for key in each}
        return dict(_SPECS.tuples(self._connection, sorted(keys))) if keys else {}


def _set(row: Any) -> SetInfo:
    is_library = row.kind is not None
    about = (kinds.label(row.kind), row.region) if is_library else (row.description,)
    return SetInfo(spec=row.spec, name=row.name, about=tuple(filter(None, about)))


_COMMA: Any = literal_column("','")
"""A parameter would have no place among those of ``Lookup``."""
_HELD = Lookup(
    # Put together by the engine: an item is in ten sets, and each would be a row made for Python.
    select(
        _in_set.cluster_id,
        func.aggregate_strings(cast(_in_set.set_id, Text), _COMMA),
    )
    .where(_in_set.view_id == bindparam("view"), _in_set.present)
    .group_by(_in_set.cluster_id),
    _in_set.cluster_id,
)
_SPECS = Lookup(select(SetRow.id, SetRow.spec), table(SetRow).c.id)


def _key_of(spec: str | BindParameter[str]) -> ColumnElement[int]:
    return select(SetRow.id).where(SetRow.spec == spec).scalar_subquery()


class _Shape(NamedTuple):
    """What statements for lists differ in, beside their parameters."""

    by_set: bool
    """Lists of a set go by the set's own rows: an item that left it is deleted there. So do those
    of a form that only some items have.
    """
    narrowed: bool
    """A list of a set, of a form that only items of another set have."""
    from_start: bool
    goes_on: bool
    bodies: bool


def _shape(query: ItemQuery) -> _Shape:
    return _Shape(
        by_set=bool(query.set_spec or query.only),
        narrowed=bool(query.set_spec and query.only),
        from_start=query.start is not None,
        goes_on=query.after is not None,
        bodies=query.bodies,
    )


# Made once for each shape: to make one takes longer than to carry it out.
@lru_cache(maxsize=32)
def _listed(shape: _Shape) -> Query:
    columns = _in_set if shape.by_set else _items
    stamp, cluster = columns.stamp, columns.cluster_id
    deleted = ~_in_set.present if shape.by_set else _items.deleted
    if shape.narrowed:
        deleted = or_(deleted, ~_only.c.present)
    where = _where(shape)
    if shape.goes_on:
        after = tuple_(bindparam("b_stamp", type_=Integer), bindparam("b_key", type_=Integer))
        where.append(tuple_(stamp, cluster) > after)
    source = _joined()
    if shape.by_set:
        source = source.join(
            stamp.table,
            and_(_in_set.cluster_id == _items.cluster_id, _in_set.view_id == _items.view_id),
        )
    return (
        _columns(stamp, deleted, bodies=shape.bodies)
        .select_from(_within(source, shape))
        .where(*where)
        .order_by(stamp, cluster)
        .limit(bindparam("b_limit"))
    )


@lru_cache(maxsize=32)
def _counted(shape: _Shape) -> Query:
    listed = table(ItemSetRow if shape.by_set else ItemRow)
    return select(func.count()).select_from(_within(listed, shape)).where(*_where(shape))


def _where(shape: _Shape) -> list[Any]:
    columns = _in_set if shape.by_set else _items
    where: list[Any] = [
        columns.view_id == bindparam("b_view"),
        columns.stamp <= bindparam("b_end"),
    ]
    if shape.from_start:
        where.append(columns.stamp >= bindparam("b_start"))
    if shape.by_set:
        where.append(_in_set.set_id == _key_of(bindparam("b_set")))
    return where


def _within(source: Any, shape: _Shape) -> Any:
    """Return tables narrowed to those items that have the form wanted, or had it."""
    if not shape.narrowed:
        return source
    here = and_(
        _only.c.view_id == _in_set.view_id,
        _only.c.cluster_id == _in_set.cluster_id,
        _only.c.set_id == _key_of(bindparam("b_only")),
    )
    return source.join(_only, here)


def _joined() -> Any:
    form = and_(
        _forms.cluster_id == _items.cluster_id,
        _forms.hash == _items.hash,
        _forms.prefix == bindparam("b_prefix"),
    )
    beside = and_(
        _about.c.cluster_id == _items.cluster_id,
        _about.c.hash == _items.hash,
        _about.c.prefix == ABOUT,
    )
    clusters = table(ItemRow).join(table(ClusterRow), ClusterRow.id == _items.cluster_id)
    return clusters.outerjoin(table(FormRow), form).outerjoin(_about, beside)


def _columns(stamp: Any, deleted: Any, *, bodies: bool) -> Query:
    columns: list[Any] = [
        _items.cluster_id,
        ClusterRow.public_id,
        _items.hash,
        stamp.label("stamp"),
        deleted.label("deleted"),
    ]
    if bodies:
        columns += [_forms.body, _about.c.body.label("about")]
    return select(*columns)


def _item(
    row: Sequence[Any], sets: dict[int, tuple[str, ...]], made: Mapping[Content, bytes]
) -> Item:
    cluster, public_id, content, stamp, deleted, *told = row
    body, about = told or (None, None)
    if deleted:
        body = about = None
    return Item(
        key=cluster,
        public_id=public_id,
        stamp=stamp,
        deleted=deleted,
        sets=sets.get(cluster, ()),
        body=body or (b"" if deleted else made.get((cluster, content), b"")),
        about=about or b"",
    )
