"""What the public is told in figures: counted now and then in the background, and read at once.

Only what the public view shows is counted: nothing of what a library shares less widely, or of one
that is suspended or has left, is in a figure. In each region and type a publication counts once.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal_column, select

from catalogue import clock
from catalogue.cluster.render import shows
from catalogue.cluster.sets import LIBRARY, REGION, TYPE
from catalogue.database import Database
from catalogue.membership.conditions import is_connected
from catalogue.membership.hiding import Kind
from catalogue.membership.model import Membership
from catalogue.membership.tables import SuppressedRecordRow, SuppressionRow
from catalogue.model import Library, Sharing
from catalogue.public_tables import PublicFigureRow, PublicSizeRow
from catalogue.rows import upsert_many
from catalogue.sql import Query, table, upsert
from catalogue.tables import (
    ItemRow,
    ItemSetRow,
    LibraryRow,
    MemberRow,
    RecordRow,
    SetRow,
    SourceRow,
    ViewRow,
    WorkMemberRow,
)

EVERY_SECONDS = 600
"""It is not counted more often than that."""
_SHARE = 100
"""Nor for more than one part in so many of the time."""
_MILLISECONDS = 1000
_VIEW = Sharing.PUBLIC
_SHARED = tuple(each.value for each in Sharing if shows(_VIEW, each))
"""How far a library shares whose records the public sees."""
_days, _sizes = table(PublicFigureRow).c, table(PublicSizeRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDay:
    """What the public saw when it was last counted on a day."""

    day: str
    """ISO 8601, UTC."""
    at: int
    """When it was counted, epoch seconds."""
    libraries: int
    """Members that share with the public."""
    records: int
    """Records of these libraries that the publications are made of."""
    publications: int
    works: int
    holdings: int
    """How many publications each library has, added up."""
    shared: int
    """Publications that several libraries have."""


def is_shown(library: Library) -> bool:
    """Tell whether the public is told of a library: a member that shares with the public.

    One that was taken over is told of as its successor.
    """
    is_member = library.standing is Membership.MEMBER and not library.successor
    return is_member and shows(_VIEW, library.sharing)


def count_if_due(database: Database) -> bool:
    """Count, if something has changed since it was counted, not too lately; tell whether it was."""
    now = clock.wall_clock()
    with database.reading_primary() as connection:
        last = connection.execute(
            select(_days.day, _days.at, _days.took, _days.turn).order_by(_days.day.desc()).limit(1)
        ).first()
        turn = clock.read(connection).turn
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    if last is not None and last.day == today and _is_fresh(last, now, turn):
        return False
    began = time.monotonic()
    # Not from a replica: it would break off what takes long.
    with database.reading_primary() as connection:
        sizes = _sizes_of_sets(connection)
        counted = _counted(connection, sizes)
    took = round((time.monotonic() - began) * _MILLISECONDS)
    row = counted | {"day": today, "at": now, "took": took, "turn": turn}
    rows = [{"spec": spec, "publications": size} for spec, size in sizes.items()]

    def work(writing: Connection) -> None:
        upsert(writing, PublicFigureRow, [row])
        writing.execute(delete(_sizes))
        # Another worker may have counted meanwhile.
        upsert_many(writing, PublicSizeRow, rows)

    database.writing(work)
    return True


def days(database: Database, most: int) -> list[PublicDay]:
    """Return the latest days, the oldest of them first."""
    query = select(*(_days[name] for name in _NAMES)).order_by(_days.day.desc()).limit(most)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [PublicDay(**row._mapping) for row in reversed(rows)]


def sizes(database: Database) -> Mapping[str, int]:
    """Return how many publications the sets of libraries, regions and types had, by setSpec."""
    with database.reading() as connection:
        found = connection.execute(select(_sizes.c.spec, _sizes.c.publications))
        return {row.spec: row.publications for row in found}


_NAMES = tuple(PublicDay.__dataclass_fields__)


def _is_fresh(last: Any, now: int, turn: int) -> bool:
    rest = max(EVERY_SECONDS, last.took * _SHARE // _MILLISECONDS)
    return bool(turn == last.turn or 0 <= now - last.at < rest)


def _counted(connection: Connection, sizes: Mapping[str, int]) -> dict[str, int]:
    codes = [*connection.scalars(select(LibraryRow.code).where(_is_told_of()))]
    item = select(func.count()).select_from(ItemRow).where(_is_live())
    work = func.coalesce(WorkMemberRow.work_id, ItemRow.cluster_id)
    works = (
        select(func.count(work.distinct()))
        .select_from(ItemRow)
        .outerjoin(WorkMemberRow, WorkMemberRow.cluster_id == ItemRow.cluster_id)
        .where(_is_live())
    )
    return {
        "libraries": len(codes),
        "records": _one(connection, _records()),
        "publications": _one(connection, item),
        "works": _one(connection, works),
        "holdings": sum(sizes.get(f"{LIBRARY}:{code}", 0) for code in codes),
        "shared": _shared(connection, codes),
    }


def _one(connection: Connection, query: Query) -> int:
    return int(connection.execute(query).scalar_one())


def _view() -> Query:
    return select(ViewRow.id).where(ViewRow.name == _VIEW.value)


def _is_live() -> ColumnElement[bool]:
    return (ItemRow.view_id == _view().scalar_subquery()) & ItemRow.deleted.is_(False)


def _is_told_of() -> ColumnElement[bool]:
    """Return what ``is_shown`` tells, as a condition."""
    member: ColumnElement[str] = literal_column(f"'{Membership.MEMBER.value}'")
    return and_(
        LibraryRow.standing == member,
        LibraryRow.successor_id.is_(None),
        LibraryRow.sharing_level.in_(_SHARED),
    )


def _records() -> Query:
    """Count the records behind live items: those shared as widely, less those that are hidden."""
    hidden = (
        select(SuppressedRecordRow.record_id)
        .join(SuppressionRow, SuppressionRow.id == SuppressedRecordRow.suppression_id)
        .where(SuppressionRow.lifted_at.is_(None), SuppressionRow.kind != Kind.FIELD.value)
    )
    return (
        select(func.count())
        .select_from(ItemRow)
        .join(MemberRow, MemberRow.cluster_id == ItemRow.cluster_id)
        .join(RecordRow, RecordRow.id == MemberRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(_is_live(), is_connected(), LibraryRow.sharing_level.in_(_SHARED))
        .where(RecordRow.id.not_in(hidden))
    )


def _present(named: Collection[int]) -> Query:
    return select(ItemSetRow.cluster_id).where(
        ItemSetRow.view_id == _view().scalar_subquery(),
        ItemSetRow.set_id.in_(named),
        ItemSetRow.present.is_(True),
    )


def _sizes_of_sets(connection: Connection) -> dict[str, int]:
    """Count what is in each set of a library, a region or a type, their roots left out."""
    library, region, kind = (SetRow.spec.startswith(f"{root}:") for root in (LIBRARY, REGION, TYPE))
    specs = connection.execute(select(SetRow.id, SetRow.spec).where(library | region | kind))
    named = {row.id: row.spec for row in specs}
    query = (
        _present([*named])
        .with_only_columns(ItemSetRow.set_id, func.count().label("size"))
        .group_by(ItemSetRow.set_id)
    )
    return {named[row.set_id]: row.size for row in connection.execute(query)}


def _shared(connection: Connection, codes: Collection[str]) -> int:
    """Count the live items that are in the sets of several of these libraries."""
    specs = [f"{LIBRARY}:{code}" for code in codes]
    # By their keys: joined by its spec, a set is looked for anew for each item.
    named = [*connection.scalars(select(SetRow.id).where(SetRow.spec.in_(specs)))]
    several = _present(named).group_by(ItemSetRow.cluster_id).having(func.count() > 1)
    return _one(connection, select(func.count()).select_from(several.subquery()))
