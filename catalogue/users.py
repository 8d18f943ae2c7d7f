"""Who may sign in, as what, and how often one may try.

A name is one whatever its capitals. Changing a password or role, or taking a user away, ends the
sessions opened before: each carries the user's epoch, which grows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, select, update

from catalogue import passwords, sign_in
from catalogue.accounts.errors import (
    BadMail,
    BadUserName,
    LastAdministrator,
    NoLibraryOfUser,
    NoSuchUser,
    SignInRefused,
)
from catalogue.audit import acting
from catalogue.audit.telling import tell
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import NameTaken
from catalogue.libraries import key_of
from catalogue.people_tables import IdentityRow, UserRow
from catalogue.sql import Query, dialect_insert
from catalogue.tables import LibraryRow
from crosswalks.text import storable

FIRST = "admin"
"""The name of the administrator who is made when there is nobody yet."""
_LONGEST_NAME = 64
_LONGEST_MAIL = 254
"""Characters (RFC 5321 s4.5.3.1.3 less the brackets)."""
_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+")


class Role(StrEnum):
    """What a user may do; each role of the staff includes those before it."""

    VIEWER = "viewer"
    """Read-only: sees everything, changes nothing."""
    CATALOGUER = "cataloguer"
    """Works on records: quarantine, and what later comes to be judged."""
    OPERATOR = "operator"
    """Harvest manager: adds and changes sources, runs, stops and decides harvests."""
    ADMIN = "admin"
    """Administrator: says who may sign in."""
    MEMBER = "member"
    """Belongs to one library, is no staff, and sees what is that library's own."""

    def may(self, needed: Role) -> bool:
        """Tell whether this role includes another; that of members and those of staff never do."""
        if Role.MEMBER in (self, needed):
            return self is needed
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in, or once might."""

    id: int
    name: str
    role: Role
    active: bool
    created: int
    """Epoch seconds."""
    last_login: int | None
    epoch: int
    library: str = ""
    """The code of a member's library."""
    mail: str = ""
    has_factor: bool = False
    """Whether a code is asked for beside the password."""
    invited: bool = False
    """Whether no password was chosen yet."""
    linked: bool = False
    """Whether a sign-in service answers for the user."""


def add(  # noqa: PLR0913 - what there is to say of a user
    database: Database,
    name: str,
    password: str,
    role: Role,
    *,
    library: str = "",
    mail: str = "",
) -> User:
    """Add a user; one who was taken away comes back, with the new password and role.

    A member needs a library, nobody else may have one. Raises BadUserName, WeakPassword, NameTaken,
    BadMail, NoSuchLibrary or NoLibraryOfUser.
    """
    name = _checked(name)
    kept = passwords.hashed(passwords.check(password, name))
    return database.writing(
        lambda connection: add_within(connection, name, kept, Wanted(role, library, mail))
    )


class Wanted(NamedTuple):
    """What a user is to be."""

    role: Role
    library: str = ""
    mail: str = ""


def add_within(connection: Connection, name: str, kept: str, wanted: Wanted) -> User:
    """Add a user with a hash, or with none for one who is invited; see ``add``."""
    name = _checked(name)
    values = {
        "password": kept,
        "role": wanted.role.value,
        "library_id": _library(connection, wanted.role, wanted.library),
        "mail": checked_mail(wanted.mail),
        "active": True,
        # Nothing of whoever had the name before.
        "factor": "",
        "recovery": "",
    }
    known = _row(connection, name)
    if known is None:
        _insert(connection, name, values)
    elif known.active:
        raise NameTaken(name=name)
    else:
        connection.execute(delete(IdentityRow).where(IdentityRow.user_id == known.id))
        _change(connection, known, **values)
    return _user(_row(connection, name))


