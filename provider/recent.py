"""Answers worked out lately, kept for as long as the catalogue is as it was."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values of one turn of the catalogue, those longest unused forgotten; safe between threads.

    ``most`` bounds the sum of what the values weigh. A value must have been looked up when the turn
    it is kept for was known already, so that it is never older than that.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn = -1
        self._weight = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def known(self, turn: int, keys: Iterable[K]) -> dict[K, V]:
        """Return those of the values that are known for a turn."""
        found: dict[K, V] = {}
        with self._lock:
            if turn == self._turn:
                for key in keys:
                    if key in self._kept:
                        found[key] = self._kept[key][0]
                        self._kept.move_to_end(key)
        return found

    def keep(self, turn: int, values: Mapping[K, V], weight: int = 1) -> None:
        """Keep values for a turn, each of this weight, in place of all of another turn."""
        with self._lock:
            if turn != self._turn:
                self._turn, self._weight = turn, 0
                self._kept.clear()
            for key, value in values.items():
                if key not in self._kept:
                    self._kept[key] = value, weight
                    self._weight += weight
            while self._weight > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._weight -= gone
