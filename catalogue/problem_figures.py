"""How many problems there are, of which kind, in which source.

Where there are few they are counted when somebody asks; where there are millions, now and then in
the background, and told with the moment when.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, literal_column, select

from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.problem_lists import Filter
from catalogue.problem_tables import ProblemFigureRow
from catalogue.rows import insert_many
from catalogue.sql import Query, table
from catalogue.tables import LibraryRow, ProblemRow, SourceRow

FEW = 20_000
"""Problems that are counted at once."""
EVERY_SECONDS = 600
SOURCES = 20
"""Sources that are told of one kind."""
_figures, _problems = table(ProblemFigureRow), table(ProblemRow)
_KIND = (_problems.c.source_id, _problems.c.code, _problems.c.severity)


class Kind(NamedTuple):
    """How often a problem was found, and in how many sources."""

    code: str
    severity: str
    times: int
    sources: int


class OfSource(NamedTuple):
    """How often a problem was found in the records of a source."""

    source: str
    library: str
    """Its code."""
    times: int


class Figures(NamedTuple):
    """How many problems there are, and when they were counted: None for this very moment."""

    kinds: tuple[Kind, ...]
    """The most frequent first."""
    of_sources: tuple[OfSource, ...] = ()
    """Of the one kind that is asked for, the sources that have it most."""
    at: int | None = None
    """Epoch seconds."""
    is_counted: bool = True
    """False where there are so many that a worker has to count them first."""


def figures(database: Database, wanted: Filter) -> Figures:
    """Return how many problems there are, by kind; the run that is asked for does not count."""
    with database.reading() as connection:
        if not _are_many(connection):
            return Figures(*_told(connection, _counted().subquery().c, wanted))
        last = connection.execute(select(func.max(_figures.c.at))).scalar()
        told = _told(connection, _figures.c, wanted)
        return Figures(*told, at=last, is_counted=last is not None)


def names(database: Database, limit: int) -> tuple[list[str], list[str]]:
    """Return the first sources and the first libraries that have some, by their codes."""
    libraries = select(LibraryRow.code).where(LibraryRow.id.in_(select(SourceRow.library_id)))
    with database.reading() as connection:
        sources = connection.scalars(select(SourceRow.code).order_by(SourceRow.id).limit(limit))
        found = connection.scalars(libraries.order_by(LibraryRow.id).limit(limit))
        return sorted(sources), sorted(found)


def count_if_due(database: Database) -> bool:
    """Count in the background what is too much to be counted when asked; tell whether it was."""
    now = wall_clock()
    with database.reading() as connection:
        last = connection.execute(select(func.max(_figures.c.at))).scalar()
        if (last is not None and 0 <= now - last < EVERY_SECONDS) or not _are_many(connection):
            return False
        rows = [dict(row._mapping) | {"at": now} for row in connection.execute(_counted())]

    def work(writing: Connection) -> None:
        writing.execute(delete(_figures))
        insert_many(writing, ProblemFigureRow, rows)

    database.writing(work)
    return True


def _are_many(connection: Connection) -> bool:
    some = select(literal_column("1")).select_from(_problems).limit(FEW + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() > FEW


def _counted() -> Query:
    return select(*_KIND, func.count().label("count")).group_by(*_KIND)


def _told(
    connection: Connection, counted: Any, wanted: Filter
) -> tuple[tuple[Kind, ...], tuple[OfSource, ...]]:
    total = func.sum(counted["count"]).label("total")
    joined = (
        (SourceRow.id == counted.source_id) & (LibraryRow.id == SourceRow.library_id),
        *((SourceRow.code == wanted.source,) if wanted.source else ()),
        *((LibraryRow.code == wanted.library,) if wanted.library else ()),
        *((counted.code == wanted.code,) if wanted.code else ()),
    )
    kinds = (
        select(counted.code, counted.severity, total, func.count(counted.source_id.distinct()))
        .where(*joined)
        .group_by(counted.code, counted.severity)
        .order_by(total.desc(), counted.code)
    )
    found = tuple(Kind(row[0], row[1], int(row[2]), row[3]) for row in connection.execute(kinds))
    if not wanted.code:
        return found, ()
    by_source = (
        select(SourceRow.code, LibraryRow.code, total)
        .where(*joined)
        .group_by(SourceRow.code, LibraryRow.code)
        .order_by(total.desc(), SourceRow.code)
        .limit(SOURCES)
    )
    rows = connection.execute(by_source)
    return found, tuple(OfSource(row[0], row[1], int(row[2])) for row in rows)
