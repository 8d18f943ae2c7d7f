"""Digests: what happened in a day or a week and what is to be mended, for staff and for members.

The figures are gathered when a digest is queued, and put into words when it is sent; each stands
in the outbox under its day or week, so nobody gets two for one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from catalogue import watch
from catalogue.alerts import channels, digest
from catalogue.alerts.figures import Span
from catalogue.alerts.model import Channel, Draft, MessageKind, Rhythm
from catalogue.database import Database
from scheduler.health import health
from scheduler.timetable import Timetable

_SPANS = {Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7)}

_log = logging.getLogger(__name__)


def queue_digests(database: Database, now: datetime) -> int:
    """Write the digests that are due into the outbox, and return how many were.

    ``now`` is in the hub's time zone: it says which day and week it is. A daily one is due once a
    day, a weekly one once a week (ISO 8601, from Monday on); what was missed on Monday comes later.
    """
    due = [each for each in channels.all(database) if each.digest]
    written = 0
    states: dict[str, str] | None = None
    for channel in due:
        if digest.is_written(database, channel, period_of(channel, now)):
            continue
        states = _states(database, now) if states is None else states
        figures = gather(database, channel, now, states)
        draft = Draft(MessageKind.DIGEST, figures, figures["period"])
        written += digest.put(database, channel, draft, int(now.timestamp()))
    if written:
        _log.info("%d digests were queued.", written)
    return written


def figures_now(database: Database, channel: Channel, now: datetime) -> Mapping[str, Any]:
    """Return what a channel's digest would tell if it were due, up to this very second."""
    return gather(database, channel, now + timedelta(seconds=1), _states(database, now))


def gather(
    database: Database, channel: Channel, now: datetime, states: Mapping[str, str]
) -> dict[str, Any]:
    """Return a digest's figures, from the end of the last one on; JSON."""
    until = int(now.timestamp())
    span = _SPANS.get(channel.digest, _SPANS[Rhythm.WEEKLY])
    head = {
        "rhythm": (channel.digest or Rhythm.WEEKLY).value,
        "period": period_of(channel, now),
        "until": until,
    }
    usual = Span(int((now - span).timestamp()), until)
    return head | digest.figures(database, channel, usual, states)


def period_of(channel: Channel, now: datetime) -> str:
    """Return the name of the day or week that a digest is for: 2026-11-28 or 2026-W48."""
    if channel.digest is Rhythm.DAILY:
        return now.date().isoformat()
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02}"


def _states(database: Database, now: datetime) -> dict[str, str]:
    assert now.tzinfo is not None
    return {
        each.source.name: health(each, now, Timetable(zone=now.tzinfo)).value
        for each in watch.all_sources(database)
    }
