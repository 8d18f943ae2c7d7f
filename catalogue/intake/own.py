"""Deliveries as the library sees them that sends them: its own, and no other's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, union_all

from catalogue.database import Database
from catalogue.intake import rows
from catalogue.intake.errors import NoSuchDelivery
from catalogue.intake.model import Intake, State
from catalogue.intake.tables import IntakeRow
from catalogue.sql import table
from catalogue.tables import LibraryRow, SourceRow

_rows = table(IntakeRow)
_MOST_SOURCES = 100
"""Sources of files of one library whose deliveries are put together."""
_UNDECIDED = [state.value for state in State if state.is_open and state is not State.APPLYING]


def listing(
    database: Database, names: Sequence[str], *, limit: int, before: int | None = None
) -> list[Intake]:
    """Return the newest deliveries to these sources, without their reports."""
    with database.reading_primary() as connection:
        query = select(SourceRow.id).where(SourceRow.code.in_(names[:_MOST_SOURCES]))
        keys = list(connection.scalars(query))
        # Each along its own index: all deliveries of a large hub are not read for one library's.
        newest = [
            select(
                select(_rows.c.id)
                .where(_rows.c.source_id == key, *([_rows.c.id < before] if before else []))
                .order_by(_rows.c.id.desc())
                .limit(limit)
                .subquery()
                .c.id
            )
            for key in keys
        ]
        if not newest:
            return []
        together = union_all(*newest).subquery().c.id
        found = connection.scalars(select(together).order_by(together.desc()).limit(limit)).all()
    return rows.some(database, found)


def get(database: Database, library: str, number: int) -> Intake:
    """Return a delivery to a source of a library. Raises NoSuchDelivery, for another's as well."""
    found = rows.get(database, number)
    owner = (
        select(LibraryRow.code)
        .join(SourceRow, SourceRow.library_id == LibraryRow.id)
        .where(SourceRow.code == found.source)
    )
    with database.reading_primary() as connection:
        if connection.execute(owner).scalar() != library:
            raise NoSuchDelivery(number=number)
    return found


def waiting(database: Database, source: str) -> int:
    """Return how many deliveries to a source nobody has decided of yet."""
    query = (
        select(func.count())
        .select_from(_rows)
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
        .where(SourceRow.code == source, _rows.c.state.in_(_UNDECIDED))
    )
    with database.reading_primary() as connection:
        return int(connection.execute(query).scalar_one())


def last_applied(database: Database, source: str) -> Intake | None:
    """Return the delivery that was applied last to a source, or is being applied."""
    applied = (State.APPLIED.value, State.APPLYING.value)
    query = (
        select(_rows.c.id)
        .join(SourceRow, SourceRow.id == _rows.c.source_id)
        .where(SourceRow.code == source, _rows.c.state.in_(applied))
        .order_by(_rows.c.id.desc())
        .limit(1)
    )
    with database.reading_primary() as connection:
        found = connection.scalars(query).all()
    return next(iter(rows.some(database, found)), None)
