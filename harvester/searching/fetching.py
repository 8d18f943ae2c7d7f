"""The records of a window in pieces as large as the server bears, resumed where it breaks off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from crosswalks.errors import Said
from harvester.errors import HarvestError
from harvester.model import Wait
from harvester.searching.asking import Window
from harvester.searching.errors import HitsChanged, ResultCapped, SearchRefused
from harvester.searching.model import Brought, Described, Indexes, Target, Terms
from protocols.rpn.tree import Query, Term

T = TypeVar("T")

MOST = 100
_GONE = frozenset({27, 28, 29, 30, 128})
"""Diagnostics that say that there is no such result any more."""
_OUTSIDE = 13
_MOST_AGAIN = 2
"""The first records of a window that come once more, one after the other, before it is a fault."""
_MOST_REFUSED = 20
"""Records refused one after the other, after which the rest is taken to be refused as well."""


@dataclass(slots=True, kw_only=True)
class Patience:
    """How often and how long a server that fails is waited for; times in seconds."""

    retries: int = 4
    first_wait: float = 1.0
    sleep: Callable[[float], None]
    pause: float = 0.0
    """Between two requests."""
    hear: Callable[[Wait], None] = lambda _: None
    """Told of each wait for a server that failed, before it begins."""

    def wait(self, failures: int, wrong: HarvestError) -> None:
        """Wait before asking again, longer after each failure."""
        seconds = self.first_wait * 2**failures
        self.hear(Wait(seconds, wrong))
        self.sleep(seconds)


class Fetcher:
    """Fetches from one server; what it learns of how much comes at a time holds for all windows."""

    def __init__(self, target: Target, patience: Patience) -> None:
        self._target = target
        self._patience = patience
        self._chunk = MOST
        self._failures = 0
        self._refusals = 0

    def records(self, window: Window, passed: int = 0) -> Iterator[tuple[Brought, ...]]:
        """Yield the records of a window, which was searched last, after so many of them.

        A record that the server does not give comes as one that says so. Raises HitsChanged where
        the same query finds another number after a connection was lost, ResultCapped where the
        server gives less than it found or its first records again, or another HarvestError.
        """
        at = passed + 1
        first: tuple[Brought, ...] = ()
        again = 0
        self._failures = self._refusals = 0
        while at <= window.hits:
            count = min(self._chunk, window.hits - at + 1)
            if self._patience.pause:
                self._patience.sleep(self._patience.pause)
            got = self._some(window, at, count)
            if not got:
                continue
            # Some servers do not look at where they are to begin: all of it would seem to come.
            again = again + min(len(first), len(got)) if _are_same(first, got) else 0
            if again >= _MOST_AGAIN:
                reason = Said("it gives the same records again", {})
                url = self._target.url
                raise ResultCapped(url=url, hits=window.hits, given=at - 1, reason=reason)
            first = first or got
            at += len(got)
            yield got

    def _some(self, window: Window, at: int, count: int) -> tuple[Brought, ...]:
        """Return records from a position on, none where it has to be tried again."""
        try:
            got = self._target.fetch(at, count)
        except SearchRefused as wrong:
            return self._refused(wrong, window, at, count)
        except HarvestError as wrong:
            self._failures += 1
            if not self._resumed(wrong, window, count):
                raise
            if self._failures <= self._patience.retries:
                return ()
            self._failures = 0
            return (Brought(at, refused=type(wrong).code()),)
        self._failures = self._refusals = 0
        self._learn(count, len(got))
        return got

    def _refused(
        self, wrong: SearchRefused, window: Window, at: int, count: int
    ) -> tuple[Brought, ...]:
        if wrong.bib1 in _GONE and self._failures < self._patience.retries:
            self._failures += 1
            self._search_again(window)
            return ()
        if count > 1:
            # One record among them may be the cause.
            self._chunk = count // 2
            return ()
        if wrong.bib1 == _OUTSIDE:
            raise ResultCapped(
                url=self._target.url, hits=window.hits, given=at - 1, reason=str(wrong.bib1)
            ) from wrong
        self._refusals += 1
        if self._refusals > _MOST_REFUSED:
            raise wrong
        said = f"{wrong.bib1}: {wrong.details.get('addinfo', '')}".strip(": ")
        return (Brought(at, refused=said),)

    def _learn(self, asked: int, came: int) -> None:
        self._chunk = max(1, came) if came < asked else min(MOST, max(self._chunk, asked) * 2)

    def _resumed(self, wrong: HarvestError, window: Window, count: int) -> bool:
        """Connect and search again after a failure; tell whether to go on.

        One record that fails again and again, alone, on a server that is there, is left out.
        """
        is_last = self._failures > self._patience.retries
        if not wrong.transient or (is_last and count > 1):
            return False
        self._chunk = max(1, count // 2)
        self._patience.wait(self._failures - 1, wrong)
        self._target.open()
        self._search_again(window)
        return True

    def _search_again(self, window: Window) -> None:
        now = self._target.search(window.query)
        if now != window.hits:
            raise HitsChanged(url=self._target.url, hits=window.hits, now=now)


def _are_same(first: tuple[Brought, ...], got: tuple[Brought, ...]) -> bool:
    """Tell whether both begin with the same records, as far as the shorter one goes."""
    pairs = list(zip(first, got, strict=False))
    return bool(pairs) and all(one.body and one.body == other.body for one, other in pairs)


class Steady:
    """A Target that is connected to anew where it breaks off in the middle of a question.

    Only records have to be asked for with an eye on the result: they are the Fetcher's.
    """

    def __init__(self, target: Target, patience: Patience) -> None:
        self._target = target
        self._patience = patience
        self.url = target.url
        self.indexes: Indexes = target.indexes
        self.formats = target.formats
        self._format = ""

    def open(self) -> Described:
        """Begin a session, anew if there was one; raise HarvestError."""
        described = self._tried(self._target.open, opening=True)
        if self._format:
            self._target.use_format(self._format)
        return described

    def search(self, query: Query) -> int:
        """Search, and return how many hits there are."""
        return self._tried(lambda: self._target.search(query))

    def scan(self, term: Term, count: int) -> Terms:
        """Return terms of an index."""
        return self._tried(lambda: self._target.scan(term, count))

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        """Return records of the result; a failure loses it."""
        return self._target.fetch(start, count)

    def use_format(self, name: str) -> None:
        """Ask for records in a format from now on, in every session."""
        self._format = name
        self._target.use_format(name)

    def close(self) -> None:
        """End the session."""
        self._target.close()

    def _tried(self, ask: Callable[[], T], *, opening: bool = False) -> T:
        for failures in range(self._patience.retries + 1):
            try:
                if failures and not opening:
                    self._target.open()
                return ask()
            except HarvestError as wrong:
                if not wrong.transient or failures == self._patience.retries:
                    raise
                failed = wrong
            self._patience.wait(failures, failed)
        raise AssertionError(self.url)
