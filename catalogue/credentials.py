"""What sources sign in with: kept under names, encrypted, and never given out again.

The key is made of the hub's ``secret.key``, which is in no database: who has a copy of the database
alone can read none of this. The name is sealed in as well, so that a row cannot pass for another.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, delete, select

from catalogue import sources
from catalogue.clock import wall_clock
from catalogue.credential_tables import CredentialsRow
from catalogue.database import Database
from catalogue.errors import (
    BadCredentials,
    CredentialsInUse,
    CredentialsSealed,
    NoSuchCredentials,
)
from catalogue.sql import dialect_insert
from crosswalks.errors import Said

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WHERE = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
"""The name of a header (RFC 9110 s5.6.2), which does for an argument as well."""
_LONGEST = 8192


class Kind(StrEnum):
    """How one signs in."""

    BASIC = "basic"
    """User name and password (RFC 7617)."""
    BEARER = "bearer"
    """A token (RFC 6750)."""
    HEADER = "header"
    """A key in a header of a name of its own."""
    QUERY = "query"
    """A key in an argument of each request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Opened credentials."""

    name: str
    kind: Kind
    secret: str = field(repr=False)
    user: str = ""
    """Of basic authentication."""
    where: str = ""
    """The header's or argument's name, of a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What may be told of credentials."""

    name: str
    kind: Kind
    made: int
    """Epoch seconds."""
    sources: tuple[str, ...]
    """The sources that name them."""


def put(database: Database, key: bytes, credentials: Credentials) -> None:
    """Keep credentials under their name, in place of those there were. Raises BadCredentials."""
    check(credentials)
    sealed = _seal(key, credentials)
    row = {"kind": credentials.kind.value, "sealed": sealed, "made": wall_clock()}

    def work(connection: Connection) -> None:
        statement = dialect_insert(connection, CredentialsRow).values(name=credentials.name, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))

    database.writing(work)


def get(database: Database, key: bytes, name: str) -> Credentials:
    """Return credentials, opened. Raises NoSuchCredentials or CredentialsSealed."""
    with database.reading() as connection:
        row = connection.execute(
            select(CredentialsRow.sealed).where(CredentialsRow.name == name)
        ).one_or_none()
    if row is None:
        raise NoSuchCredentials(name=name)
    told = _open(key, name, row.sealed)
    return Credentials(
        name=name,
        kind=Kind(told["kind"]),
        secret=told["secret"],
        user=told["user"],
        where=told["where"],
    )


def all(database: Database) -> list[Stored]:  # noqa: A001 - read as credentials.all
    """Return what may be told of all credentials, by name."""
    users: dict[str, list[str]] = {}
    for source in sources.all(database):
        users.setdefault(source.connection.credentials, []).append(source.name)
    columns = (CredentialsRow.name, CredentialsRow.kind, CredentialsRow.made)
    with database.reading() as connection:
        rows = connection.execute(select(*columns).order_by(CredentialsRow.name)).all()
    return [
        Stored(
            name=row.name,
            kind=Kind(row.kind),
            made=row.made,
            sources=tuple(users.get(row.name, ())),
        )
        for row in rows
    ]


def remove(database: Database, name: str) -> None:
    """Forget credentials. Raises NoSuchCredentials, or CredentialsInUse while a source has them."""
    found = {each.name: each for each in all(database)}
    if name not in found:
        raise NoSuchCredentials(name=name)
    if found[name].sources:
        raise CredentialsInUse(name=name, sources=", ".join(found[name].sources))
    database.writing(
        lambda connection: connection.execute(
            delete(CredentialsRow).where(CredentialsRow.name == name)
        )
    )


def check(credentials: Credentials) -> Credentials:
    """Return credentials that can be sent, or raise BadCredentials that says what is missing."""
    kind = credentials.kind
    secret = credentials.secret
    wanted: Said | None = None
    if not _NAME.fullmatch(credentials.name):
        wanted = Said(
            "a name of 1 to 64 letters A-Z, a-z, digits, dots, hyphens or underscores", {}
        )
    elif not secret or len(secret) > _LONGEST or not secret.isprintable():
        wanted = Said("a password or key on one line", {})
    elif kind is Kind.BASIC and (not credentials.user or ":" in credentials.user):
        wanted = Said("a user name without a colon", {})
    elif kind in (Kind.HEADER, Kind.QUERY) and not _WHERE.fullmatch(credentials.where):
        wanted = Said("the name of the header or argument that carries the key", {})
    if wanted is not None:
        raise BadCredentials(name=credentials.name, wanted=wanted)
    return credentials


def _seal(key: bytes, credentials: Credentials) -> bytes:
    told = {
        "name": credentials.name,
        "kind": credentials.kind.value,
        "secret": credentials.secret,
        "user": credentials.user,
        "where": credentials.where,
    }
    return _cipher(key).encrypt(json.dumps(told).encode())


def _open(key: bytes, name: str, sealed: bytes) -> Mapping[str, str]:
    try:
        told: dict[str, str] = json.loads(_cipher(key).decrypt(sealed))
    except (InvalidToken, ValueError) as error:
        raise CredentialsSealed(name=name) from error
    if told["name"] != name:
        raise CredentialsSealed(name=name)
    return told


def _cipher(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(key))
