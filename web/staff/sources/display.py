"""A source as staff see it: how it fares in a word, when it runs, and what can be done now."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from catalogue import options
from catalogue.model import Source
from catalogue.watch import Watched
from scheduler.health import Health, health, next_run
from scheduler.quiet import quiet_until
from web.alerts.digests import HEALTH
from web.language import Translate, mark
from web.staff.room import current_room
from web.staff.sources import boxes

_ORDER = list(Health)
_EVERY = re.compile(r"every (\d+) (minutes|hours)")
_BEATS = {
    "minutes": mark("every {count} minutes"),
    "hours": mark("every {count} hours"),
    "days": mark("every {count} days"),
}
_DAY = 24
_SOON = 60
"""Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source in the list, and at the head of its own page."""

    watched: Watched
    health: Health
    next: datetime | None
    quiet: datetime | None = None
    """When the quiet hours that hold now end."""

    @property
    def source(self) -> Source:
        """The source itself."""
        return self.watched.source

    @property
    def word(self) -> str:
        """How it fares, as a message to be translated."""
        return HEALTH[self.health]

    @property
    def begins(self) -> datetime | None:
        """When the harvest that is queued can begin, if that is not any moment."""
        due = datetime.now(UTC) + timedelta(seconds=self.watched.queued or 0)
        later = due if (self.watched.queued or 0) > _SOON else None
        return max(filter(None, (later, self.quiet)), default=None)


def row(watched: Watched) -> Row:
    """Return a source as it is shown at this moment."""
    now, zone = datetime.now(UTC), current_room().line.zone
    return Row(
        watched=watched,
        health=health(watched, now, zone),
        next=next_run(watched.source, now, zone),
        quiet=quiet_until(watched.source, zone, now),
    )


def count(rows: list[Row]) -> list[tuple[Health, str, int]]:
    """Return how many sources fare how, the worst first; what there is none of is left out."""
    found = ((kind, HEALTH[kind], sum(row.health is kind for row in rows)) for kind in _ORDER)
    return [each for each in found if each[2]]


def schedule(words: str, translate: Translate) -> str:
    """Return a schedule in a language."""
    if not words:
        return translate("by hand")
    every = _EVERY.fullmatch(words)
    if words == "every 1 hours":
        return translate("every hour")
    if every and every[2] == "hours" and not int(every[1]) % _DAY:
        days = int(every[1]) // _DAY
        return translate("every day") if days == 1 else translate(_BEATS["days"]).format(count=days)
    if every:
        return translate(_BEATS[every[2]]).format(count=every[1])
    if words.startswith("daily "):
        return translate("daily at {time}").format(time=words.removeprefix("daily "))
    return words


def special(source: Source, translate: Translate) -> list[tuple[str, str]]:
    """Return name and value, in a language, of the settings that are not as usual."""
    return [
        (translate(boxes.LABELS[one.name]), _shown(one.name, value, translate))
        for group in options.GROUPS
        for one in fields(getattr(source, group))
        if (value := options.plain(getattr(source, group)).get(one.name)) is not None
    ]


def _shown(name: str, value: object, translate: Translate) -> str:
    if name == "reconcile":
        return schedule(str(value), translate)
    if name == "headers" and isinstance(value, dict):
        # Their values may be what a server lets us in by.
        return ", ".join(value)
    return "…" if name == "ca_bundle" else str(value)
