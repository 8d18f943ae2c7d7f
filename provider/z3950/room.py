"""What the sessions of a server share: the catalogue, crosswalks, and records made lately."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from threading import Lock
from typing import NamedTuple, Self, TypeAlias

from catalogue import crosswalks
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from crosswalks.shelf import Shelf
from protocols.z3950 import written
from protocols.z3950.values.records import NamePlusRecord
from provider.lookup import Content, Lookup, Master, NotKnown
from provider.z3950 import forms
from provider.z3950.forms import How
from provider.z3950.model import Condition, Limits, Pool, Refused

_OVERHEAD = 700
"""Bytes that a record takes beside its own."""
_SHELF_SECONDS = 10.0


class Made(NamedTuple):
    """A record in a form, ready to be sent, or why it is not, and its size."""

    record: NamePlusRecord | None
    refused: Refused | None
    size: int


_Key: TypeAlias = tuple[Content, How, int, str]


class Room:
    """The catalogue as sessions see it; safe between threads.

    ``known()`` gives one that waits for nothing: it raises NotKnown where the catalogue would have
    to be asked.
    """

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
        self._title = title
        self._lookups = {view: self.lookup}
        self._shelves = _Shelves(database)
        self._cache = _Cache(self.limits.cached)
        self._waits = True

    def known(self, turn: Callable[[], int]) -> Self:
        """Return the same that raises NotKnown instead of waiting; ``turn`` as for a Lookup."""
        other = copy(self)
        other.lookup = self.lookup.known(turn)
        other._waits = False  # noqa: SLF001 - a copy of itself
        return other

    def holder(self, key: str) -> Consumer | None:
        """Return whose key this is, if anybody's."""
        if not self._waits:
            raise NotKnown
        return store.by_key(self._database, key)

    def seen_by(self, view: str) -> Self:
        """Return the same as another view sees it."""
        if view not in self._lookups:
            made = Lookup(self._database, view=view, title=self._title)
            self._lookups.setdefault(view, made)
        other = copy(self)
        other.lookup = self._lookups[view]
        return other

    def records(self, ids: Sequence[str], how: How, name: str = "") -> list[Made]:
        """Return records in a form, in the order of their ids; what is gone is refused.

        ``name`` is the database that they are said to be of.
        """
        shown = self.lookup.contents(ids)
        shelf = self.crosswalks()
        keys = {each: (content, how, shelf.edition, name) for each, content in shown.items()}
        found = self._cache.known(keys)
        missing = {each: shown[each] for each in keys if each not in found}
        masters = self.lookup.masters(missing.values()) if missing else {}
        for each, content in missing.items():
            if content in masters:
                found[each] = _made(masters[content], how, shelf, name)
                self._cache.put(keys[each], found[each])
        return [found.get(each, _GONE) for each in ids]

    def crosswalks(self) -> Shelf:
        """Return the crosswalks in use; what staff publish shows within seconds."""
        if not (self._waits or self._shelves.are_known):
            raise NotKnown
        return self._shelves.get()


class _Shelves:
    """The crosswalks in use, read again every few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf: Shelf | None = None
        self._read = 0.0

    @property
    def are_known(self) -> bool:
        """Tell whether they need not be read again yet."""
        return self._shelf is not None and time.monotonic() - self._read <= _SHELF_SECONDS

    def get(self) -> Shelf:
        """Return them."""
        shelf = self._shelf
        if shelf is None or not self.are_known:
            now = time.monotonic()
            shelf = self._shelf = crosswalks.shelf(self._database)
            self._read = now
        return shelf


_GONE = Made(None, Refused(Condition.DELETED), 0)


def _made(master: Master, how: How, shelf: Shelf, name: str) -> Made:
    try:
        record = forms.made(master, how, shelf)
    except Refused as refused:
        return Made(None, refused, 0)
    whole = written(NamePlusRecord(name=name or None, record=record))
    return Made(whole, None, forms.size(record))


class _Cache:
    """Records by content and form, those longest unused forgotten; bounded in bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[_Key, Made] = OrderedDict()
        self._lock = Lock()

    def known(self, keys: Mapping[str, _Key]) -> dict[str, Made]:
        """Return those of the records that are known, by what they are called here."""
        found: dict[str, Made] = {}
        with self._lock:
            for name, key in keys.items():
                made = self._kept.get(key)
                if made is not None:
                    self._kept.move_to_end(key)
                    found[name] = made
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
