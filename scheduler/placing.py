"""Placing what harvests brought, and matching the rows of lists with it: one process at a time.

Any other would only lose races.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary

from catalogue.cluster import newcomers
from catalogue.cluster.place import BATCH, place, waiting
from catalogue.database import Database
from catalogue.holdings import matching
from catalogue.model import HubIdentity
from catalogue.querysets import members
from catalogue.search import waiting as unsearched
from scheduler.errors import RebuildBusy
from scheduler.heartbeat import heartbeat
from scheduler.turn import Turn

if TYPE_CHECKING:
    from catalogue.cluster.atonce import GetsWhole, PlacedAtOnce

TURN = "place"
"""Who holds the job of this kind and key places, and nobody else."""
_looked_at: WeakKeyDictionary[Database, int] = WeakKeyDictionary()
"""Up to which id of a record new ones were placed at once."""
_LOOK_AGAIN_SECONDS = 0.25
_COUNT_AGAIN_SECONDS = 1.0


def anything_waits(database: Database) -> bool:
    """Tell whether a record waits to be placed, or anything that is done beside placements."""
    return bool(
        waiting(database, 1)
        or matching.waiting(database, 1)
        or unsearched.does_wait(database)
        or members.does_wait(database)
    )


class Placer:
    """This process's turn at placing; a context manager that gives the turn up at its end."""

    def __init__(self, database: Database, hub: HubIdentity) -> None:
        self._database = database
        self._hub = hub
        self._turn = Turn(database, TURN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # A KeyboardInterrupt may have come in the middle of a write, which still holds the
        # database: a second one would wait for it for ever. This process is about to end anyway.
        if kind is None or issubclass(kind, Exception):
            self._turn.give_up()

    def step(self, limit: int = BATCH) -> int:
        """Place a batch if it is our turn, or match one where no record waits; return how many.

        Beside that it indexes some of the clusters that wait since an update, and goes through
        some for sets whose query is new.
        """
        if not self._turn.ours():
            return 0
        beside = unsearched.settle(self._database) + members.walk(self._database)
        return self._placed(limit) + beside

    def _placed(self, limit: int) -> int:
        placed = place(self._database, self._hub, limit)
        if placed.records or not placed.committed:
            return placed.records if placed.committed else 0
        # Rows are matched with what is placed: while records wait it would be done in vain.
        matched = matching.match_some(self._database, self._hub)
        return matched.rows if matched.committed else 0

    def many_are_new(self) -> bool:
        """Tell whether so much is new that it had better be placed at once.

        What that has left is not looked at again: it hangs together with what was there before.
        """
        return newcomers.are_many(self._database, _looked_at.get(self._database, 0))

    def place_new(
        self, told: Callable[[int], None], stopping: Event, whole: GetsWhole | None = None
    ) -> PlacedAtOnce | None:
        """Place what is new at once, if it is our turn; None = it is another's.

        ``whole`` gives the partition, which is worked out here by default.
        """
        last = newcomers.last(self._database)
        # Brings numpy, which a command that places little does without.
        from catalogue.cluster import atonce  # noqa: PLC0415

        def go_on(left: int) -> bool:
            told(left)
            return not stopping.is_set()

        if not self._turn.ours():
            return None
        with heartbeat(self._database, self._turn.lease):
            placed = atonce.place_at_once(self._database, self._hub, whole, told=go_on)
        if not placed.interrupted:
            _looked_at[self._database] = last
        return placed

    def place_result(self, result: Path, told: Callable[[int], None], stopping: Event) -> None:
        """Place what is new by what Spark made of an export of this hub.

        Raises RebuildBusy while another places, and what ``catalogue.cluster.apart.arriving`` does.
        """
        # Parquet, which hardly anything needs.
        from catalogue.cluster.apart.arriving import arrived  # noqa: PLC0415

        if self.place_new(told, stopping, partial(arrived, self._database, result)) is None:
            raise RebuildBusy

    def step_aside(self) -> None:
        """Let another process place, one that waits for its own records perhaps."""
        self._turn.give_up()

    def drain(self, told: Callable[[int], None], stopping: Event) -> None:
        """Place until nothing waits, or wait while another does, or until told to stop.

        ``told`` hears from time to time how many wait: to count a million takes a while.
        """
        if self.many_are_new():
            self.place_new(told, stopping)
        asked = time.monotonic() - 2 * _COUNT_AGAIN_SECONDS
        while not stopping.is_set() and anything_waits(self._database):
            if time.monotonic() - asked > _COUNT_AGAIN_SECONDS:
                told(waiting(self._database))
                asked = time.monotonic()
            if not self.step():
                time.sleep(_LOOK_AGAIN_SECONDS)
