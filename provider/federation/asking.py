"""One server asked in a thread of its own: what comes of it is told piece by piece, and never late.

Whoever listens goes on without it when its time is up; the thread ends by itself, since no question
of it waits longer, and it puts none after that time. All searches of a process together have so
many threads and no more: a server for which there is none in time is not asked.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import BoundedSemaphore, Lock, Thread
from typing import NamedTuple

from catalogue.match import features
from catalogue.membership.fields import limited
from crosswalks import formats
from crosswalks.errors import CrosswalkError, Error
from crosswalks.model import RawRecord
from crosswalks.reading import read
from crosswalks.shelf import Shelf
from harvester.errors import HarvestError
from harvester.searching import cut
from harvester.searching.errors import SearchRefused
from harvester.searching.model import Brought
from protocols.errors import QueryError
from protocols.rpn.tree import Query
from provider.errors import NotAnAnswer, OutOfTime, TargetBusy
from provider.federation.model import Asked, Copy, Limits, LiveTarget, Server, State, Status
from provider.federation.queries import tries

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100
"""Servers that are being asked at a time, by all searches of a process."""
_AT_FIRST, _AT_A_TIME = 5, 25
"""Records asked for: few at first, so that there is something to see soon."""
_places = BoundedSemaphore(MOST_AT_ONCE)
_one_at_a_time = Lock()
"""Twenty threads that work at once keep each other, and what is shown, from getting anywhere."""
_NO_SUCH_FORM = frozenset({227, 238, 239})
"""Diagnostics that refuse the form of the records."""
_LATE = 0.9
"""Who fails after this part of the time failed for want of time."""


class Told(NamedTuple):
    """How it stands with a server now, and the records that came since it was told last."""

    status: Status
    copies: tuple[Copy, ...] = ()


class Listener(NamedTuple):
    """Who is told, and until when they listen."""

    tell: Callable[[Told], None]
    until: float
    """In monotonic seconds."""


class _Asking:
    def __init__(
        self, target: LiveTarget, shelf: Shelf, limits: Limits, listener: Listener
    ) -> None:
        self._target = target
        self._shelf = shelf
        self._limits = limits
        self._tell, self._until = listener
        self._began = time.monotonic()
        self._status = Status(target=target.name)

    def run(self, query: Query) -> None:
        """Ask, and tell the end however it ends."""
        try:
            server = self._target.open()
            try:
                self._asked(server, query)
            finally:
                with suppress(HarvestError, OSError):
                    server.close()
        except Error as error:
            self._end(_state_of(error), error)
        except Exception as error:
            log.warning("%s could not be asked live", self._target.name, exc_info=error)
            self._end(State.FAILED, NotAnAnswer(reason=f"{type(error).__name__}: {error}"))
        else:
            self._end(State.ANSWERED)

    def _asked(self, server: Server, query: Query) -> None:
        server.open()
        hits = self._searched(server, query)
        self._change(hits=hits)
        self._tell(Told(self._status))
        wanted = min(hits, self._limits.records)
        for some in self._fetched(server, wanted):
            with _one_at_a_time:
                copies = tuple(filter(None, map(self._copy, some)))
            lost = len(some) - len(copies)
            self._change(
                came=self._status.came + len(copies), unreadable=self._status.unreadable + lost
            )
            self._tell(Told(self._status, copies))

    def _searched(self, server: Server, query: Query) -> int:
        """Search, by something simpler where the server refuses; raise what it said first."""
        refused: HarvestError | QueryError | None = None
        for asked in tries(query):
            self._go_on()
            try:
                hits = server.search(asked)
            except (SearchRefused, QueryError) as error:
                refused = refused or error
                continue
            self._query = asked
            self._change(simpler=refused is not None)
            return hits
        assert refused is not None
        raise refused

    def _fetched(self, server: Server, wanted: int) -> Iterator[tuple[Brought, ...]]:
        """Yield the first records, in the first form that the server gives and we read."""
        got = 0
        for form in server.formats:
            self._go_on()
            server.use_format(form)
            try:
                some = server.fetch(1, min(wanted, _AT_FIRST)) if wanted else ()
            except SearchRefused as error:
                if error.bib1 not in _NO_SUCH_FORM:
                    raise
                server.search(self._query)
                continue
            if not wanted or any(each.body and formats.sniffed(each.body) for each in some):
                break
            server.search(self._query)
        while some:
            got += len(some)
            yield some
            self._go_on()
            left = min(wanted - got, _AT_A_TIME)
            some = server.fetch(got + 1, left) if left > 0 else ()

    def _copy(self, brought: Brought) -> Copy | None:
        """Return a record in MARC 21; None where it did not come, or nobody reads it."""
        if brought.refused:
            return None
        one = cut.cut(brought, self._target.name)
        raw = RawRecord(identifier=one.identifier, body=one.body, format=one.format)
        record, _ = read(raw)
        if record is None:
            return None
        try:
            pivot = self._shelf.to_pivot(record, self._target.crosswalk).record
        except CrosswalkError:
            return None
        pivot = limited(pivot, self._target.fields)
        identifier = one.identifier or f"#{brought.position}"
        name = self._target.name
        return Copy(name, brought.position, identifier, pivot, features(pivot))

    def _change(self, **values: object) -> None:
        self._status = replace(self._status, **values, seconds=self._passed())  # type: ignore[arg-type]

    def _go_on(self) -> None:
        """Raise OutOfTime once nobody listens any more."""
        if time.monotonic() >= self._until:
            raise OutOfTime(target=self._target.name, seconds=f"{self._limits.seconds:g}")

    def _passed(self) -> float:
        return time.monotonic() - self._began

    def _end(self, state: State, why: Error | None = None) -> None:
        late = self._passed() >= self._limits.seconds * _LATE
        if late and state in (State.FAILED, State.UNREACHABLE):
            state = State.SILENT
        self._change(state=state, why=why)
        self._tell(Told(self._status))


def begin(targets: Sequence[LiveTarget], asked: Asked, shelf: Shelf, listener: Listener) -> None:
    """Ask each server in a thread of its own; the last that is told of it is no longer ASKING.

    Nothing is told of those for which there was no thread in time.
    """
    places = _places

    def ask(asking: _Asking) -> None:
        try:
            asking.run(asked.query)
        finally:
            places.release()

    def start() -> None:
        for each in targets:
            if not places.acquire(timeout=max(0.0, listener.until - time.monotonic())):
                return
            asking = _Asking(each, shelf, asked.limits, listener)
            try:
                Thread(target=ask, args=(asking,), daemon=True).start()
            except RuntimeError:
                # The machine has none left.
                places.release()
                return

    # To start one takes as long as the ones before let it: who listens need not wait for that.
    Thread(target=start, daemon=True).start()


def _state_of(error: Error) -> State:
    if isinstance(error, SearchRefused | QueryError):
        return State.REFUSED
    if isinstance(error, TargetBusy):
        return State.BUSY
    code = error.code()
    if "unreachable" in code or code == "unknown-host":
        return State.UNREACHABLE
    if code in ("target-silent", "too-slow", "out-of-time"):
        return State.SILENT
    return State.FAILED
