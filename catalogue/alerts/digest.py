"""The figures of one digest, read in one snapshot, and whether it was written already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from catalogue import libraries, watch
from catalogue.alerts import outbox
from catalogue.alerts.figures import (
    Place,
    Span,
    alerts_of,
    places,
    quarantined,
    sums,
    to_mend,
)
from catalogue.alerts.model import Channel, Draft
from catalogue.alerts.tables import MessageRow
from catalogue.database import Database
from catalogue.sql import table
from catalogue.tickets.looking import count_unfinished

_messages = table(MessageRow)


def is_written(database: Database, channel: Channel, period: str) -> bool:
    """Tell whether a channel's digest of a period stands in the outbox, sent or not."""
    query = select(_messages.c.id).where(
        _messages.c.channel_id == channel.id, _messages.c.period == period
    )
    with database.reading_primary() as connection:
        return connection.execute(query).first() is not None


def put(database: Database, channel: Channel, draft: Draft, now: int) -> bool:
    """Write a digest into the outbox, unless there is one for its period."""
    return database.writing(lambda connection: outbox.put(connection, channel, draft, now))


def figures(
    database: Database, channel: Channel, span: Span, states: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a digest tells a channel, as JSON.

    It begins where the last one ended, or with ``span``. ``states`` says by name how sources fare.
    """
    with database.reading_primary() as connection:
        span = Span(outbox.last_period_end(connection, channel) or span.since, span.until)
        wanted = _places(connection, channel)
        is_part = bool(channel.library or channel.sources)
        ids = [place.id for place in wanted] if is_part else None
        return {
            "since": span.since,
            "library": channel.library,
            "title": wanted[0].title if channel.library and wanted else "",
            "sources": _sources(connection, wanted, span, states),
            "alerts": alerts_of(connection, span, ids),
            "mend": to_mend(connection, wanted) if channel.library else [],
            "tickets": _tickets(connection, channel),
        }


def _places(connection: Connection, channel: Channel) -> list[Place]:
    return [
        place
        for place in places(connection)
        if (not channel.library or place.library == channel.library)
        and (not channel.sources or place.name in channel.sources)
    ]


def _tickets(connection: Connection, channel: Channel) -> int:
    """Return how many errors that readers reported wait, of all or of the channel's library."""
    if channel.sources:
        return 0
    key = libraries.find(connection, channel.library) if channel.library else None
    return count_unfinished(connection, key)


def _sources(
    connection: Connection, wanted: Sequence[Place], span: Span, states: Mapping[str, str]
) -> list[dict[str, Any]]:
    ids = [place.id for place in wanted]
    came, kept = sums(connection, span, ids), quarantined(connection, ids)
    nothing = dict.fromkeys(("runs", "delivered", "added", "changed", "deleted"), 0)
    success = {
        each.source.name: each.success
        for each in watch.watched(connection, [place.name for place in wanted])
    }
    return [
        {
            "name": place.name,
            "state": states.get(place.name, ""),
            "success": success.get(place.name, ""),
            **came.get(place.id, nothing),
            "quarantined": kept.get(place.id, 0),
        }
        for place in wanted
    ]
