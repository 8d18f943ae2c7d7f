"""When a source is left alone: in its quiet hours, while it is paused, in maintenance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Event

from catalogue import clockwork, options, sources
from catalogue.clockwork import Maintenance
from catalogue.database import Database
from catalogue.errors import NoSuchSource
from catalogue.model import Source
from scheduler.errors import MaintenanceBegun, QuietHoursBegun, SchedulerError, SourcePaused


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


def named_free_from(
    database: Database, name: str, zone: tzinfo, moment: datetime
) -> datetime | None:
    """Return ``free_from`` of a source as it and the maintenance stand now. Raises NoSuchSource."""
    window = clockwork.maintenance(database)
    return free_from(sources.get(database, name), window, zone, moment)


def free_from(
    source: Source, maintenance: Maintenance | None, zone: tzinfo, moment: datetime
) -> datetime | None:
    """Return when a harvest that is due at a moment may begin: then, or once nothing is against it.

    None where nobody knows: the source is paused, or a maintenance window has no end.
    """
    if source.rests:
        return None
    # What ends the one may lie in the other; after both there is nothing more.
    for _ in range(3):
        if maintenance is not None and maintenance.holds(moment.timestamp()):
            if maintenance.ends is None:
                return None
            moment = datetime.fromtimestamp(maintenance.ends, UTC)
        moment = quiet_until(source, zone, moment) or moment
    return moment


class LeftAlone(Event):
    """Set once a process has to stop, or a source is to be left alone.

    It is looked up each time: who pauses it in the middle of a harvest means this harvest.
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
        now = self._clock()
        until = quiet_until(source, self._zone, now)
        maintenance = clockwork.state(self._database).maintenance
        if maintenance is not None and maintenance.holds(now.timestamp()):
            self._reason = MaintenanceBegun(name=self._name)
        elif source.rests:
            self._reason = SourcePaused(name=self._name)
        elif until is not None:
            self._reason = QuietHoursBegun(name=self._name, until=f"{until:%Y-%m-%d %H:%M}")
        if self._reason is not None:
            self.set()
        return super().is_set()

    def reason(self) -> SchedulerError | None:
        """Return why the source is left alone, or None where its process stops."""
        return self._reason
