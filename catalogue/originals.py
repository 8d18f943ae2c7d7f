"""Members' records as they delivered them, given out to the public, and their own stamps.

Page transactions run side by side and must not wait for the hub clock, so whatever changes what is
given out of a record takes its stamp away, and a step of its own, under the clock, gives another:
``max(closed, now)``, as a placement's. Until then a record is in no list; then it is in the next.
Stamp 0 means that it never was given out. What was, stays for ever, as deleted if need be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, func, literal, or_, select, tuple_, update

from catalogue import clock, crosswalks, libraries, licences
from catalogue.database import Database
from catalogue.forms import KINDS, make_stored, undated
from catalogue.licences import Terms
from catalogue.membership.conditions import counts
from catalogue.membership.fields import limited, without
from catalogue.membership.hiding import NOTHING, Hidden, hidden
from catalogue.membership.model import Membership
from catalogue.model import Item, ItemQuery, Sharing
from catalogue.moments import MomentWithoutSets
from catalogue.origins import about, base_url, origin_of
from catalogue.raw import unpack
from catalogue.sql import table
from catalogue.tables import LibraryRow, RecordRow, SourceRow
from crosswalks import stored
from crosswalks.formats import marcxml, oai_dc
from crosswalks.formats.xml import standing_alone
from crosswalks.shelf import Shelf

STEP = 1000
"""Records stamped at a time: SQLite's other writers wait for as long."""
_MOST_STEPS = 50
_GIVEN = {marcxml.NAMESPACE: "marc21", oai_dc.NAMESPACE: "oai_dc"}
"""Namespaces of what is given out as it came -> prefix."""
_DUBLIN_CORE = next(kind for kind in KINDS if kind.prefix == "oai_dc")
_records, _sources = table(RecordRow).c, table(SourceRow).c
_SHARED = (LibraryRow.standing == Membership.MEMBER.value) & LibraryRow.sharing_level.in_(
    [Sharing.PUBLIC.value, Sharing.INTERNATIONAL.value]
)
_IS_GIVEN = counts() & _SHARED


class Given(NamedTuple):
    """A library whose records are given out, or were, and in which formats."""

    code: str
    name: str
    prefixes: frozenset[str]
    """``oai_dc`` always; ``marc21`` where it is delivered."""


def stamp(database: Database) -> None:
    """Give stamps to the records that wait for one: in steps, and of very many not all at once."""
    for _ in range(_MOST_STEPS):
        with database.reading_primary() as connection:
            if not _waiting(connection, 1):
                return
        database.writing(_stamp_some)


def _waiting(connection: Connection, limit: int, *, lock: bool = False) -> list[int]:
    query = select(_records.id).where(_records.stamp.is_(None)).order_by(_records.id).limit(limit)
    # Who changes one of them now takes its stamp away again, and is not waited for.
    query = query.with_for_update(skip_locked=True) if lock else query
    return list(connection.scalars(query))


def _stamp_some(connection: Connection) -> None:
    now = clock.read(connection, lock=True)
    found = _waiting(connection, STEP, lock=True)
    if not found:
        return
    moment = max(now.closed, clock.wall_clock())
    shared = (
        select(_IS_GIVEN)
        .select_from(table(SourceRow))
        .join(LibraryRow, LibraryRow.id == _sources.library_id)
        .where(_sources.id == _records.source_id)
        .correlate(table(RecordRow))
        .scalar_subquery()
    )
    told = or_(_records.listed, shared)
    connection.execute(
        update(table(RecordRow))
        .where(_records.id.in_(found))
        .values(listed=told, stamp=case((told, moment), else_=0))
    )
    clock.close(connection, moment)


def given(database: Database, code: str) -> Given | None:
    """Return a library by code or alias; None where nothing of it is given out, or ever was."""
    with database.reading() as connection:
        key = libraries.find(connection, code)
        row = connection.execute(
            select(LibraryRow.code, LibraryRow.name, _SHARED.label("shared")).where(
                LibraryRow.id == key
            )
        ).one_or_none()
        if row is None:
            return None
        last = [_last_format(connection, source) for source in _sources_of(connection, key)]
    if not row.shared and not any(last):
        return None
    prefixes = {_GIVEN.get(form, "oai_dc") for form in last}
    return Given(row.code, row.name or row.code, frozenset({*prefixes, "oai_dc"}))


def _sources_of(connection: Connection, library: int) -> list[int]:
    """Return a library's sources that are harvested by OAI-PMH: only these gave identifiers."""
    rows = connection.execute(
        select(_sources.id, _sources.settings)
        .where(_sources.library_id == library)
        .order_by(_sources.id)
    )
    return [row.id for row in rows if base_url(row.settings)]


