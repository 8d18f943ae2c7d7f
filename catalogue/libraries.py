"""Member libraries: found by any code they ever had."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import aliased

from catalogue import licences
from catalogue.database import Database
from catalogue.errors import BadLibraryCode, NameTaken, NoSuchLibrary, WrongUse
from catalogue.holdings.touched import wake_naming
from catalogue.membership import fields
from catalogue.membership.model import Membership
from catalogue.model import Library, Sharing
from catalogue.tables import LibraryAliasRow, LibraryRow
from catalogue.waking import unstamp_library, wake_library

_CODE = re.compile(r"[A-Za-z0-9-]{1,16}")
_RESERVED = frozenset({"union", "live"})


def add(database: Database, library: Library) -> None:
    """Add a library. Raises BadLibraryCode, NameTaken, or WrongUse for days that are none."""
    database.writing(lambda connection: insert_library(connection, library))


def get(database: Database, code: str) -> Library:
    """Return the library with this code or alias. Raises NoSuchLibrary."""
    with database.reading() as connection:
        return _with_key(connection, find(connection, code), code)


def all(database: Database) -> list[Library]:  # noqa: A001 - read as libraries.all
    """Return all libraries by code."""
    with database.reading() as connection:
        return [library for _, library in _read(connection)]


def change(database: Database, code: str, **changes: Any) -> Library:
    """Change these fields of a library; what that hides or shows is placed again.

    The others keep what somebody else may be giving them. Raises NoSuchLibrary,
    NameTaken, or WrongUse for days or a successor that cannot be.
    """

    def work(connection: Connection) -> Library:
        library_id, before = _locked(connection, code)
        after = replace(before, **changes)
        columns = _columns(connection, after)
        if columns["successor_id"] == library_id:
            raise WrongUse(reason=f"library {before.code} cannot be its own successor")
        connection.execute(update(LibraryRow).where(LibraryRow.id == library_id).values(columns))
        if before.aliases != after.aliases:
            _set_aliases(connection, library_id, after)
            wake_naming(connection, {*before.aliases} ^ {*after.aliases})
        if _is_given_out(before) != _is_given_out(after):
            wake_library(connection, library_id)
        if _is_lent(before) != _is_lent(after):
            unstamp_library(connection, library_id)
        return after

    return database.writing(work)


def _is_given_out(library: Library) -> tuple[str, ...]:
    """Return what decides who is shown a library's records, and in which sets."""
    shown = library.sharing.value, library.kind, library.region
    return *shown, library.fields, library.licence, library.rights


def _is_lent(library: Library) -> tuple[str, ...]:
    """Return what decides how a library's own records are given out beside the union."""
    return library.sharing.value, library.fields, library.licence, library.rights


def insert_library(connection: Connection, library: Library) -> int:
    """Add a library inside a transaction and return its key."""
    check_code(library.code)
    if find(connection, library.code):
        raise NameTaken(name=library.code)
    library_id = connection.execute(
        insert(LibraryRow)
        .values(code=library.code, **_columns(connection, library))
        .returning(LibraryRow.id)
    ).scalar_one()
    _set_aliases(connection, library_id, library)
    wake_naming(connection, {library.code, *library.aliases})
    return library_id


def check_code(code: str) -> None:
    """Raise BadLibraryCode for what would break addresses and sets."""
    if not _CODE.fullmatch(code) or code.lower() in _RESERVED:
        raise BadLibraryCode(code=code)


def find(connection: Connection, code: str) -> int:
    """Return the key of the library with this code or alias, 0 if there is none."""
    by_code = select(LibraryRow.id).where(LibraryRow.code == code)
    by_alias = select(LibraryAliasRow.library_id).where(LibraryAliasRow.alias == code)
    found = connection.execute(by_code).scalar() or connection.execute(by_alias).scalar()
    return found or 0


def key_of(connection: Connection, code: str) -> int:
    """Return the key of the library with this code or alias. Raises NoSuchLibrary."""
    key = find(connection, code)
    if not key:
        raise NoSuchLibrary(code=code)
    return key


def _locked(connection: Connection, code: str) -> tuple[int, Library]:
    """Return a library that nobody else changes before this transaction ends, and its key."""
    library_id = find(connection, code)
    connection.execute(select(LibraryRow.id).where(LibraryRow.id == library_id).with_for_update())
    return library_id, _with_key(connection, library_id, code)


def _with_key(connection: Connection, library_id: int, code: str) -> Library:
    for key, library in _read(connection):
        if key == library_id:
            return library
    raise NoSuchLibrary(code=code)


def _columns(connection: Connection, library: Library) -> dict[str, Any]:
    _check_days(library)
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
        "standing": library.standing.value,
        "fields": fields.checked(library.fields),
        "licence": licences.checked(library.licence),
        "rights": library.rights.strip(),
    }


def _check_days(library: Library) -> None:
    for day in filter(None, (library.valid_from, library.valid_to)):
        if not _is_day(day):
            raise WrongUse(reason=f"{day!r} is not a day; write it as 2024-01-31")
    if library.valid_to and library.valid_to < library.valid_from:
        raise WrongUse(reason=f"membership cannot end before it begins, on {library.valid_from}")


def _is_day(text: str) -> bool:
    try:
        # ISO 8601 has other forms for a day, which do not sort beside this one.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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
        standing=Membership(row.standing),
        fields=row.fields,
        licence=row.licence,
        rights=row.rights,
    )
