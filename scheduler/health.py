"""How a source fares, in one word: what to look at first in the morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from catalogue.model import RunStatus, Source
from catalogue.watch import Watched
from scheduler.errors import BadSchedule
from scheduler.schedule import trigger

_GOOD = frozenset({RunStatus.SUCCEEDED, RunStatus.LIMITED, RunStatus.CANCELLED, RunStatus.WAITING})
"""One that waits and was decided is carried out by a worker."""


class Health(StrEnum):
    """How a source fares; the worst first."""

    WAITING = "waiting"
    """A run waits for a person to decide."""
    FAILING = "failing"
    """Its last run did not get to the end."""
    LATE = "late"
    """Its schedule came round twice since it last succeeded."""
    PAUSED = "paused"
    NEW = "new"
    """Never harvested."""
    FRESH = "fresh"


def health(watched: Watched, now: datetime, zone: tzinfo) -> Health:
    """Return how a source fares; schedules are meant in a time zone."""
    last = watched.last
    if watched.waiting is not None:
        return Health.WAITING
    if watched.source.paused:
        return Health.PAUSED
    if last is not None and last.status not in _GOOD:
        return Health.FAILING
    if not watched.success:
        return Health.NEW
    return Health.LATE if _is_late(watched, now, zone) else Health.FRESH


def next_run(source: Source, now: datetime, zone: tzinfo) -> datetime | None:
    """Return when a source's schedule comes round next; None where it has none or is paused."""
    return None if source.paused else _round_after(source.schedule, now, zone)


def _is_late(watched: Watched, now: datetime, zone: tzinfo) -> bool:
    at: datetime | None = datetime.fromisoformat(watched.success)
    for _ in range(2):
        at = _round_after(watched.source.schedule, at, zone) if at else None
    return at is not None and at < now


def _round_after(words: str, moment: datetime, zone: tzinfo) -> datetime | None:
    if not words:
        return None
    try:
        rounds = trigger(words, zone)
    except BadSchedule:
        return None
    found: datetime | None = rounds.get_next_fire_time(None, moment + timedelta(seconds=1))
    return found.astimezone(UTC) if found else None
