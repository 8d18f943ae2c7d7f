"""Member libraries: found by any code they ever had."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, literal, select, update
from sqlalchemy.orm import aliased

from catalogue.database import Database
from catalogue.errors import BadLibraryCode, NameTaken, NoSuchLibrary
from catalogue.model import Library, Sharing
from catalogue.sql import dialect_insert
from catalogue.tables import DirtyRow, LibraryAliasRow, LibraryRow, PolicyRow, RecordRow, SourceRow

_CODE = re.compile(r"[A-Za-z0-9-]{1,16}")
_RESERVED = frozenset({"union", "live"})
_ANOTHER = 1_000_000_000
"""Further than any record's rev will ever come."""


def add(database: Database, library: Library) -> None:
    """Add a library. Raises BadLibraryCode or NameTaken."""
    database.writing(lambda connection: insert_library(connection, library))


def get(database: Database, code: str) -> Library:
    """Return the library with this code or alias. Raises NoSuchLibrary."""
    with database.reading() as connection:
        library_id = find(connection, code)
        found = [lib for key, lib in _read(connection) if key == library_id]
    if not found:
        raise NoSuchLibrary(code=code)
    return found[0]


def all(database: Database) -> list[Library]:  # noqa: A001 - read as libraries.all
    """Return all libraries by code."""
    with database.reading() as connection:
        return [library for _, library in _read(connection)]


def change(database: Database, code: str, **changes: Any) -> Library:
    """Change fields of a library; what its sharing level hides or shows is placed again."""
    before = get(database, code)
    after = replace(before, **changes)

    def work(connection: Connection) -> None:
        library_id = find(connection, before.code)
        connection.execute(
            update(LibraryRow)
            .where(LibraryRow.id == library_id)
            .values(_columns(connection, after))
        )
        _set_aliases(connection, library_id, after)
        if before.sharing != after.sharing:
            mark_dirty(connection, library_id)

    database.writing(work)
    return after


def insert_library(connection: Connection, library: Library) -> int:
    """Add a library inside a transaction and return its key."""
    if not _CODE.fullmatch(library.code) or library.code.lower() in _RESERVED:
        raise BadLibraryCode(code=library.code)
    if find(connection, library.code):
        raise NameTaken(name=library.code)
    library_id = connection.execute(
        insert(LibraryRow)
        .values(code=library.code, **_columns(connection, library))
        .returning(LibraryRow.id)
    ).scalar_one()
    _set_aliases(connection, library_id, library)
    return library_id


def find(connection: Connection, code: str) -> int:
    """Return the key of the library with this code or alias, 0 if there is none."""
    by_code = select(LibraryRow.id).where(LibraryRow.code == code)
    by_alias = select(LibraryAliasRow.library_id).where(LibraryAliasRow.alias == code)
    found = connection.execute(by_code).scalar() or connection.execute(by_alias).scalar()
    return found or 0


def mark_dirty(connection: Connection, library_id: int) -> None:
    """Have all records of a library placed again.

    One that waits already gets another rev: a placement under way has read the old state, and must
    not take it off the list.
    """
    records = (
        select(PolicyRow.id, RecordRow.id, RecordRow.rev)
        .select_from(RecordRow)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(PolicyRow, literal(value=True))
        .where(SourceRow.library_id == library_id)
    )
    waiting = dialect_insert(connection, DirtyRow).from_select(
        ["policy_id", "record_id", "rev"], records
    )
    connection.execute(
        waiting.on_conflict_do_update(
            index_elements=["policy_id", "record_id"], set_={"rev": DirtyRow.rev + _ANOTHER}
        )
    )


def _columns(connection: Connection, library: Library) -> dict[str, Any]:
    successor = find(connection, library.successor) if library.successor else None
    if successor == 0:
        raise NoSuchLibrary(code=library.successor)
    return {
        "name": library.name,
        "kind": library.kind,
        "region": library.region,
        "sharing_level": library.sharing.value,
        "valid_from": library.valid_from,
        "valid_to": library.valid_to,
        "successor_id": successor,
    }


def _set_aliases(connection: Connection, library_id: int, library: Library) -> None:
    connection.execute(delete(LibraryAliasRow).where(LibraryAliasRow.library_id == library_id))
    for alias in library.aliases:
        if find(connection, alias):
            raise NameTaken(name=alias)
        connection.execute(insert(LibraryAliasRow).values(alias=alias, library_id=library_id))


def _read(connection: Connection) -> list[tuple[int, Library]]:
    heir = aliased(LibraryRow)
    rows = connection.execute(
        select(*LibraryRow.__table__.columns, heir.code.label("heir"))
        .outerjoin(heir, heir.id == LibraryRow.successor_id)
        .order_by(LibraryRow.code)
    ).all()
    aliases: dict[int, list[str]] = {}
    for alias, library_id in connection.execute(
        select(LibraryAliasRow.alias, LibraryAliasRow.library_id).order_by(LibraryAliasRow.alias)
    ):
        aliases.setdefault(library_id, []).append(alias)
    return [(row.id, _library(row, tuple(aliases.get(row.id, ())))) for row in rows]


def _library(row: Any, aliases: tuple[str, ...]) -> Library:
    return Library(
        code=row.code,
        name=row.name,
        kind=row.kind,
        region=row.region,
        sharing=Sharing(row.sharing_level),
        aliases=aliases,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=row.heir or "",
    )
