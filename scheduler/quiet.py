"""When a source is left alone: in its quiet hours, and while it is paused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Event

from catalogue import options, sources
from catalogue.database import Database
from catalogue.errors import NoSuchSource
from catalogue.model import Source
from scheduler.errors import QuietHoursBegun, SchedulerError, SourcePaused


def quiet_until(source: Source, zone: tzinfo, now: datetime) -> datetime | None:
    """Return when the quiet hours that hold at ``now`` end, or None if none do.

    The hours are meant in ``zone``; their first minute is quiet, their last is not.
    """
    words = source.connection.quiet_hours
    if not words:
        return None
    begin, end = options.quiet_hours(words)
    local = now.astimezone(zone)
    hour = local.time()
    if not (begin <= hour < end if begin < end else hour >= begin or hour < end):
        return None
    over = datetime.combine(local.date(), end, zone)
    return over if over > local else datetime.combine(local.date() + timedelta(days=1), end, zone)


class LeftAlone(Event):
    """Set once a process has to stop, or a source is to be left alone.

    The source is looked up each time: who pauses it in the middle of a harvest means this harvest.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        zone: tzinfo,
        stopping: Event,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self._database, self._name, self._zone = database, name, zone
        self._stopping, self._clock = stopping, clock
        self._reason: SchedulerError | None = None

    def is_set(self) -> bool:
        """Tell whether to end."""
        if super().is_set() or self._stopping.is_set():
            return True
        try:
            source = sources.get(self._database, self._name)
        except NoSuchSource:
            return False
        until = quiet_until(source, self._zone, self._clock())
        if source.paused:
            self._reason = SourcePaused(name=self._name)
        elif until is not None:
            self._reason = QuietHoursBegun(name=self._name, until=f"{until:%Y-%m-%d %H:%M}")
        if self._reason is not None:
            self.set()
        return super().is_set()

    def reason(self) -> SchedulerError | None:
        """Return why the source is left alone, or None where its process stops."""
        return self._reason
