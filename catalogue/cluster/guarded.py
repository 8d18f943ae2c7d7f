"""Writing beside placements: as long as nobody else places, or changes what is planned by."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from catalogue import clock
from catalogue.database import Database


class Stopped(Exception):
    """Something was placed by another."""


class Guarded:
    """Writes from one turn of the hub clock on, each transaction taking the next."""

    def __init__(self, database: Database, turn: int) -> None:
        self._database = database
        self._turn = turn

    def write(self, work: Callable[[Connection], object]) -> None:
        """Write in a transaction of its own; raises Stopped if others placed since the last one.

        Whatever others have planned is thrown away with it: they read what is corrected here.
        """

        def guarded(connection: Connection) -> bool:
            if clock.read(connection, lock=True).turn != self._turn:
                return False
            clock.invalidate(connection)
            work(connection)
            return True

        if not self._database.writing(guarded):
            raise Stopped
        self._turn += 1
