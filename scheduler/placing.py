"""Placing what harvests brought: one process at a time does it, any other would only lose races."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from catalogue import queue
from catalogue.cluster.place import BATCH, place, waiting
from catalogue.database import Database
from catalogue.errors import LeaseLost
from catalogue.model import HubIdentity, Lease

_KIND = "place"
_RENEW_SECONDS = 15
_LOOK_AGAIN_SECONDS = 0.25


class Placer:
    """This process's turn at placing; a context manager that gives the turn up at its end."""

    def __init__(self, database: Database, hub: HubIdentity) -> None:
        self._database = database
        self._hub = hub
        self._lease: Lease | None = None
        self._renewed = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        lease, self._lease = self._lease, None
        if lease is not None:
            self._database.writing(lambda connection: queue.finish(connection, lease))

    def step(self, limit: int = BATCH) -> int:
        """Place a batch if it is our turn; return how many records were placed."""
        if not self._ours():
            return 0
        placed = place(self._database, self._hub, limit)
        return placed.records if placed.committed else 0

    def drain(self, told: Callable[[int], None]) -> None:
        """Place until nothing waits, or wait while another does; ``told`` hears how many wait."""
        while left := waiting(self._database):
            told(left)
            if not self.step():
                time.sleep(_LOOK_AGAIN_SECONDS)

    def _ours(self) -> bool:
        if self._lease is None:
            self._lease = queue.claim(self._database, _KIND, _KIND)
            self._renewed = time.monotonic()
        elif time.monotonic() - self._renewed > _RENEW_SECONDS:
            self._renew(self._lease)
        return self._lease is not None

    def _renew(self, lease: Lease) -> None:
        try:
            self._database.writing(lambda connection: queue.renew(connection, lease))
            self._renewed = time.monotonic()
        except LeaseLost:
            self._lease = None
