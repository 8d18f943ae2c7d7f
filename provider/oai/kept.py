"""Pages kept while nothing changes: harvesters that read one list together have it made once.

A page is known by its token, which pins all but what has changed since; that is told by the mark of
the snapshot (``catalogue.published.Snapshot.mark``). Bounded in bytes; a process keeps its own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

from catalogue.consumers.model import Taken

_MOST_BYTES = 64 << 20

Mark = tuple[int, int]


class Page(NamedTuple):
    """A page of a list without what stands around it."""

    moment: int
    """Its responseDate, epoch seconds."""
    content: bytes
    tag: str
    records: int = 0
    taken: Taken | None = None
    """Of which list it is a page."""


class Pages:
    """The pages that were asked for last; safe to be used by many threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._pages: OrderedDict[Hashable, tuple[Mark, Page]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, mark: Mark | None) -> Page | None:
        """Return a page as it was made when nothing else had changed than by now, or None."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != mark:
                return None
            self._pages.move_to_end(key)
            return found[1]

    def put(self, key: Hashable, mark: Mark | None, page: Page) -> None:
        """Keep a page, unless more may change in the second of its mark (None)."""
        if mark is None or len(page.content) > self._most:
            return
        with self._lock:
            self._remove(key)
            self._pages[key] = mark, page
            self._held += len(page.content)
            while self._held > self._most:
                self._remove(next(iter(self._pages)))

    def _remove(self, key: Hashable) -> None:
        found = self._pages.pop(key, None)
        if found is not None:
            self._held -= len(found[1].content)
