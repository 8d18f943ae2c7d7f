"""Keys by which a program does what one of the staff may: to correct records, for one.

Of each a digest is kept. It is of no use once its day has come, or its person has another role or
password, was signed out everywhere or may sign in no more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from catalogue import users
from catalogue.accounts.errors import KeyForStaffOnly, NoSuchPersonKey
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.people_tables import PersonKeyRow, UserRow
from catalogue.sql import table
from catalogue.users import Role, User

PREFIX = "ltp_"
"""Begins each key: so it is known for one where it turns up."""
_DAY, _HOUR = 86_400, 3_600
_keys = table(PersonKeyRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKey:
    """A key without what opens: whose it is, what for, and until when."""

    id: int
    user: str
    title: str
    made: int
    """Epoch seconds, as below."""
    expires: int
    used: int | None
    """When it was used last, or up to an hour before that."""
    valid: bool
    """Whether it opens anything just now."""


def make(database: Database, name: str, title: str, days: int) -> tuple[PersonKey, str]:
    """Make a key of a user and return it with what opens, which is shown once.

    Raises NoSuchUser, or KeyForStaffOnly for a member's.
    """
    key, now = PREFIX + secrets.token_urlsafe(24), wall_clock()

    def work(connection: Connection) -> int:
        user = users.active(connection, name)
        if user.role is Role.MEMBER:
            raise KeyForStaffOnly(name=user.name)
        row = {
            "user_id": user.id,
            "title": title.strip(),
            "digest": _digest(key),
            "epoch": user.epoch,
            "made": now,
            "expires": now + days * _DAY,
        }
        made = insert(PersonKeyRow).values(row).returning(PersonKeyRow.id)
        return int(connection.execute(made).scalar_one())

    number = database.writing(work)
    [made] = [each for each in all(database) if each.id == number]
    return made, key


def all(database: Database) -> list[PersonKey]:  # noqa: A001 - read as keys.all
    """Return all keys, those that open nothing any more as well, the newest first."""
    query = (
        select(table(PersonKeyRow), UserRow.name, UserRow.active, UserRow.epoch.label("now"))
        .join(UserRow, UserRow.id == _keys.user_id)
        .order_by(_keys.id.desc())
    )
    moment = wall_clock()
    with database.reading_primary() as connection:
        return [_key(row, moment) for row in connection.execute(query)]


def revoke(database: Database, number: int) -> None:
    """Make a key void. Raises NoSuchPersonKey."""

    def work(connection: Connection) -> None:
        gone = delete(PersonKeyRow).where(_keys.id == number)
        if not connection.execute(gone).rowcount:
            raise NoSuchPersonKey(number=number)

    database.writing(work)


def holder(database: Database, key: str) -> User | None:
    """Return whose key this is, of those that open something."""
    now = wall_clock()
    this = (_keys.digest == _digest(key)) & (_keys.expires > now)
    with database.reading_primary() as connection:
        row = connection.execute(select(table(PersonKeyRow)).where(this)).one_or_none()
        user = users.by_id(connection, row.user_id) if row else None
    if row is None or user is None or not user.active or user.epoch != row.epoch:
        return None
    if row.used is None or now - row.used >= _HOUR:
        note = update(PersonKeyRow).where(_keys.id == row.id).values(used=now)
        database.writing(lambda connection: connection.execute(note))
    return user


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _key(row: Any, moment: int) -> PersonKey:
    return PersonKey(
        id=row.id,
        user=row.name,
        title=row.title,
        made=row.made,
        expires=row.expires,
        used=row.used,
        valid=row.active and row.epoch == row.now and row.expires > moment,
    )
