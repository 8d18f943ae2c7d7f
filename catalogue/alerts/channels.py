"""Who is told, by what and of what."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, func, insert, select, update

from catalogue import libraries
from catalogue.alerts.addresses import check_mail
from catalogue.alerts.errors import (
    BadChannelName,
    BadWebhook,
    ChannelTaken,
    NoSuchChannel,
    NothingToTell,
    TwoScopes,
)
from catalogue.alerts.model import Channel, ChannelKind, Kind, Rhythm
from catalogue.alerts.tables import ChannelRow, MessageRow, ScopeRow
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.members import contacts
from catalogue.members.tables import ContactChannelRow, ContactRow
from catalogue.shortnames import is_short_name
from catalogue.sources import configured
from catalogue.sql import table
from catalogue.tables import LibraryRow, SourceRow
from crosswalks.model import Severity

_LONGEST_URL = 2000

_channels, _scopes, _messages = table(ChannelRow), table(ScopeRow), table(MessageRow)
_libraries, _sources = table(LibraryRow), table(SourceRow)


def all(database: Database) -> list[Channel]:  # noqa: A001 - read as channels.all
    """Return all channels by name."""
    with database.reading() as connection:
        return some(connection)


def get(database: Database, name: str) -> Channel:
    """Return one channel. Raises NoSuchChannel."""
    with database.reading_primary() as connection:
        return _one(connection, name)


def add(database: Database, wanted: Channel) -> Channel:
    """Keep a channel, and return it as it is kept.

    Raises BadChannelName, ChannelTaken, BadMailAddress, BadWebhook, TwoScopes, NothingToTell,
    NoSuchSource or NoSuchLibrary.
    """
    check(wanted)

    def work(connection: Connection) -> Channel:
        if connection.execute(_query().where(_channels.c.name == wanted.name)).first():
            raise ChannelTaken(name=wanted.name)
        columns = _columns(connection, wanted)
        number = connection.execute(
            insert(_channels).values(columns).returning(_channels.c.id)
        ).scalar_one()
        if not columns["target"]:
            contacts.link(
                *(connection, number, columns["library_id"], wanted.library), mail=wanted.target
            )
        for name in dict.fromkeys(wanted.sources):
            key = configured(connection, name).id
            connection.execute(insert(_scopes).values(channel_id=number, source_id=key))
        return _one(connection, wanted.name)

    return database.writing(work)


def renew_key(database: Database, name: str) -> Channel:
    """Have a channel's messages signed by another key from now on. Raises NoSuchChannel."""

    def work(connection: Connection) -> Channel:
        found = _one(connection, name)
        connection.execute(
            update(_channels).where(_channels.c.id == found.id).values(salt=new_salt())
        )
        return _one(connection, name)

    return database.writing(work)


def remove(database: Database, name: str) -> Channel:
    """Tell somebody no more; what waits to be sent is dropped. Raises NoSuchChannel."""

    def work(connection: Connection) -> Channel:
        found = _one(connection, name)
        remove_within(connection, found)
        return found

    return database.writing(work)


def remove_within(connection: Connection, channel: Channel) -> None:
    """Tell somebody no more, together with what that is done for."""
    contacts.unlink(connection, channel.id)
    for rows, column in ((_messages, "channel_id"), (_scopes, "channel_id"), (_channels, "id")):
        connection.execute(delete(rows).where(rows.c[column] == channel.id))


def check(wanted: Channel) -> None:
    """Raise what is wrong with a channel, as far as it can be told without a look at the rows."""
    if not is_short_name(wanted.name):
        raise BadChannelName(name=wanted.name)
    if wanted.kind is ChannelKind.MAIL:
        check_mail(wanted.target)
    elif not _is_webhook(wanted.target):
        raise BadWebhook(url=wanted.target)
    if wanted.sources and wanted.library:
        raise TwoScopes
    if wanted.severity is None and not wanted.digest:
        raise NothingToTell(name=wanted.name)


def some(connection: Connection, *conditions: Any) -> list[Channel]:
    """Return the channels that meet conditions, by name, within a snapshot."""
    rows = connection.execute(_query().where(*conditions).order_by(_channels.c.name)).all()
    scopes: dict[int, list[str]] = defaultdict(list)
    named = (
        select(_scopes.c.channel_id, _sources.c.code)
        .join(_sources, _sources.c.id == _scopes.c.source_id)
        .order_by(_sources.c.code)
    )
    for channel_id, code in connection.execute(named) if rows else ():
        scopes[channel_id].append(code)
    return [_channel(row, tuple(scopes[row.id])) for row in rows]


def _is_webhook(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST_URL
    bare = parts.username is None and not parts.fragment and port != 0
    return plain and bare and parts.scheme in ("http", "https") and bool(parts.hostname)


def _one(connection: Connection, name: str) -> Channel:
    found = some(connection, _channels.c.name == name)
    if not found:
        raise NoSuchChannel(name=name)
    return found[0]


def _columns(connection: Connection, wanted: Channel) -> dict[str, Any]:
    library = libraries.key_of(connection, wanted.library) if wanted.library else None
    # The address of a library's contact is kept with the contact alone.
    of_contact = library is not None and wanted.kind is ChannelKind.MAIL
    return {
        "name": wanted.name,
        "kind": wanted.kind.value,
        "target": "" if of_contact else wanted.target,
        "language": wanted.language,
        "severity": wanted.severity.value if wanted.severity else "",
        "kinds": " ".join(wanted.kinds),
        "library_id": library,
        "digest": wanted.digest.value,
        "salt": new_salt(),
        "created": wall_clock(),
    }


def new_salt() -> str:
    """Return what the key of a channel's signatures is made of."""
    return secrets.token_urlsafe(24)


def _query() -> Any:
    mail = func.coalesce(ContactRow.mail, _channels.c.target).label("address")
    return (
        select(*_channels.c, _libraries.c.code.label("library"), mail)
        .outerjoin(_libraries, _libraries.c.id == _channels.c.library_id)
        .outerjoin(ContactChannelRow, ContactChannelRow.channel_id == _channels.c.id)
        .outerjoin(ContactRow, ContactRow.id == ContactChannelRow.contact_id)
    )


def _channel(row: Any, sources: tuple[str, ...]) -> Channel:
    return Channel(
        id=row.id,
        name=row.name,
        kind=ChannelKind(row.kind),
        target=row.address,
        language=row.language,
        severity=Severity(row.severity) if row.severity else None,
        kinds=tuple(map(Kind, row.kinds.split())),
        sources=sources,
        library=row.library or "",
        digest=Rhythm(row.digest),
        salt=row.salt,
        created=row.created,
    )
