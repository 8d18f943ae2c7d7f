"""Placing what harvests brought: one process at a time does it, any other would only lose races."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from catalogue.cluster.place import BATCH, place, waiting
from catalogue.database import Database
from catalogue.model import HubIdentity
from scheduler.turn import Turn

_LOOK_AGAIN_SECONDS = 0.25
_COUNT_AGAIN_SECONDS = 1.0


class Placer:
    """This process's turn at placing; a context manager that gives the turn up at its end."""

    def __init__(self, database: Database, hub: HubIdentity) -> None:
        self._database = database
        self._hub = hub
        self._turn = Turn(database, "place")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._turn.give_up()

    def step(self, limit: int = BATCH) -> int:
        """Place a batch if it is our turn; return how many records were placed."""
        if not self._turn.ours():
            return 0
        placed = place(self._database, self._hub, limit)
        return placed.records if placed.committed else 0

    def step_aside(self) -> None:
        """Let another process place, one that waits for its own records perhaps."""
        self._turn.give_up()

    def drain(self, told: Callable[[int], None]) -> None:
        """Place until nothing waits, or wait while another does.

        ``told`` hears from time to time how many wait: to count a million takes a while.
        """
        asked = time.monotonic() - 2 * _COUNT_AGAIN_SECONDS
        while waiting(self._database, 1):
            if time.monotonic() - asked > _COUNT_AGAIN_SECONDS:
                told(waiting(self._database))
                asked = time.monotonic()
            if not self.step():
                time.sleep(_LOOK_AGAIN_SECONDS)
