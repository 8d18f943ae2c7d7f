"""What runs next, and why something does not: worked out from the sources, whether a clock runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from catalogue import clockwork, queue, sources
from catalogue.clockwork import Maintenance
from catalogue.database import Database
from catalogue.model import Source
from catalogue.store.run import KIND, job_key
from scheduler.chores import CHORES, Chore
from scheduler.errors import BadSchedule
from scheduler.health import round_after
from scheduler.quiet import free_from, quiet_until
from scheduler.schedule import trigger
from scheduler.timetable import Timetable
from scheduler.wording import parse


class Reason(StrEnum):
    """Why something that is due will not begin then."""

    NONE = ""
    PAUSED = "paused"
    MAINTENANCE = "maintenance"
    QUIET = "quiet"
    """Its source's quiet hours."""
    UNREADABLE = "unreadable"
    """Its schedule was written by another version of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """One thing that comes next."""

    kind: str
    """``harvest``, or the kind of a chore."""
    source: str = ""
    """The source's name, where it is a harvest."""
    schedule: str = ""
    """In the form it is kept in; empty for a harvest by hand that is queued."""
    at: datetime | None = None
    """When it is due, UTC; None where that cannot be said."""
    begins: datetime | None = None
    """When it can begin, UTC: later than due, or None, where there is a reason against it."""
    reason: Reason = Reason.NONE
    queued: bool = False
    """Whether it is in the queue already, and a worker takes it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What comes next, in order, and how the clock fares."""

    next: tuple[Next, ...]
    led: bool
    """Whether a living clock leads."""
    seen: datetime | None
    """When one last saw to what is due, UTC; within seconds while one leads."""
    maintenance: Maintenance | None
    """Under way or planned."""


def outlook(database: Database, timetable: Timetable, now: datetime) -> Outlook:
    """Return what comes next at a moment, in four short reads however many sources there are."""
    state = clockwork.state(database)
    waiting = queue.waiting(database, KIND)
    found = [_chore(chore, timetable, now) for chore in CHORES]
    for source in sources.all(database):
        due = waiting.get(job_key(source.name))
        if due is not None or source.schedule:
            found.append(_harvest(source, due, timetable, now, state.maintenance))
    last = datetime.max.replace(tzinfo=UTC)
    return Outlook(
        next=tuple(
            sorted(
                (each for each in found if each.at or each.reason),
                key=lambda each: (each.begins or last, each.at or last, each.source),
            )
        ),
        led=clockwork.is_led(database),
        seen=datetime.fromtimestamp(state.seen, UTC) if state.seen else None,
        maintenance=state.maintenance,
    )


def _chore(chore: Chore, timetable: Timetable, now: datetime) -> Next:
    words = chore.words(timetable)
    at = trigger(words, timetable.zone).get_next_fire_time(None, now) if words else None
    at = at.astimezone(UTC) if at else None
    return Next(kind=chore.kind, schedule=words, at=at, begins=at)


def _harvest(
    source: Source,
    due: int | None,
    timetable: Timetable,
    now: datetime,
    maintenance: Maintenance | None,
) -> Next:
    if due is not None:
        at: datetime | None = max(datetime.fromtimestamp(due, UTC), now)
    else:
        at = round_after(source, now, timetable)
    return Next(
        kind=KIND,
        source=source.name,
        schedule=source.schedule,
        at=at,
        begins=free_from(source, maintenance, timetable.zone, at) if at else None,
        reason=_reason(source, at, maintenance, timetable),
        queued=due is not None,
    )


def _reason(
    source: Source, at: datetime | None, maintenance: Maintenance | None, timetable: Timetable
) -> Reason:
    if at is None and not _is_readable(source.schedule):
        return Reason.UNREADABLE
    if source.rests:
        return Reason.PAUSED
    if at is None:
        return Reason.NONE
    if maintenance is not None and maintenance.holds(at.timestamp()):
        return Reason.MAINTENANCE
    return Reason.QUIET if quiet_until(source, timetable.zone, at) else Reason.NONE


def _is_readable(words: str) -> bool:
    try:
        parse(words)
    except BadSchedule:
        return False
    return True
