"""What one library gets back, read in one snapshot: each record as its system can load it.

Records are made when asked for, of the master and of what the library sent. A record that is no
improvement any more is in no list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, literal, select, tuple_

from catalogue import crosswalks, libraries
from catalogue.clock import Clock
from catalogue.cluster.render import shows
from catalogue.database import Database
from catalogue.forms import ABOUT, KINDS, PIVOT_FORM, make_stored, undated
from catalogue.improved.tables import ImprovedRow
from catalogue.membership.model import Membership
from catalogue.merge.improved import give_back
from catalogue.model import HubIdentity, Item, ItemQuery, Sharing
from catalogue.moments import MomentWithoutSets
from catalogue.published import opened
from catalogue.sql import Query, table
from catalogue.tables import (
    FormRow,
    ItemRow,
    LibraryRow,
    MasterRow,
    RecordRow,
    ViewRow,
)
from crosswalks import stored
from crosswalks.formats import marcxml
from crosswalks.model import Record
from crosswalks.shelf import Shelf

PREFIXES = frozenset({PIVOT_FORM, "oai_dc"})
"""MARC 21 to load, and what OAI-PMH 2.0 s3.4 wants of everybody."""
_DUBLIN_CORE = next(kind for kind in KINDS if kind.prefix == "oai_dc")
_STEP = 200
_rows = table(ImprovedRow).c
_about = table(FormRow).alias("about_it")


@contextmanager
def snapshot(database: Database, code: str, view: str, hub: HubIdentity) -> Iterator[GivenBack]:
    """Open what a library gets back, as a view shows it. Raises NoSuchLibrary, KeyError."""

    def made(connection: Connection, view_id: int, at: Clock) -> GivenBack:
        key = libraries.key_of(connection, code)
        return GivenBack(connection, at, _Whose(view_id, key, hub))

    with opened(database, view, made) as shown:
        yield shown


def library_of(database: Database, code: str, view: Sharing) -> str | None:
    """Return the code of a library, by it or an alias; None where a view shows nothing of it."""
    with database.reading() as connection:
        key = libraries.find(connection, code)
        found = connection.execute(
            select(LibraryRow.code, LibraryRow.sharing_level).where(
                LibraryRow.id == key, LibraryRow.standing == Membership.MEMBER.value
            )
        ).one_or_none()
    if found is None or not shows(view, Sharing(found.sharing_level)):
        return None
    return str(found.code)


def members_view(database: Database) -> str:
    """Return the view of which members get something back: theirs, or the public's."""
    with database.reading() as connection:
        known = set(connection.scalars(select(ViewRow.name)))
    return next(each.value for each in (Sharing.MEMBERS, Sharing.PUBLIC) if each.value in known)


def count(database: Database, code: str, view: str, hub: HubIdentity) -> int:
    """Return how many records a library gets back. Raises NoSuchLibrary."""
    with snapshot(database, code, view, hub) as shown:
        return shown.count(ItemQuery(prefix=PIVOT_FORM, end=shown.horizon))


def records(database: Database, code: str, view: str, hub: HubIdentity) -> Iterator[Record]:
    """Yield what a library gets back, each page a short read. Raises NoSuchLibrary at once."""
    with snapshot(database, code, view, hub) as shown:
        query = ItemQuery(prefix=PIVOT_FORM, end=shown.horizon, limit=_STEP)
    return _all(database, (code, view, hub), query)


def _all(
    database: Database, whose: tuple[str, str, HubIdentity], query: ItemQuery
) -> Iterator[Record]:
    while True:
        with snapshot(database, *whose) as shown:
            found = shown.records(query)
        if not found:
            return
        yield from (record for _, record in found)
        query = replace(query, after=found[-1][0])


class _Whose(NamedTuple):
    """Who gets something back, as which view shows it, and from which hub."""

    view: int
    library: int
    hub: HubIdentity


