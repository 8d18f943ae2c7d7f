"""How often one may try to sign in: kept in the database, so that all web processes count together.

A try counts from its beginning and is forgotten when it succeeds, so a hundred at the same moment
are as many as a hundred one after another.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text

from catalogue.accounts.errors import TooManyTries
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.people_tables import SignInRow

WINDOW = 900
"""Seconds that a failed try is remembered."""
OF_BOTH = 5
"""Tries for one name from one address."""
OF_ADDRESS = 30
"""From one address, whatever the name: a whole library may stand behind it."""
OF_NAME = 60
"""For one name from anywhere: high, or anybody could keep a user out."""


class Tried(NamedTuple):
    """A try under way."""

    who: str
    address: str


def begin(database: Database, name: str, address: str) -> Tried:
    """Count a try to sign in. Raises TooManyTries."""
    tried = Tried(hashlib.sha256(name.encode("utf-8", "replace")).hexdigest(), address)
    too_many = database.writing(lambda connection: _begin(connection, tried))
    if too_many:
        raise TooManyTries(minutes=WINDOW // 60)
    return tried


def succeed(database: Database, tried: Tried) -> None:
    """Forget the tries of somebody who has signed in, from there."""
    same = (SignInRow.who == tried.who, SignInRow.address == tried.address)
    database.writing(lambda connection: connection.execute(delete(SignInRow).where(*same)))


def _begin(connection: Connection, tried: Tried) -> bool:
    now = wall_clock()
    if connection.dialect.name == "postgresql":
        # Two that count at the same moment would not see each other.
        connection.execute(text("LOCK TABLE sign_in IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(delete(SignInRow).where(SignInRow.at <= now - WINDOW))
    by_name, by_address = SignInRow.who == tried.who, SignInRow.address == tried.address
    limits = ((by_name & by_address, OF_BOTH), (by_address, OF_ADDRESS), (by_name, OF_NAME))
    if any(_count(connection, those) >= most for those, most in limits):
        return True
    connection.execute(insert(SignInRow).values(who=tried.who, address=tried.address, at=now))
    return False


def _count(connection: Connection, those: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(SignInRow).where(those)
    return int(connection.execute(query).scalar_one())
