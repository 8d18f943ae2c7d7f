"""Keys by which a program does what a person may: staff correct records, members have their own.

Of each a digest is kept. It is of no use once its day has come, or its person has another role or
password, was signed out everywhere or may sign in no more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from catalogue import users
from catalogue.accounts.errors import NoSuchPersonKey, TooManyKeys
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.members.text import needed
from catalogue.people_tables import PersonKeyRow, UserRow
from catalogue.sql import table
from catalogue.users import User
from crosswalks.errors import Said

PREFIX = "ltp_"
"""Begins each key: so it is known for one where it turns up."""
USUAL_DAYS, MOST_DAYS = 365, 3_650
"""For how many days a key is good, where nothing is said, and at most."""
MOST = 50
"""Keys that a person may have by the page."""
_DAY, _HOUR = 86_400, 3_600
_JUST_NOW = 60
_LONGEST = 200
_NAMELESS = Said("say what the key is for", {})
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

    Raises NoSuchUser.
    """
    key = _new()
    number = database.writing(
        lambda connection: _add(connection, users.active(connection, name), key, (title, days))
    )
    return _one(database, number), key


def make_own(database: Database, user: User, title: str, days: int) -> tuple[PersonKey, str]:
    """Make a key of a user who asks for it, and return it with what opens, which is shown once.

    One of the same title that was made just now and never used gives way: whoever presses the
    button twice sees the second one alone. Raises WrongUse without a title, or TooManyKeys.
    """
    title = needed(title, _NAMELESS)[:_LONGEST]
    key, now = _new(), wall_clock()

    def work(connection: Connection) -> int:
        mine = _keys.user_id == user.id
        again = mine & (_keys.title == title) & _keys.used.is_(None)
        connection.execute(delete(PersonKeyRow).where(again, _keys.made > now - _JUST_NOW))
        count = select(func.count()).select_from(PersonKeyRow).where(mine)
        if connection.execute(count).scalar_one() >= MOST:
            raise TooManyKeys(most=MOST)
        return _add(connection, user, key, (title, days))

    number = database.writing(work)
    return _one(database, number), key


def of_user(database: Database, user: User) -> list[PersonKey]:
    """Return the keys of a user, as ``all`` does; there are MOST of them at most."""
    return _listed(database, _keys.user_id == user.id, MOST)


def _new() -> str:
    return PREFIX + secrets.token_urlsafe(24)


def _one(database: Database, number: int) -> PersonKey:
    [made] = _listed(database, _keys.id == number, 1)
    return made


def _add(connection: Connection, user: User, key: str, told: tuple[str, int]) -> int:
    """Keep a key of a user: what it is for, and for how many days."""
    now = wall_clock()
    row = {
        "user_id": user.id,
        "title": told[0].strip(),
        "digest": _digest(key),
        "epoch": user.epoch,
        "made": now,
        "expires": now + told[1] * _DAY,
    }
    made = insert(PersonKeyRow).values(row).returning(PersonKeyRow.id)
    return int(connection.execute(made).scalar_one())


def all(database: Database) -> list[PersonKey]:  # noqa: A001 - read as keys.all
    """Return all keys, those that open nothing any more as well, the newest first."""
    return _listed(database, true())


def _listed(
    database: Database, which: ColumnElement[bool], most: int | None = None
) -> list[PersonKey]:
    query = (
        select(table(PersonKeyRow), UserRow.name, UserRow.active, UserRow.epoch.label("now"))
        .join(UserRow, UserRow.id == _keys.user_id)
        .where(which)
        .order_by(_keys.id.desc())
        .limit(most)
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


def revoke_own(database: Database, user: User, number: int) -> None:
    """Make a key of the user who asks void; one that is gone stays gone.

    Raises NoSuchPersonKey for another person's.
    """

    def work(connection: Connection) -> None:
        owner = connection.execute(select(_keys.user_id).where(_keys.id == number)).scalar()
        if owner is None:
            return
        if owner != user.id:
            raise NoSuchPersonKey(number=number)
        connection.execute(delete(PersonKeyRow).where(_keys.id == number))

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