class GivenBack(MomentWithoutSets):
    """What a library gets back at one moment."""

    def __init__(self, connection: Connection, at: Clock, whose: _Whose) -> None:
        super().__init__(connection, at)
        self._view, self._library, self._hub = whose

    @property
    def mark(self) -> None:
        """Return None: what a library sends changes what it gets back before anything is placed."""
        return

    def page(self, query: ItemQuery) -> list[Item]:
        """Return the next records, ordered by (stamp, key)."""
        return [self._item(row, query.prefix) for row in self._rows(query)]

    def records(self, query: ItemQuery) -> list[tuple[tuple[int, int], Record]]:
        """Return the next records as they can be loaded, each with its place in the list."""
        return [
            ((row.stamp, row.record_id), self._made(row))
            for row in self._rows(replace(query, bodies=True))
        ]

    def count(self, query: ItemQuery) -> int:
        """Return how many records the whole list has."""
        counted = select(func.count()).select_from(table(ImprovedRow)).where(*self._within(query))
        return self._connection.execute(counted).scalar_one()

    def item(self, public_id: str, prefix: str) -> Item | None:
        """Return one record by the hub's key of it; None where it is no improvement."""
        if not public_id.isdecimal() or len(public_id) > len(str(1 << 62)):
            return None
        row = self._connection.execute(
            _columns(bodies=True).where(
                _rows.view_id == self._view,
                _rows.library_id == self._library,
                _rows.record_id == int(public_id),
                _rows.stamp <= self.horizon,
            )
        ).one_or_none()
        return None if row is None else self._item(row, prefix)

    def friends(self) -> Sequence[str]:
        """Return nothing: whose records these are is known."""
        return ()

    def _rows(self, query: ItemQuery) -> Sequence[Any]:
        where = self._within(query)
        if query.after is not None:
            where.append(tuple_(_rows.stamp, _rows.record_id) > tuple_(*query.after))
        return self._connection.execute(
            _columns(bodies=query.bodies)
            .where(*where)
            .order_by(_rows.stamp, _rows.record_id)
            .limit(query.limit)
        ).all()

    def _within(self, query: ItemQuery) -> list[Any]:
        return [
            _rows.view_id == self._view,
            _rows.library_id == self._library,
            _rows.stamp >= (query.start or 0),
            _rows.stamp <= min(query.end, self.horizon),
        ]

    def _item(self, row: Any, prefix: str) -> Item:
        return Item(
            key=row.record_id,
            public_id=str(row.record_id),
            stamp=row.stamp,
            deleted=False,
            sets=(),
            body=self._body(row, prefix) if row.record else b"",
            about=row.about or b"",
        )

    def _made(self, row: Any) -> Record:
        return give_back(stored.from_json(row.record), stored.from_json(row.parsed), self._hub)

    def _body(self, row: Any, prefix: str) -> bytes:
        made = self._made(row)
        if prefix == PIVOT_FORM:
            return marcxml.write(made)
        return make_stored(undated(made), _DUBLIN_CORE, self._shelf)[0]

    @cached_property
    def _shelf(self) -> Shelf:
        return crosswalks.shelf_within(self._connection)


def _columns(*, bodies: bool) -> Query:
    columns: list[Any] = [_rows.record_id, _rows.stamp]
    if not bodies:
        columns += [literal(None).label("record"), literal(None).label("about")]
        return select(*columns)
    columns += [MasterRow.record, RecordRow.parsed, _about.c.body.label("about")]
    is_shown = (ItemRow.view_id == _rows.view_id) & (ItemRow.cluster_id == _rows.cluster_id)
    beside = (
        (_about.c.cluster_id == _rows.cluster_id)
        & (_about.c.hash == ItemRow.hash)
        & (_about.c.prefix == ABOUT)
    )
    return (
        select(*columns)
        .select_from(table(ImprovedRow))
        .join(table(ItemRow), is_shown)
        .join(
            table(MasterRow),
            (MasterRow.cluster_id == _rows.cluster_id) & (MasterRow.hash == ItemRow.hash),
        )
        .join(table(RecordRow), RecordRow.id == _rows.record_id)
        .outerjoin(_about, beside)
    )
