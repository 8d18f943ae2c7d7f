"""How a source fares, in one word: what to look at first in the morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

from catalogue.model import RunStatus, Source
from catalogue.watch import Watched
from scheduler.errors import BadSchedule
from scheduler.timetable import Timetable

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


def health(watched: Watched, now: datetime, timetable: Timetable) -> Health:
    """Return how a source fares by a timetable."""
    last = watched.last
    if watched.waiting is not None:
        return Health.WAITING
    if watched.source.rests:
        return Health.PAUSED
    if last is not None and last.status not in _GOOD:
        return Health.FAILING
    if not watched.success:
        return Health.NEW
    return Health.LATE if _is_late(watched, now, timetable) else Health.FRESH


def next_run(source: Source, now: datetime, timetable: Timetable) -> datetime | None:
    """Return when a source's schedule comes round next; None where it has none or is paused."""
    return None if source.rests else round_after(source, now, timetable)


def _is_late(watched: Watched, now: datetime, timetable: Timetable) -> bool:
    source = watched.source
    if not source.schedule:
        return False
    late = _second_round(
        (source.schedule, source.name), timetable.zone, timetable.spread_minutes, watched.success
    )
    return late is not None and late < now


@lru_cache(maxsize=8192)
def _second_round(
    named: tuple[str, str], zone: tzinfo, spread: int, success: str
) -> datetime | None:
    """Return when a schedule came round twice since a source succeeded: the same until it does.

    A page of a thousand sources asks for each of them every time it is shown.
    """
    schedule, name = named
    source = Source(name=name, library="", protocol="", url="", schedule=schedule)
    timetable = Timetable(zone=zone, spread_minutes=spread)
    first = round_after(source, datetime.fromisoformat(success), timetable)
    return first and round_after(source, first, timetable)


def round_after(source: Source, moment: datetime, timetable: Timetable) -> datetime | None:
    """Return when a source's schedule comes round after a moment, UTC; None where it has none."""
    if not source.schedule:
        return None
    try:
        rounds = timetable.rounds(source)
    except BadSchedule:
        return None
    found: datetime | None = rounds.get_next_fire_time(None, moment + timedelta(seconds=1))
    return found.astimezone(UTC) if found else None