def first(database: Database) -> str | None:
    """Make the first administrator, and return the password; None where there is a user already.

    Of several processes that start together one makes it.
    """
    with database.reading_primary() as connection:
        if not nobody(connection):
            return None
    password = passwords.made_up()
    kept = passwords.hashed(password)

    def work(connection: Connection) -> bool:
        if not nobody(connection):
            return False
        add_within(connection, FIRST, kept, Wanted(Role.ADMIN))
        return True

    try:
        return password if database.writing(work) else None
    except NameTaken:
        return None


def nobody(connection: Connection) -> bool:
    """Tell whether there is no user yet."""
    return connection.execute(select(UserRow.id).limit(1)).first() is None


def all(database: Database) -> list[User]:  # noqa: A001 - read as users.all
    """Return all users by name, those who may no longer sign in as well."""
    with database.reading() as connection:
        return [_user(row) for row in connection.execute(_query().order_by(UserRow.folded))]


def get(database: Database, name: str) -> User:
    """Return the user of a name. Raises NoSuchUser."""
    with database.reading() as connection:
        return _user(_known(connection, name))


def has_row(connection: Connection, name: str) -> bool:
    """Tell whether a name is somebody's, or was."""
    return _row(connection, name) is not None


def active(connection: Connection, name: str) -> User:
    """Return a user who may sign in. Raises NoSuchUser."""
    row = _known(connection, name)
    if not row.active:
        raise NoSuchUser(name=name)
    return _user(row)


def by_id(connection: Connection, user_id: int) -> User | None:
    """Return the user of a number."""
    row = connection.execute(_query().where(UserRow.id == user_id)).one_or_none()
    return _user(row) if row else None


def in_session(database: Database, user_id: int, epoch: int) -> User | None:
    """Return the user a session was opened for, or None where it has been ended."""
    with database.reading_primary() as connection:
        user = by_id(connection, user_id)
    return user if user and user.active and user.epoch == epoch else None


def enter(database: Database, name: str, password: str, address: str) -> User:
    """Return the user who signs in. Raises SignInRefused, or TooManyTries by name or address.

    Takes as long for a name that nobody has as for one with another password.
    """
    who = _folded(name)
    nobodys = _nobodys()
    tried = sign_in.begin(database, who, address)
    with database.reading_primary() as connection:
        row = _row(connection, name)
    known = row is not None and row.active and bool(row.password)
    # Worked on where there is no such user, so that the time an answer takes tells nothing.
    kept = row.password if known else nobodys
    if not (passwords.fits(password, kept) and known):
        # Under no name that nobody has: people type passwords there.
        _tell(database, row.name if known else "", succeeded=False)
        raise SignInRefused
    sign_in.succeed(database, tried)
    renewed = passwords.hashed(password) if passwords.outdated(row.password) else row.password

    def work(connection: Connection) -> None:
        connection.execute(
            update(UserRow)
            # Somebody may have given another password meanwhile.
            .where(UserRow.id == row.id, UserRow.password == row.password)
            .values(last_login=wall_clock(), password=renewed)
        )

    database.writing(work)
    _tell(database, row.name, succeeded=True)
    return _user(row)


def set_password(database: Database, name: str, password: str) -> User:
    """Give a user another password, and end all sessions. Raises NoSuchUser or WeakPassword."""
    kept = passwords.hashed(passwords.check(password, name))
    return _changed(database, name, password=kept)


def set_role(database: Database, name: str, role: Role, library: str = "") -> User:
    """Give a user another role, and end all sessions.

    Raises NoSuchUser, LastAdministrator, NoSuchLibrary, or NoLibraryOfUser.
    """
    with database.reading_primary() as connection:
        library_id = _library(connection, role, library)
    return _changed(database, name, role=role.value, library_id=library_id)


def set_mail(database: Database, name: str, mail: str) -> User:
    """Say where somebody is written to who forgot the password. Raises NoSuchUser or BadMail."""
    return _changed(database, name, mail=checked_mail(mail))


def remove(database: Database, name: str) -> User:
    """Let a user no longer sign in, and end all sessions. Raises NoSuchUser, LastAdministrator."""
    return _changed(database, name, active=False)


