"""Whose turn it is: how many live searches of the public there are, and at which server.

A page that is answered keeps a thread of the web server; a question keeps one of a member's. Both
are counted in this process, and neither waits: who comes too late is told so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import BoundedSemaphore, Lock

from harvester.searching.model import Brought, Described
from protocols.rpn.tree import Query
from provider.errors import TargetBusy
from provider.federation.model import Server
from web.liverules import LiveRules


class Turns:
    """The searches that are under way in one application."""

    def __init__(self, rules: LiveRules) -> None:
        self._pages = BoundedSemaphore(rules.at_once)
        self._most = rules.per_server
        self._asked: Counter[str] = Counter()
        self._lock = Lock()

    def begin(self) -> bool:
        """Take a place for a page; tell whether there was one."""
        return self._pages.acquire(blocking=False)

    def end(self) -> None:
        """Give the place back."""
        self._pages.release()

    def opening(self, name: str, open_server: Callable[[], Server]) -> Server:
        """Return a server that is asked in its turn, which ends when it is closed.

        Raises TargetBusy where as many are asking it as may, and what ``open_server`` does.
        """
        with self._lock:
            if self._asked[name] >= self._most:
                raise TargetBusy(target=name)
            self._asked[name] += 1
        try:
            return _InTurn(open_server(), lambda: self._leave(name))
        except BaseException:
            self._leave(name)
            raise

    def _leave(self, name: str) -> None:
        with self._lock:
            self._asked[name] -= 1
            if not self._asked[name]:
                del self._asked[name]


class _InTurn:
    """A server that gives its place back once it is closed."""

    def __init__(self, server: Server, leave: Callable[[], None]) -> None:
        self._server, self._leave = server, leave

    def open(self) -> Described:
        return self._server.open()

    def search(self, query: Query) -> int:
        return self._server.search(query)

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        return self._server.fetch(start, count)

    def use_format(self, name: str) -> None:
        self._server.use_format(name)

    @property
    def formats(self) -> tuple[str, ...]:
        return self._server.formats

    def close(self) -> None:
        try:
            self._server.close()
        finally:
            self._leave()