def _last_format(connection: Connection, source: int) -> str:
    query = (
        select(_records.format)
        .where(_records.source_id == source, _records.stamp > 0)
        .order_by(_records.stamp.desc(), _records.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or ""


@contextmanager
def snapshot(database: Database, code: str) -> Iterator[Originals]:
    """Open a library's records for reading. Raises NoSuchLibrary."""
    stamp(database)
    clock.tick(database)
    with database.reading() as connection:
        yield Originals(connection, libraries.key_of(connection, code))


class Originals(MomentWithoutSets):
    """A library's records at one moment."""

    def __init__(self, connection: Connection, library: int) -> None:
        super().__init__(connection, clock.read(connection))
        self._sources = _sources_of(connection, library)

    def page(self, query: ItemQuery) -> list[Item]:
        """Return the next records, ordered by (stamp, key), live ones not in this format deleted.

        One that came in another format before would else be missed by who only takes this one.
        """
        # Source by source: each is in order by its index, all together are not.
        found = [row for source in self._sources for row in self._rows(source, query)]
        found.sort(key=lambda row: (row.stamp, row.id))
        making = self._making(found[: query.limit])
        return [_item(row, query.prefix, query.bodies, making) for row in found[: query.limit]]

    def count(self, query: ItemQuery) -> int:
        """Return how many records the whole list has."""
        where = [_records.source_id.in_(self._sources), *self._within(query)]
        counted = select(func.count()).select_from(table(RecordRow)).where(*where)
        return self._connection.execute(counted).scalar_one()

    def item(self, public_id: str, prefix: str) -> Item | None:
        """Return the record of this identifier, a live one before a deleted one; None if none."""
        rows = self._connection.execute(
            _columns(bodies=True).where(
                _records.source_id.in_(self._sources),
                _records.identifier == public_id,
                _records.stamp > 0,
                _records.stamp <= self.horizon,
            )
        ).all()
        making = self._making(rows)
        found = [_item(row, prefix, True, making) for row in rows]
        return min(found, key=lambda each: (each.deleted, each.key), default=None)

    def _making(self, rows: Sequence[Any]) -> _Making:
        shelf = crosswalks.shelf_within(self._connection)
        return _Making(shelf, hidden(self._connection, [row.id for row in rows]))

    def friends(self) -> Sequence[str]:
        """Return the base URL that the records are from."""
        rows = self._connection.execute(
            select(_sources.settings).where(_sources.id.in_(self._sources))
        )
        return sorted({base_url(row.settings) for row in rows})

    def _rows(self, source: int, query: ItemQuery) -> Sequence[Any]:
        where = [_records.source_id == source, *self._within(query)]
        if query.after is not None:
            # The first part is implied by the second; only by it SQLite goes into the index there.
            where += [
                _records.stamp >= query.after[0],
                tuple_(_records.stamp, _records.id) > tuple_(*query.after),
            ]
        return self._connection.execute(
            _columns(bodies=query.bodies)
            .where(*where)
            .order_by(_records.stamp, _records.id)
            .limit(query.limit)
        ).all()

    def _within(self, query: ItemQuery) -> list[Any]:
        first = 1 if query.start is None else max(query.start, 1)
        return [_records.stamp >= first, _records.stamp <= min(query.end, self.horizon)]


def _columns(*, bodies: bool) -> Any:
    columns: list[Any] = [
        _records.id,
        _records.identifier,
        _records.stamp,
        _records.format,
        _records.datestamp,
        _records.arrived,
        _IS_GIVEN.label("given"),
        _sources.settings,
        *(LibraryRow.code, LibraryRow.fields, LibraryRow.licence, LibraryRow.rights),
    ]
    columns += [_records.raw, _records.parsed] if bodies else [literal(None).label("raw")]
    return (
        select(*columns)
        .select_from(table(RecordRow))
        .join(table(SourceRow), _sources.id == _records.source_id)
        .join(LibraryRow, LibraryRow.id == _sources.library_id)
    )


class _Making(NamedTuple):
    """What records are given out by."""

    shelf: Shelf
    hidden: Mapping[int, Hidden]


def _item(row: Any, prefix: str, bodies: bool, making: _Making) -> Item:  # noqa: FBT001 - a query's
    as_came = _GIVEN.get(row.format) == prefix
    covered = making.hidden.get(row.id, NOTHING)
    live = row.given and not covered.whole and (as_came or prefix == "oai_dc")
    body, altered = b"", False
    if live and bodies:
        body, altered = _body(row, making.shelf, covered, as_came=as_came)
    return Item(
        key=row.id,
        public_id=row.identifier,
        stamp=row.stamp,
        deleted=not live,
        sets=(),
        body=body,
        about=_beside(row, altered=altered) if body else b"",
    )


def _beside(row: Any, *, altered: bool) -> bytes:
    """Return the <about> of a record: where it is from, and its library's terms."""
    origin = origin_of(row.identifier, row.datestamp, row.format, row.arrived, row.settings)
    terms = Terms(row.code, row.licence, row.rights)
    return about([origin], altered=altered) + licences.about([terms])


def _body(row: Any, shelf: Shelf, covered: Hidden, *, as_came: bool) -> tuple[bytes, bool]:
    """Return a record's bytes as they came, or made anew; and whether it is the latter."""
    whole = not (row.fields or covered.fields)
    if as_came and whole and (found := standing_alone(unpack(row.raw))):
        return found, False
    record = limited(without(stored.from_json(row.parsed), covered.fields), row.fields)
    if as_came and row.format == marcxml.NAMESPACE:
        return marcxml.write(record), True
    return make_stored(undated(record), _DUBLIN_CORE, shelf)[0], True
