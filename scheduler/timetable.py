"""When this hub works by itself: what its schedules are meant in, spread by, and do when missed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from catalogue.model import Source

if TYPE_CHECKING:
    from apscheduler.triggers.base import BaseTrigger

_MINUTE = 60
SLACK = timedelta(minutes=2)
"""So late a round is not missed: another clock needs a minute to find that it has to lead."""


class Missed(StrEnum):
    """What is done for the rounds that came while no clock ran."""

    ONCE = "once"
    """One harvest for all of them."""
    SKIP = "skip"
    """Nothing: the next round is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The settings by which schedules are meant."""

    zone: tzinfo = UTC
    spread_minutes: int = 0
    """Over so long the sources are spread that are due at one time; each keeps its own place."""
    missed: Missed = Missed.ONCE
    chores: Mapping[str, str] = field(default_factory=dict)
    """Schedules of what the hub does for itself, by kind, where not the usual; empty: never."""
    relist: str = ""
    """When sources that tell of no deletions are compared with their complete list; empty: when
    they say so themselves."""

    def rounds(self, source: Source) -> BaseTrigger:
        """Return what tells when a source is due. Raises BadSchedule."""
        from scheduler.schedule import Later, trigger  # noqa: PLC0415 - few commands need it

        rounds = trigger(source.schedule, self.zone)
        place = self._place(source.name)
        return Later(rounds, place) if place else rounds

    def since(self, seen: datetime | None, now: datetime) -> datetime:
        """Return from when on rounds count, for a clock that begins to lead.

        ``seen`` is when a clock last saw to what is due, if one ever did. A little before that, and
        before now, in any case: a clock that died may have had something in hand, and a harvest
        that is queued twice finds nothing new the second time.
        """
        lately = now - SLACK
        if seen is None or self.missed is Missed.SKIP:
            return lately
        # Not later, whatever the machine's clock once said.
        return min(seen - SLACK, lately)

    def _place(self, name: str) -> timedelta:
        # By its name alone, so that it is the same on each machine and after each start.
        number = int.from_bytes(sha256(name.encode()).digest()[:8], "big")
        return timedelta(seconds=number % max(1, self.spread_minutes * _MINUTE))
