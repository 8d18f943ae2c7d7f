"""Whose account it is that a sign-in service tells of: by issuer and subject, and nothing else.

A name or a mail address of a sign-in service proves nothing here: others may come to have it. An
account is linked by its owner, who has an invitation or has signed in; it is made for a person, or
found by a mail address, only where whoever runs the hub has said so.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, select, update

from catalogue import users
from catalogue.accounts import tickets
from catalogue.accounts.errors import AccountUnlinked, IdentityTaken, NotLinked, OtherIdentity
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import NameTaken
from catalogue.people_tables import IdentityRow, UserRow
from catalogue.sql import dialect_insert
from catalogue.users import Role, User, Wanted


class Identity(NamedTuple):
    """A person as a sign-in service names one, for good (OpenID Connect Core 1.0 s5.7)."""

    issuer: str
    subject: str


class Holder(NamedTuple):
    """Whose account a person's is."""

    user: User
    managed: bool
    """Whether the role is what the service says each time."""


def holder(database: Database, identity: Identity) -> Holder | None:
    """Return whose account is linked, one that was closed as well."""
    with database.reading_primary() as connection:
        return _holder(connection, identity)


def link(database: Database, user_id: int, identity: Identity) -> User:
    """Link an account; once more does nothing. Raises IdentityTaken or OtherIdentity."""
    return database.writing(lambda connection: _link(connection, user_id, identity))


def take_up(database: Database, token: str, identity: Identity) -> User:
    """Link the account of somebody who was invited; the invitation is used up.

    Raises TicketUsed, also for a link that is no invitation, IdentityTaken or OtherIdentity.
    """

    def work(connection: Connection) -> User:
        return _link(connection, tickets.taken_up(connection, token).id, identity)

    return database.writing(work)


def by_mail(database: Database, mail: str, identity: Identity) -> User | None:
    """Link the one account that is written to at an address; None where there is not just one.

    The service has to have verified the address. Raises IdentityTaken or OtherIdentity.
    """
    if not mail.isascii() or not mail:
        # Letters that look or fold alike are no proof.
        return None

    def work(connection: Connection) -> User | None:
        query = select(UserRow.id, UserRow.mail).where(UserRow.active, UserRow.mail != "")
        same = [row.id for row in connection.execute(query) if row.mail.lower() == mail.lower()]
        return _link(connection, same[0], identity) if len(same) == 1 else None

    return database.writing(work)


def admit(database: Database, name: str, wanted: Wanted, identity: Identity) -> User:
    """Make the account of somebody whom the service gives a role, and follow that from then on.

    Raises AccountUnlinked where the name is somebody's, or was, and BadUserName or BadMail.
    """

    def work(connection: Connection) -> User:
        known = _holder(connection, identity)
        if known is not None:
            # Two pages of the same person came at the same moment.
            return known.user
        if users.has_row(connection, name):
            raise AccountUnlinked(name=name)
        user = users.add_within(connection, name, "", wanted)
        return _link(connection, user.id, identity, managed=True)

    try:
        return database.writing(work)
    except NameTaken as error:
        raise AccountUnlinked(name=name) from error


def follow(database: Database, user: User, role: Role) -> User:
    """Give a user the role that the service says now. Raises LastAdministrator."""
    return user if user.role is role else users.set_role(database, user.name, role)


def signed_in(database: Database, user: User, identity: Identity) -> None:
    """Keep when somebody signed in by a service."""
    now = wall_clock()

    def work(connection: Connection) -> None:
        connection.execute(update(UserRow).where(UserRow.id == user.id).values(last_login=now))
        connection.execute(update(IdentityRow).where(_is(identity)).values(used=now))

    database.writing(work)


def unlink(database: Database, name: str) -> User:
    """Part an account from all services, and end its sessions. Raises NoSuchUser or NotLinked."""
    user = users.get(database, name)

    def work(connection: Connection) -> None:
        parted = delete(IdentityRow).where(IdentityRow.user_id == user.id)
        if not connection.execute(parted).rowcount:
            raise NotLinked(name=user.name)

    database.writing(work)
    return users.end_sessions(database, name)


def _holder(connection: Connection, identity: Identity) -> Holder | None:
    query = select(IdentityRow.user_id, IdentityRow.managed).where(_is(identity))
    row = connection.execute(query).one_or_none()
    user = users.by_id(connection, row.user_id) if row else None
    return Holder(user, row.managed) if row and user else None


def _link(
    connection: Connection, user_id: int, identity: Identity, *, managed: bool = False
) -> User:
    values = {"user_id": user_id, "managed": managed, "made": wall_clock(), **identity._asdict()}
    once = dialect_insert(connection, IdentityRow).values(**values).on_conflict_do_nothing()
    connection.execute(once)
    found = _holder(connection, identity)
    user = users.by_id(connection, user_id)
    if found is not None and found.user.id != user_id:
        raise IdentityTaken
    if found is None or user is None:
        raise OtherIdentity(name=user.name if user else "")
    return user


def _is(identity: Identity) -> ColumnElement[bool]:
    return (IdentityRow.issuer == identity.issuer) & (IdentityRow.subject == identity.subject)
