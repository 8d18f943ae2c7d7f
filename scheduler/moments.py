"""Moments as people write them, meant in the hub's time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from scheduler.errors import BadMoment

_CLOCK = r"(\d{1,2}):(\d\d)"
_TIME = re.compile(_CLOCK)
_DATE = re.compile(rf"(?:(\d{{4}})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)/(\d{{4}}))(?:[ T]{_CLOCK})?")


def moment(words: str, zone: tzinfo, now: datetime) -> datetime:
    """Return the moment meant, UTC. Raises BadMoment.

    The words: ``HH:MM`` for the next one, ``YYYY-MM-DD HH:MM`` or ``DD/MM/YYYY HH:MM``; a date
    alone is its beginning.
    """
    try:
        found = _moment(words.strip(), zone, now)
    except ValueError as error:
        raise BadMoment(words=words[:100], zone=zone) from error
    return found.astimezone(UTC)


def _moment(words: str, zone: tzinfo, now: datetime) -> datetime:
    alone = _TIME.fullmatch(words)
    if alone is not None:
        today = now.astimezone(zone).date()
        at = datetime.combine(today, time(int(alone[1]), int(alone[2])), zone)
        return at if at > now else at + timedelta(days=1)
    found = _DATE.fullmatch(words)
    if found is None:
        raise ValueError(words)
    date = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    year, month, day = map(int, date)
    return datetime(year, month, day, int(found[7] or 0), int(found[8] or 0), tzinfo=zone)
