"""Tokens that let in once: an invitation, a forgotten password, the first start of a hub.

Of each a hash is kept, so that who reads the database gets in by none. A token works until it is
used, has grown too old, or another of its kind was made.
"""

from __future__ import annotations

import hashlib
import secrets
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from catalogue import passwords, users
from catalogue.accounts.errors import TicketUsed
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.people_tables import TicketRow, UserRow
from catalogue.users import Role, User, Wanted

_BYTES = 32


class Kind(StrEnum):
    """What a token is for."""

    INVITATION = "invitation"
    RESET = "reset"
    SETUP = "setup"


def invite(database: Database, name: str, wanted: Wanted, seconds: int) -> tuple[User, str]:
    """Add a user who chooses the password, and return the token for that; see ``users.add``."""

    def work(connection: Connection) -> tuple[User, str]:
        user = users.add_within(connection, name, "", wanted)
        return user, _put(connection, Kind.INVITATION, user.id, seconds)

    return database.writing(work)


def renew(database: Database, name: str, seconds: int) -> tuple[User, str]:
    """Return a token by which a user chooses a password; the one there is works until then.

    Raises NoSuchUser, also for one who may no longer sign in.
    """

    def work(connection: Connection) -> tuple[User, str]:
        user = users.active(connection, name)
        kind = Kind.INVITATION if user.invited else Kind.RESET
        return user, _put(connection, kind, user.id, seconds)

    return database.writing(work)


def setup(database: Database, seconds: int) -> str | None:
    """Return a token by which the first administrator is made; None where there is a user."""

    def work(connection: Connection) -> str | None:
        return _put(connection, Kind.SETUP, None, seconds) if users.nobody(connection) else None

    return database.writing(work)


def holder(database: Database, token: str) -> User:
    """Return whose password a token is for. Raises TicketUsed."""
    with database.reading_primary() as connection:
        return _holder(connection, token)


def use(database: Database, token: str, password: str) -> User:
    """Give whom a token is for a password, and end all sessions and all tokens.

    Raises TicketUsed, WeakPassword or CommonPassword.
    """
    kept = passwords.hashed(passwords.check(password, holder(database, token).name))

    def work(connection: Connection) -> User:
        user = _holder(connection, token, alone=True)
        connection.execute(delete(TicketRow).where(TicketRow.user_id == user.id))
        changed = {"password": kept, "epoch": UserRow.epoch + 1}
        connection.execute(update(UserRow).where(UserRow.id == user.id).values(changed))
        return user

    return database.writing(work)


def taken_up(connection: Connection, token: str) -> User:
    """Return who was invited by a token, and let it be used up. Raises TicketUsed."""
    user = _holder(connection, token, alone=True)
    if not user.invited:
        raise TicketUsed
    connection.execute(delete(TicketRow).where(TicketRow.user_id == user.id))
    return user


def is_setup(database: Database, token: str) -> bool:
    """Tell whether a token lets the first administrator be made."""
    with database.reading_primary() as connection:
        return _sets_up(connection, token)


def set_up(database: Database, token: str, name: str, password: str, mail: str) -> User:
    """Make the first administrator. Raises TicketUsed, and what ``users.add`` raises."""
    kept = passwords.hashed(passwords.check(password, name))

    def work(connection: Connection) -> User:
        if not _sets_up(connection, token):
            raise TicketUsed
        connection.execute(delete(TicketRow).where(TicketRow.kind == Kind.SETUP.value))
        return users.add_within(connection, name, kept, Wanted(Role.ADMIN, mail=mail))

    return database.writing(work)


def _sets_up(connection: Connection, token: str) -> bool:
    asked = select(TicketRow.id).where(_is(token), TicketRow.kind == Kind.SETUP.value)
    return users.nobody(connection) and connection.execute(asked).first() is not None


def _holder(connection: Connection, token: str, *, alone: bool = False) -> User:
    """Return whose a token is; ``alone`` keeps others who use it waiting until this one has."""
    query = select(TicketRow.user_id).where(_is(token))
    user_id = connection.execute(query.with_for_update() if alone else query).scalar()
    user = users.by_id(connection, user_id) if user_id is not None else None
    if user is None or not user.active:
        raise TicketUsed
    return user


def _is(token: str) -> ColumnElement[bool]:
    return (TicketRow.digest == _digest(token)) & (TicketRow.expires > wall_clock())


def _put(connection: Connection, kind: Kind, user_id: int | None, seconds: int) -> str:
    token, now = secrets.token_urlsafe(_BYTES), wall_clock()
    same = TicketRow.user_id == user_id if user_id is not None else TicketRow.kind == kind.value
    connection.execute(delete(TicketRow).where(same | (TicketRow.expires <= now)))
    connection.execute(
        insert(TicketRow).values(
            kind=kind.value,
            user_id=user_id,
            digest=_digest(token),
            made=now,
            expires=now + seconds,
        )
    )
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
