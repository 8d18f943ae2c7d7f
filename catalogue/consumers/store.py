"""Who takes the catalogue with a key, and what the key lets them see.

A key is shown once, when it is made; what is kept is its digest. It has 192 random bits, so nobody
finds one by trying, and a digest that is quick to work out is as good as a slow one.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from catalogue.clock import wall_clock
from catalogue.consumers.errors import (
    BadConsumerName,
    ConsumerChanged,
    ConsumerTaken,
    NoSuchConsumer,
    NoSuchFormat,
    NoSuchSetSpec,
    TooManyRequests,
)
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.forms import KINDS, PIVOT_FORM
from catalogue.holdings.touched import wake_clusters
from catalogue.libraries import key_of
from catalogue.model import SetInfo, Sharing
from catalogue.shortnames import is_short_name
from catalogue.sql import Prepared, table
from catalogue.tables import ConsumerRow, LibraryRow, QuerySetRow, SetRow, ViewRow

FORMATS = (PIVOT_FORM, *(kind.prefix for kind in KINDS))
PREFIX = "lt_"
"""Begins each key: so it is known for one where it turns up."""
MOST_A_MINUTE = 1_000_000
"""More is no limit; the column holds 31 bits."""
_consumers = table(ConsumerRow).c
_OWN = ("id", "name", "title", "view", "sets", "prefixes", "per_minute", "created")
_COLUMNS = (*_OWN, "library")
_ALL = (
    select(*(_consumers[name] for name in _OWN), func.coalesce(LibraryRow.code, ""))
    .join_from(table(ConsumerRow), LibraryRow, LibraryRow.id == _consumers.library_id, isouter=True)
    .where(~_consumers.removed)
)
_BY_KEY = Prepared(_ALL.where(_consumers.digest == bindparam("digest")))


def all(database: Database) -> list[Consumer]:  # noqa: A001 - read as store.all
    """Return the consumers there are, by name."""
    with database.reading() as connection:
        return list(_read(connection).values())


def get(database: Database, name: str) -> Consumer:
    """Return a consumer. Raises NoSuchConsumer."""
    with database.reading() as connection:
        return _one(connection, name)


def sets(database: Database) -> list[SetInfo]:
    """Return the sets that a consumer can be left with, by setSpec."""
    gone = select(QuerySetRow.set_id).where(QuerySetRow.removed)
    query = (
        select(SetRow.spec, func.coalesce(func.nullif(LibraryRow.name, ""), SetRow.name))
        .outerjoin(LibraryRow, SetRow.spec == "library:" + LibraryRow.code)
        .where(SetRow.id.not_in(gone))
        .order_by(SetRow.spec)
    )
    with database.reading() as connection:
        return [SetInfo(spec=spec, name=name) for spec, name in connection.execute(query)]


def by_key(database: Database, key: str) -> Consumer | None:
    """Return whose key this is, if anybody's."""
    with database.reading() as connection:
        rows = _BY_KEY.rows(connection, digest=_digest(key))
    return _consumer(*rows[0]) if rows else None


def add(database: Database, wanted: Consumer) -> str:
    """Keep a consumer and return its key; it sees its view as soon as there is one.

    A view that nobody had until now is filled in the background. Raises BadConsumerName,
    ConsumerTaken, NoSuchFormat, NoSuchLibrary, NoSuchSetSpec or TooManyRequests.
    """
    if not is_short_name(wanted.name):
        raise BadConsumerName(name=wanted.name)
    key = _new_key()

    def work(connection: Connection) -> None:
        taken = select(_consumers.id).where(_consumers.name == wanted.name)
        if connection.execute(taken).first():
            raise ConsumerTaken(name=wanted.name)
        fixed = {"name": wanted.name, "digest": _digest(key), "created": wall_clock()}
        row = {**fixed, "removed": False, **_columns(connection, wanted)}
        connection.execute(insert(table(ConsumerRow)), [row])

    database.writing(work)
    return key


def change(database: Database, wanted: Consumer, seen: str = "") -> None:
    """Change what a consumer is called, sees and may take.

    ``seen`` is the fingerprint that a person saw, which must still be the consumer's. Raises
    NoSuchConsumer, ConsumerChanged and what ``add`` does.
    """

    def work(connection: Connection) -> None:
        found = _one(connection, wanted.name)
        if seen not in ("", found.fingerprint):
            raise ConsumerChanged(name=wanted.name)
        _update(connection, wanted.name, **_columns(connection, wanted))

    database.writing(work)


def renew_key(database: Database, name: str) -> str:
    """Return a new key; the one before is void from now on. Raises NoSuchConsumer."""
    key = _new_key()

    def work(connection: Connection) -> None:
        _one(connection, name)
        _update(connection, name, digest=_digest(key))

    database.writing(work)
    return key


def remove(database: Database, name: str) -> None:
    """Make a consumer's key void; what it took stays told. Raises NoSuchConsumer."""

    def work(connection: Connection) -> None:
        _one(connection, name)
        _update(connection, name, removed=True)

    database.writing(work)


def _update(connection: Connection, name: str, **values: Any) -> None:
    these = update(table(ConsumerRow)).where(_consumers.name == name)
    connection.execute(these.values(values))


def _columns(connection: Connection, wanted: Consumer) -> dict[str, Any]:
    for prefix in wanted.prefixes:
        if prefix not in FORMATS:
            raise NoSuchFormat(name=prefix, known=", ".join(FORMATS))
    for spec in wanted.sets:
        if connection.execute(select(SetRow.id).where(SetRow.spec == spec)).first() is None:
            raise NoSuchSetSpec(name=spec)
    if not 0 <= wanted.per_minute <= MOST_A_MINUTE:
        raise TooManyRequests(given=wanted.per_minute, most=MOST_A_MINUTE)
    _have_view(connection, wanted.view)
    return {
        "title": wanted.title,
        "view": wanted.view.value,
        "sets": " ".join(wanted.sets),
        "prefixes": " ".join(wanted.prefixes),
        "per_minute": wanted.per_minute,
        "library_id": key_of(connection, wanted.library) if wanted.library else None,
    }


def _have_view(connection: Connection, audience: Sharing) -> None:
    """Make the view of an audience if there is none; all clusters are made again for it."""
    views = table(ViewRow).c
    if connection.execute(select(views.id).where(views.name == audience.value)).first():
        return
    policy = select(views.policy_id).where(views.name == Sharing.PUBLIC.value)
    row = {"name": audience.value, "audience": audience.value}
    policy_id = connection.execute(policy).scalar_one()
    connection.execute(insert(table(ViewRow)), [row | {"policy_id": policy_id}])
    wake_clusters(connection)


def _new_key() -> str:
    return PREFIX + secrets.token_urlsafe(24)


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _one(connection: Connection, name: str) -> Consumer:
    found = _read(connection)
    if name not in found:
        raise NoSuchConsumer(name=name)
    return found[name]


def _read(connection: Connection) -> dict[str, Consumer]:
    rows = connection.execute(_ALL.order_by(_consumers.name))
    return {row.name: _consumer(*row) for row in rows}


def _consumer(*values: Any) -> Consumer:
    row = dict(zip(_COLUMNS, values, strict=True))
    row["view"] = Sharing(row["view"])
    row["sets"], row["prefixes"] = tuple(row["sets"].split()), tuple(row["prefixes"].split())
    return Consumer(**row)
