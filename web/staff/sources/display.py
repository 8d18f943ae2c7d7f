"""A source as staff see it: how it fares in a word, when it runs, and what can be done now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, tzinfo

from catalogue import options
from catalogue.model import Source
from catalogue.watch import Watched
from scheduler.health import Health, health, next_run
from scheduler.quiet import free_from
from scheduler.timetable import Timetable
from web.alerts.digests import HEALTH
from web.language import Translate
from web.schedules import in_words
from web.staff.room import current_room
from web.staff.sources import boxes
from web.staff.words import maintenance

_ORDER = list(Health)
_SOON = 60
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source in the list, and at the head of its own page."""

    watched: Watched
    health: Health
    next: datetime | None
    begins: datetime | None = None
    """When the harvest that is queued can begin, if that is not any moment, and is known."""
    maintenance: bool = False
    """Whether all harvests are paused."""

    @property
    def source(self) -> Source:
        """The source itself."""
        return self.watched.source

    @property
    def word(self) -> str:
        """How it fares, as a message to be translated."""
        return HEALTH[self.health]


def row(watched: Watched) -> Row:
    """Return a source as it is shown at this moment."""
    now, timetable = datetime.now(UTC), current_room().line.timetable
    return Row(
        watched=watched,
        health=health(watched, now, timetable),
        next=_next(watched.source, now, timetable),
        begins=_begins(watched, now, timetable.zone),
        maintenance=maintenance() is not None,
    )


def next_of(source: Source) -> datetime | None:
    """Return when a source runs next, as the head of its page says it."""
    return _next(source, datetime.now(UTC), current_room().line.timetable)


def _next(source: Source, now: datetime, timetable: Timetable) -> datetime | None:
    """Return when a source runs next: after what stands against it, as far as that has an end."""
    due = next_run(source, now, timetable)
    return due and (free_from(source, maintenance(), timetable.zone, due) or due)


def _begins(watched: Watched, now: datetime, zone: tzinfo) -> datetime | None:
    if watched.queued is None:
        return None
    due = now + timedelta(seconds=max(0, watched.queued))
    begins = free_from(watched.source, maintenance(), zone, due)
    return begins if begins is not None and begins > now + timedelta(seconds=_SOON) else None


def healths(those: Iterable[Watched]) -> list[Health]:
    """Return how sources fare at this moment, as they stand: no more than that, for a thousand."""
    now, timetable = datetime.now(UTC), current_room().line.timetable
    return [health(each, now, timetable) for each in those]


def count(found: Iterable[Health]) -> list[tuple[Health, str, int]]:
    """Return how many sources fare how, the worst first; what there is none of is left out."""
    counted = Counter(found)
    return [(kind, HEALTH[kind], counted[kind]) for kind in _ORDER if counted[kind]]


def special(source: Source, translate: Translate) -> list[tuple[str, str]]:
    """Return name and value, in a language, of the settings that are not as usual."""
    return [
        (translate(boxes.LABELS[one.name]), _shown(one.name, value, translate))
        for group in options.GROUPS
        for one in fields(getattr(source, group))
        if (value := options.plain(getattr(source, group)).get(one.name)) is not None
    ]


def _shown(name: str, value: object, translate: Translate) -> str:
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if name == "reconcile":
        return in_words(str(value), translate)
    if name == "headers" and isinstance(value, dict):
        # Their values may be what a server lets us in by.
        return ", ".join(value)
    return "…" if name == "ca_bundle" else str(value)
