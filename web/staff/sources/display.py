"""A source as staff see it: how it fares in a word, when it runs, and what can be done now."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from catalogue import options
from catalogue.model import Source
from catalogue.watch import Watched
from scheduler.health import Health, health, next_run
from web.language import Translate, mark
from web.staff.room import current_room

HEALTH = {
    Health.WAITING: mark("waits for a decision"),
    Health.FAILING: mark("failing"),
    Health.LATE: mark("late"),
    Health.PAUSED: mark("paused"),
    Health.NEW: mark("never harvested"),
    Health.FRESH: mark("fresh"),
}
_ORDER = list(Health)
_EVERY = re.compile(r"every (\d+) (minutes|hours)")
_BEATS = {"minutes": mark("every {count} minutes"), "hours": mark("every {count} hours")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source in the list, and at the head of its own page."""

    watched: Watched
    health: Health
    next: datetime | None

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
    now, zone = datetime.now(UTC), current_room().line.zone
    return Row(
        watched=watched,
        health=health(watched, now, zone),
        next=next_run(watched.source, now, zone),
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
    if every:
        return translate(_BEATS[every[2]]).format(count=every[1])
    if words.startswith("daily "):
        return translate("daily at {time}").format(time=words.removeprefix("daily "))
    return words


def special(source: Source) -> list[tuple[str, str, str]]:
    """Return (group, name, value) of the settings that are not as usual."""
    return [
        (group, one.name, _shown(one.name, value))
        for group in options.GROUPS
        for one in fields(getattr(source, group))
        if (value := options.plain(getattr(source, group)).get(one.name)) is not None
    ]


def _shown(name: str, value: object) -> str:
    if name == "headers" and isinstance(value, dict):
        # Their values may be what a server lets us in by.
        return ", ".join(value)
    return "…" if name == "ca_bundle" else str(value)
