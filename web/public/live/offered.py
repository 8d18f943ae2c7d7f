"""Which servers the public may ask: those that staff have said so of, of members that share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from catalogue import clockwork, libraries, sources
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.model import Library, Source
from catalogue.observed import Stage
from catalogue.public_figures import is_shown
from provider.errors import TargetBusy
from provider.federation.model import LiveTarget, Server
from scheduler.model import Line
from scheduler.outgoing import SEARCHED
from scheduler.quiet import free_from
from web.counting import Meter
from web.live import target
from web.public.live.turns import Turns

_REMEMBERED = 30.0
"""Seconds for which it is remembered whether there is any server to ask."""
_QUESTIONS = 3
"""That a search asks a server, as a rule: to begin, to search, to fetch."""


class Offered(NamedTuple):
    """A server that the public may ask."""

    source: Source
    library: Library
    label: str
    """What readers know it by."""


def offered(database: Database) -> list[Offered]:
    """Return the servers that the public may ask, in order of what they are called."""
    chosen = [each for each in sources.all(database) if _is_open(each)]
    if not chosen:
        return []
    known = {each.code: each for each in libraries.all(database) if is_shown(each)}
    found = [(each, known[each.library]) for each in chosen if each.library in known]
    names = Counter(library.name or library.code for _, library in found)
    made = [Offered(each, library, _label(each, library, names)) for each, library in found]
    return sorted(made, key=lambda each: (each.label, each.source.name))


def _is_open(source: Source) -> bool:
    fits = source.protocol in SEARCHED and source.stage is Stage.LIVE
    return source.search.public_live and fits and not source.rests


def _label(source: Source, library: Library, names: Counter[str]) -> str:
    name = library.name or library.code
    return name if names[name] == 1 else f"{name} ({source.name})"


class Asking:
    """How the servers of one search are asked: in turn, politely, and only what is shared."""

    def __init__(self, line: Line, turns: Turns, meter: Meter, seconds: float) -> None:
        self._line, self._turns, self._meter, self._seconds = line, turns, meter, seconds

    def targets(self, chosen: Iterable[Offered]) -> list[LiveTarget]:
        """Return servers to be asked."""
        window = clockwork.maintenance(self._line.db)
        now = datetime.now(UTC)
        made = []
        for each in chosen:
            usual = target(self._line, each.source, self._seconds)
            is_free = free_from(each.source, window, self._line.zone, now) == now
            opening = self._opening(each.source, usual) if is_free else partial(_rests, usual.name)
            made.append(replace(usual, open=opening, fields=each.library.fields))
        return made

    def _opening(self, source: Source, usual: LiveTarget) -> partial[Server]:
        return partial(self._opened, source, usual)

    def _opened(self, source: Source, usual: LiveTarget) -> Server:
        most = source.connection.requests_per_minute
        searches = max(1, most // _QUESTIONS) if most else 0
        if self._meter.wait(f"live server {source.name}", searches):
            raise TargetBusy(target=source.name)
        return self._turns.opening(source.name, usual.open)


def _rests(name: str) -> Server:
    raise TargetBusy(target=name)


class Remembered:
    """Whether there is any server to ask: every page says so, and few may ask the database."""

    def __init__(self) -> None:
        self._known, self._until = False, 0.0

    def is_any(self, database: Database) -> bool:
        """Tell whether there was one lately; none while the database does not answer."""
        if time.monotonic() >= self._until:
            with suppress(DatabaseUnreachable):
                self._known = bool(offered(database))
            self._until = time.monotonic() + _REMEMBERED
        return self._known

    def hear(self, *, is_any: bool) -> None:
        """Take in what somebody has just seen."""
        self._known, self._until = is_any, time.monotonic() + _REMEMBERED