def end_sessions(database: Database, name: str) -> User:
    """Sign a user out everywhere. Raises NoSuchUser."""
    return _changed(database, name)


def fits(database: Database, user: User, password: str, address: str) -> bool:
    """Tell whether this is the user's password, as when signing in. Raises TooManyTries."""
    try:
        return enter(database, user.name, password, address).id == user.id
    except SignInRefused:
        return False


def _tell(database: Database, name: str, *, succeeded: bool) -> None:
    """Write down that somebody signed in, or tried to; not that somebody proved to be there."""
    act = acting.current()
    if act is not None and not act.who:
        acting.by(name)
        tell(database, "sign_in", name, succeeded=succeeded)


@cache
def _nobodys() -> str:
    return passwords.hashed(passwords.made_up())


def _changed(database: Database, name: str, **values: Any) -> User:
    def work(connection: Connection) -> User:
        row = _known(connection, name)
        _change(connection, row, **values)
        concerned = row.role == Role.ADMIN and not values.keys().isdisjoint({"role", "active"})
        if concerned and not _administrators(connection):
            raise LastAdministrator(name=row.name)
        return _user(_row(connection, name))

    return database.writing(work)


def _administrators(connection: Connection) -> list[int]:
    # Locked, so that two administrators cannot take each other away in the same moment.
    query = select(UserRow.id).where(UserRow.role == Role.ADMIN.value, UserRow.active)
    return list(connection.scalars(query.order_by(UserRow.id).with_for_update()))


def _change(connection: Connection, row: Any, **values: Any) -> None:
    connection.execute(
        update(UserRow).where(UserRow.id == row.id).values(epoch=UserRow.epoch + 1, **values)
    )


def _insert(connection: Connection, name: str, values: Mapping[str, Any]) -> None:
    """Insert a user. Raises NameTaken where somebody else was quicker."""
    row = dialect_insert(connection, UserRow).values(
        name=name, folded=_folded(name), created=wall_clock(), epoch=0, factor_step=0, **values
    )
    once = row.on_conflict_do_nothing(index_elements=["folded"])
    if connection.execute(once.returning(UserRow.id)).first() is None:
        raise NameTaken(name=name)


def _library(connection: Connection, role: Role, code: str) -> int | None:
    if (role is Role.MEMBER) is not bool(code):
        raise NoLibraryOfUser
    return key_of(connection, code) if code else None


def checked_mail(address: str) -> str:
    """Return a mail address, or nothing where none is wanted. Raises BadMail."""
    address = address.strip()
    if address and not (_MAIL.fullmatch(address) and len(address) <= _LONGEST_MAIL):
        raise BadMail(address=address)
    return address


def _checked(name: str) -> str:
    written = unicodedata.normalize("NFC", name)
    fine = written.isprintable() and not any(sign.isspace() or sign in "/\\" for sign in written)
    # Addresses end at names of nothing but dots.
    if not written.strip(".") or len(written) > _LONGEST_NAME or not fine:
        raise BadUserName(name=name)
    return written


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", storable(name)).casefold())


def _known(connection: Connection, name: str) -> Any:
    row = _row(connection, name)
    if row is None:
        raise NoSuchUser(name=name)
    return row


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(_query().where(UserRow.folded == _folded(name))).one_or_none()


def _query() -> Query:
    library = LibraryRow.id == UserRow.library_id
    linked = exists().where(IdentityRow.user_id == UserRow.id).label("linked")
    columns = (*UserRow.__table__.columns, LibraryRow.code.label("library"), linked)
    return select(*columns).outerjoin_from(UserRow, LibraryRow, library)


def _user(row: Any) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        active=row.active,
        created=row.created,
        last_login=row.last_login,
        epoch=row.epoch,
        library=row.library or "",
        mail=row.mail,
        has_factor=bool(row.factor),
        invited=not row.password,
        linked=row.linked,
    )
