"""The clock: queues harvests when the sources' schedules come round, and does nothing else.

Any number of clocks may run; one leads, the others stand by and take over. APScheduler's jobs live
in memory only and are made from the sources again whenever one of these changed, so a schedule that
was changed holds from the next look on.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from catalogue import clockwork, queue, sources
from catalogue.clock import wall_clock
from catalogue.clockwork import CLOCK, State
from catalogue.database import Database
from catalogue.model import Source
from catalogue.store.run import KIND, job_key
from scheduler.chores import CHORES, Chore
from scheduler.errors import BadSchedule
from scheduler.loop import repeat
from scheduler.quiet import free_from
from scheduler.schedule import trigger
from scheduler.timetable import SLACK, Missed, Timetable
from scheduler.turn import RENEW_SECONDS, Turn

if TYPE_CHECKING:
    from apscheduler.triggers.base import BaseTrigger

LOOK_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Clock:
    """One clock of the hub, with the timetable by which the schedules are meant."""

    def __init__(
        self,
        database: Database,
        timetable: Timetable,
        look_seconds: float = LOOK_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._timetable = timetable
        self._look_seconds = look_seconds
        self._now = now
        self._turn = Turn(database, CLOCK)
        self._leads = False
        self._since = self._seen = now()
        self._noted = 0.0
        self._read: int | None = None
        self._known: dict[str, str] = {}
        self._sources: dict[str, Source] = {}
        self._due: deque[str] = deque()
        self._chores: deque[Chore] = deque()
        # In its own thread it only says what is due: a database that is away must lose nothing.
        skips = timetable.missed is Missed.SKIP
        grace = int(SLACK.total_seconds()) if skips else None
        self._scheduler = BackgroundScheduler(
            executors={"default": DebugExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": grace},
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
        now = self._now()
        if self._turn.ours() != self._leads:
            self._change_places(now)
        if self._leads:
            state = clockwork.state(self._database)
            if now < self._seen - SLACK:
                # Set back by more than clocks are put right by: all that was planned lies too far.
                self._begin(self._timetable.since(None, now))
            if state.sources != self._read:
                self._rebuild(state.sources)
            # It sleeps until the next job is due, and oversleeps where the machine's clock jumps.
            self._scheduler.wakeup()
            self._queue(state)
            self._note(now)
        return False

    def _change_places(self, now: datetime) -> None:
        # First: where the database is away just now, all of this is done at the next look.
        seen = clockwork.state(self._database).seen
        self._leads, self._seen = not self._leads, now
        self._due.clear()
        self._chores.clear()
        self._scheduler.remove_all_jobs()
        if self._leads:
            before = datetime.fromtimestamp(seen, UTC) if seen else None
            self._begin(self._timetable.since(before, now))
        _log.info("This clock leads." if self._leads else "Another clock leads; this one waits.")

    def _begin(self, since: datetime) -> None:
        """Plan everything anew, with the rounds from a moment on."""
        self._scheduler.remove_all_jobs()
        self._known.clear()
        self._read, self._since, self._noted = None, since, 0.0
        for chore in CHORES:
            words = chore.words(self._timetable)
            if words:
                rounds = trigger(words, self._timetable.zone)
                self._plan(chore.kind, rounds, self._chores.append, chore)

    def _rebuild(self, number: int) -> None:
        """Plan what differs from what was known; ``number`` says how the sources stood."""
        found = {source.name: source for source in sources.all(self._database, newest=True)}
        wanted = {name: "" if one.rests else one.schedule for name, one in found.items()}
        for name in {*self._known, *wanted}:
            if self._known.get(name, "") != wanted.get(name, ""):
                self._schedule(name, found.get(name), wanted.get(name, ""))
        self._known, self._sources, self._read = wanted, found, number

    def _schedule(self, name: str, source: Source | None, words: str) -> None:
        if self._scheduler.get_job(job_key(name)) is not None:
            self._scheduler.remove_job(job_key(name))
        if source is None or not words:
            return
        try:
            rounds = self._timetable.rounds(source)
        except BadSchedule as error:
            _log.warning("%s: %s", name, error)
            return
        self._plan(job_key(name), rounds, self._due.append, name)

    def _plan(
        self, key: str, rounds: BaseTrigger, due: Callable[[Any], None], what: str | Chore
    ) -> None:
        now = self._now()
        first = rounds.get_next_fire_time(None, self._since)
        if first is not None and first <= now:
            # Once for all rounds there were: APScheduler would count them one by one.
            due(what)
            first = rounds.get_next_fire_time(None, now)
        self._scheduler.add_job(due, rounds, args=[what], id=key, next_run_time=first)

    def _queue(self, state: State) -> None:
        while self._due:
            name = self._due[0]
            queue.enqueue(self._database, KIND, job_key(name), self._when(name, state))
            self._due.popleft()
        while self._chores:
            self._chores[0].queue(self._database)
            self._chores.popleft()

    def _note(self, now: datetime) -> None:
        """Remember that all is seen to, in the hub too where another clock would have to know."""
        self._since = self._seen = now
        if abs(now.timestamp() - self._noted) >= RENEW_SECONDS:
            clockwork.saw(self._database, int(now.timestamp()))
            self._noted = now.timestamp()

    def _when(self, name: str, state: State) -> int:
        """Return when a source that is due may be harvested: after quiet hours and maintenance."""
        source, now = self._sources.get(name), datetime.now(UTC)
        over = source and free_from(source, state.maintenance, self._timetable.zone, now)
        return int(over.timestamp()) if over else wall_clock()
