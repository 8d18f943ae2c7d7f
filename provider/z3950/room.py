"""What the sessions of a server share: the catalogue, crosswalks, and records made lately."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple, TypeAlias

from catalogue import crosswalks
from catalogue.database import Database
from crosswalks.shelf import Shelf
from protocols.z3950.values.common import External
from provider.lookup import Content, Lookup, Master
from provider.z3950 import forms
from provider.z3950.forms import How
from provider.z3950.model import Condition, Limits, Pool, Refused

_OVERHEAD = 700
"""Bytes that a record takes beside its own."""
_SHELF_SECONDS = 10.0


class Made(NamedTuple):
    """A record in a form, or why it is not, and its size."""

    record: External | None
    refused: Refused | None
    size: int


_Key: TypeAlias = tuple[Content, How, int]


class Room:
    """The catalogue as sessions see it; safe between threads."""

    def __init__(
        self,
        database: Database,
        *,
        limits: Limits | None = None,
        view: str = "public",
        title: str = "",
    ) -> None:
        self.limits = limits or Limits()
        self.pool = Pool(self.limits.pool)
        self.lookup = Lookup(database, view=view, title=title)
        self._database = database
        self._shelf: tuple[float, Shelf] | None = None
        self._cache = _Cache(self.limits.cached)

    def records(self, ids: Sequence[str], how: How) -> list[Made]:
        """Return records in a form, in the order of their ids; what is gone is refused."""
        shown = self.lookup.contents(ids)
        shelf = self._crosswalks()
        keys = {name: (content, how, shelf.edition) for name, content in shown.items()}
        found = {name: made for name, key in keys.items() if (made := self._cache.get(key))}
        missing = {name: shown[name] for name in keys if name not in found}
        masters = self.lookup.masters(missing.values()) if missing else {}
        for name, content in missing.items():
            if content in masters:
                found[name] = _made(masters[content], how, shelf)
                self._cache.put(keys[name], found[name])
        gone = Made(None, Refused(Condition.DELETED), 0)
        return [found.get(name, gone) for name in ids]

    def _crosswalks(self) -> Shelf:
        """Return the crosswalks in use; what staff publish shows within seconds."""
        now = time.monotonic()
        known = self._shelf
        if known is None or now - known[0] > _SHELF_SECONDS:
            known = (now, crosswalks.shelf(self._database))
            self._shelf = known
        return known[1]


def _made(master: Master, how: How, shelf: Shelf) -> Made:
    try:
        record = forms.made(master, how, shelf)
    except Refused as refused:
        return Made(None, refused, 0)
    return Made(record, None, forms.size(record))


class _Cache:
    """Records by content and form, those longest unused forgotten; bounded in bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[_Key, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> Made | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: _Key, made: Made) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self._size += made.size + _OVERHEAD
            while self._size > self._most:
                _, old = self._kept.popitem(last=False)
                self._size -= old.size + _OVERHEAD
