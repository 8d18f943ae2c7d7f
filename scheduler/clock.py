"""The clock: queues harvests when the sources' schedules come round, and does nothing else.

Any number of clocks may run; one leads, the others stand by and take over. APScheduler's jobs live
in memory only and are made from the sources again and again, so a schedule that was changed holds
from the next look on.
"""

from __future__ import annotations

import logging
from collections import deque
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Event

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from catalogue import queue, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.model import Source
from catalogue.queue import LEASE_SECONDS
from catalogue.store.run import KIND, job_key
from scheduler import housekeeping
from scheduler.errors import BadSchedule
from scheduler.loop import repeat
from scheduler.quiet import quiet_until
from scheduler.schedule import trigger
from scheduler.turn import Turn

LOOK_SECONDS = 2.0
_OVERLAP = timedelta(seconds=2 * LEASE_SECONDS)
"""A new leader looks so far back: the one before may have died with something due in hand.

A harvest that is queued twice for it finds nothing new the second time.
"""

_log = logging.getLogger(__name__)


class Clock:
    """One clock of the hub, with the time zone that the schedules are meant in."""

    def __init__(
        self, database: Database, zone: tzinfo, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._database = database
        self._zone = zone
        self._look_seconds = look_seconds
        self._turn = Turn(database, "clock")
        self._leads = False
        self._seen = datetime.now(UTC)
        self._known: dict[str, str] = {}
        self._sources: dict[str, Source] = {}
        self._due: deque[str] = deque()
        self._chores: deque[str] = deque()
        # In its own thread it only says what is due: a database that is away must lose nothing.
        self._scheduler = BackgroundScheduler(
            executors={"default": DebugExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )

    def run(self, stopping: Event) -> None:
        """Lead or stand by until told to stop; then let another lead at once."""
        self._scheduler.start()
        try:
            repeat(self._look, stopping, self._look_seconds)
        finally:
            self._scheduler.shutdown()
            self._turn.give_up()

    def _look(self) -> bool:
        now = datetime.now(UTC)
        if self._turn.ours() != self._leads:
            self._change_places(now)
        if self._leads:
            self._rebuild()
            # It sleeps until the next job is due, and oversleeps where the machine's clock jumps.
            self._scheduler.wakeup()
            self._queue()
            self._seen = now
        return False

    def _change_places(self, now: datetime) -> None:
        self._leads = not self._leads
        self._seen = now - _OVERLAP
        self._scheduler.remove_all_jobs()
        self._known.clear()
        self._due.clear()
        self._chores.clear()
        if self._leads:
            self._schedule_chores()
        _log.info("This clock leads." if self._leads else "Another clock leads; this one waits.")

    def _schedule_chores(self) -> None:
        rounds = trigger(housekeeping.AT, self._zone)
        first = rounds.get_next_fire_time(None, self._seen)
        self._scheduler.add_job(
            self._chores.append, rounds, args=[housekeeping.KIND], next_run_time=first
        )

    def _rebuild(self) -> None:
        found = {source.name: source for source in sources.all(self._database)}
        wanted = {name: "" if one.paused else one.schedule for name, one in found.items()}
        for name, words in wanted.items():
            if self._known.get(name, "") != words:
                self._schedule(name, words)
        self._known, self._sources = wanted, found

    def _schedule(self, name: str, words: str) -> None:
        if self._scheduler.get_job(name) is not None:
            self._scheduler.remove_job(name)
        if not words:
            return
        try:
            rounds = trigger(words, self._zone)
        except BadSchedule as error:
            _log.warning("%s: %s", name, error)
            return
        first = rounds.get_next_fire_time(None, self._seen)
        self._scheduler.add_job(self._due.append, rounds, args=[name], id=name, next_run_time=first)

    def _queue(self) -> None:
        while self._due:
            name = self._due[0]
            queue.enqueue(self._database, KIND, job_key(name), self._when(name))
            self._due.popleft()
        while self._chores:
            housekeeping.queue_prune(self._database)
            self._chores.popleft()

    def _when(self, name: str) -> int:
        """Return when a source that is due may be harvested: after its quiet hours."""
        source = self._sources.get(name)
        over = source and quiet_until(source, self._zone, datetime.now(UTC))
        return int(over.timestamp()) if over else wall_clock()
