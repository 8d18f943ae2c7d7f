"""Member libraries: found by any code they ever had."""

from __future__ import annotations

import re
from dataclasses import astuple, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import aliased

from catalogue import clock, licences
from catalogue.database import Database
from catalogue.errors import BadLibraryCode, NameTaken, NoSuchLibrary, WrongUse
from catalogue.holdings.touched import wake_naming
from catalogue.members import chains, kinds
from catalogue.members.errors import BadAlias, LibraryChanged
from catalogue.members.model import fingerprint
from catalogue.members.tables import GroupRow
from catalogue.members.text import check_days, day
from catalogue.membership import fields
from catalogue.membership.model import Membership
from catalogue.model import Library, Sharing
from catalogue.tables import LibraryAliasRow, LibraryRow
from catalogue.waking import unstamp_library, wake_library
from crosswalks.errors import Said

_CODE = re.compile(r"[A-Za-z0-9-]{1,16}")
_ALIAS = re.compile(r"[^\s()\[\]]{1,64}")
"""As agencies write their codes in 003, 035 and 040: anything but spaces and brackets."""
_RESERVED = frozenset({"union", "live"})


def add(database: Database, library: Library) -> None:
    """Add a library. Raises BadLibraryCode, NameTaken, or WrongUse for days that are none."""
    database.writing(lambda connection: insert_library(connection, library))


def get(database: Database, code: str) -> Library:
    """Return the library with this code or alias. Raises NoSuchLibrary."""
    with database.reading() as connection:
        return of_key(connection, find(connection, code), code)


def all(database: Database) -> list[Library]:  # noqa: A001 - read as libraries.all
    """Return all libraries by code."""
    with database.reading() as connection:
        return read(connection)


def read(connection: Connection) -> list[Library]:
    """Return all libraries by code, within a snapshot."""
    return [library for _, library in _read(connection)]


def codes(connection: Connection) -> dict[str, str]:
    """Return the code of a library by that and each alias there is, within a snapshot."""
    found = read(connection)
    named = {alias: each.code for each in found for alias in each.aliases}
    return named | {each.code: each.code for each in found}


def change(database: Database, code: str, seen: str = "", **changes: Any) -> Library:
    """Change these fields of a library; what that hides or shows is placed again.

    The others keep what somebody else may be giving them. ``seen`` is the fingerprint that a person
    saw, which must still be the library's. Raises NoSuchLibrary, NameTaken, BadAlias,
    LibraryChanged, or WrongUse for days or a successor that cannot be.
    """

    def work(connection: Connection) -> Library:
        if "successor" in changes:
            # Of two that take each other over at the same moment one has to see the other.
            clock.read(connection, lock=True)
        library_id, before = _locked(connection, code)
        if seen not in ("", told_apart(before)):
            raise LibraryChanged(code=before.code)
        return change_within(connection, library_id, before, changes)

    return database.writing(work)


def change_within(
    connection: Connection, library_id: int, before: Library, changes: dict[str, Any]
) -> Library:
    """Do what ``change`` does, together with what it is done for."""
    after = replace(before, **changes)
    after = replace(after, kind=kinds.code_of(after.kind))
    columns = _columns(connection, after)
    heirs = chains.heirs(connection, library_id)
    connection.execute(update(LibraryRow).where(LibraryRow.id == library_id).values(columns))
    if before.aliases != after.aliases:
        _set_aliases(connection, library_id, after)
        wake_naming(connection, {*before.aliases} ^ {*after.aliases})
    if _is_given_out(before) != _is_given_out(after):
        wake_library(connection, library_id)
    if _is_lent(before) != _is_lent(after):
        unstamp_library(connection, library_id)
    _check_and_wake(connection, library_id, before.code, heirs)
    return after


def told_apart(library: Library) -> str:
    """Return what tells these details of a library from any others: a form carries it back."""
    return fingerprint(*map(str, astuple(library)))


def _check_and_wake(
    connection: Connection, library_id: int, code: str, heirs: frozenset[int]
) -> None:
    """Have all placed that enters or leaves the set of a library's code with its successors."""
    now = chains.heirs(connection, library_id)
    if library_id in now:
        said = Said(
            "library {code} cannot be its own successor, nor that of its successor", {"code": code}
        )
        raise WrongUse(reason=said)
    for heir in sorted(heirs ^ now):
        wake_library(connection, heir)


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
    check_free(connection, library.code)
    library_id = connection.execute(
        insert(LibraryRow)
        .values(code=library.code, **_columns(connection, library))
        .returning(LibraryRow.id)
    ).scalar_one()
    _set_aliases(connection, library_id, library)
    wake_naming(connection, {library.code, *library.aliases})
    if library.successor:
        _check_and_wake(connection, library_id, library.code, frozenset())
    return library_id


def check_code(code: str) -> None:
    """Raise BadLibraryCode for what would break addresses and sets."""
    if not _CODE.fullmatch(code) or code.lower() in _RESERVED:
        raise BadLibraryCode(code=code)


def check_free(connection: Connection, code: str) -> None:
    """Raise NameTaken where a library or a group goes by this code or alias."""
    group = connection.execute(select(GroupRow.id).where(GroupRow.code == code)).first()
    if group or find(connection, code):
        raise NameTaken(name=code)


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
    return library_id, of_key(connection, library_id, code)


def of_key(connection: Connection, library_id: int, code: str) -> Library:
    """Return the library of a key; ``code`` is what it was asked for by. Raises NoSuchLibrary."""
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
        "kind": kinds.code_of(library.kind),
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
    day(library.valid_from)
    day(library.valid_to)
    check_days(library.valid_from, library.valid_to)


def _set_aliases(connection: Connection, library_id: int, library: Library) -> None:
    connection.execute(delete(LibraryAliasRow).where(LibraryAliasRow.library_id == library_id))
    for alias in library.aliases:
        if not _ALIAS.fullmatch(alias):
            raise BadAlias(alias=alias)
        check_free(connection, alias)
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
    return [(row.id, _library(row, tuple(sorted(aliases.get(row.id, ()))))) for row in rows]


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
