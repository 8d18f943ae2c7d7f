"""What is a library's own: its sources, and none of anybody else's whatever is asked for."""

from __future__ import annotations

from sqlalchemy import select

from catalogue import sources
from catalogue.database import Database
from catalogue.errors import NoSuchSource
from catalogue.model import Source
from catalogue.tables import LibraryRow, SourceRow


def all(database: Database, library: str) -> list[Source]:  # noqa: A001 - read as owned.all
    """Return the sources of the library with this code, by name."""
    mine = (
        select(SourceRow.code)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(LibraryRow.code == library)
    )
    with database.reading() as connection:
        found = sources.some(connection, connection.scalars(mine).all())
    return [found[name] for name in sorted(found)]


def get(database: Database, library: str, name: str) -> Source:
    """Return a source of a library. Raises NoSuchSource, for another library's as well."""
    source = sources.get(database, name)
    if source.library != library:
        raise NoSuchSource(name=name)
    return source
