"""How often somebody asks at the machine doors, and what was given out there."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from catalogue.consumers import usage
from catalogue.consumers.model import Served
from catalogue.database import Database
from catalogue.errors import CatalogueError
from catalogue.tickets.rules import Rules
from web.hall import Hall

_MINUTE = 60.0
_REMEMBERED = 10_000
"""Addresses whose last minute is known; each takes a hundred bytes."""
_FLUSH_SECONDS = 5.0
_WAITING = 20_000
"""Answers that wait to be counted while the database does not answer; more are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disks:
    """Folders whose room is told of, by name, and the one of the backups."""

    folders: Mapping[str, Path] = field(default_factory=dict)
    backups: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """How the machine doors give out what there is."""

    page_size: int = 100
    """The length of OAI-PMH pages."""
    per_minute: int = 0
    """Requests a minute that an address without a key may ask at a door; 0: any number."""
    searches: int = 0
    """Pages of results a minute that an address may ask for in the public search; 0: any number."""
    dumps: Path | None = None
    """The folder of the dumps; None: there are none."""
    reports: Rules = field(default_factory=Rules)
    """What readers may report."""
    hall: Hall = field(default_factory=Hall)
    """What the public rooms are told."""
    metrics: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    """Networks that the figures are given to."""
    proxies: int = 0
    """How many web servers of our own stand in front."""
    timings: Path | None = None
    """The folder that several processes keep their measures in; None: one process."""
    disks: Disks = field(default_factory=Disks)


class Meter:
    """How often somebody asked lately: a minute's worth at once, then evenly; safe in threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, who: str, per_minute: int) -> int:
        """Count a request of somebody and return 0, or how many seconds they have to wait."""
        if not per_minute:
            return 0
        with self._lock:
            now = self._now()
            spent, since = self._spent.pop(who, (0.0, now))
            spent = max(0.0, spent - (now - since) * per_minute / _MINUTE)
            over = spent + 1 - per_minute
            self._spent[who] = (spent if over > 0 else spent + 1, now)
            if len(self._spent) > _REMEMBERED:
                self._spent.popitem(last=False)
        return math.ceil(over * _MINUTE / per_minute) if over > 0 else 0


class Tally:
    """Answers that wait to be counted; safe in threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._served: list[Served] = []
        self._lock = Lock()

    def add(self, served: Served) -> None:
        """Have an answer counted."""
        with self._lock:
            if len(self._served) < _WAITING:
                self._served.append(served)

    def flush(self) -> None:
        """Count what waits; what cannot be counted now waits for the next time."""
        with self._lock:
            some, self._served = self._served, []
        try:
            usage.keep(self._database, some)
        except CatalogueError:
            with self._lock:
                self._served = [*some, *self._served][:_WAITING]

    def run(self, stopping: Event) -> None:
        """Count every few seconds, and once more at the end."""
        while not stopping.wait(_FLUSH_SECONDS):
            self.flush()
        self.flush()
