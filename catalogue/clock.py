"""The hub clock: the order of changes as readers see it, whatever the clocks of machines do.

A placement stamps with ``s = max(closed, now)`` under the clock's lock and leaves ``closed = s``;
readers show ``stamp <= closed - 1`` only. So a change that commits later is always stamped later
than everything a reader was promised to have seen.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import OperationalError

from catalogue.database import Database
from catalogue.tables import ClockRow

_PATIENCE = 50
_USUAL = 60_000
"""Milliseconds a tick and any other writer waits for the lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock's row. All in epoch seconds but ``turn`` and ``last_cluster``."""

    created: int
    closed: int
    stamped: int
    turn: int
    last_cluster: int
    ticked: int

    @property
    def horizon(self) -> int:
        """The last second in which nothing can change any more."""
        return self.closed - 1

    @property
    def mark(self) -> tuple[int, int] | None:
        """What any later change makes another; None while one may have the stamp of the last."""
        return (self.stamped, self.turn) if self.stamped < self.closed else None

    @property
    def is_due(self) -> bool:
        """Whether time has passed, or a change waits behind ``closed``: see ``tick``."""
        wall = wall_clock()
        if wall >= self.closed:
            return wall > self.closed
        # The wall clock was set back: hidden changes still come out, one second further each second
        return self.stamped == self.closed and wall != self.ticked


def read(connection: Connection, *, lock: bool = False) -> Clock:
    """Return the clock; with ``lock`` no other placement or tick commits before this one."""
    row = connection.execute(_LOCKED if lock else _ROW).one()
    return Clock(**row._mapping)


COLUMNS = (
    ClockRow.created,
    ClockRow.closed,
    ClockRow.stamped,
    ClockRow.turn,
    ClockRow.last_cluster,
    ClockRow.ticked,
)
_ROW = select(*COLUMNS)
_LOCKED = _ROW.with_for_update()


def close(connection: Connection, stamp: int) -> None:
    """Close the second of a change that makes no plan stale: called by the holder of the lock."""
    connection.execute(update(ClockRow).values(closed=stamp, stamped=stamp))


def advance(connection: Connection, stamp: int, last_cluster: int) -> None:
    """Close a placement's second: called by the holder of the lock, last thing."""
    connection.execute(
        update(ClockRow).values(
            closed=stamp, stamped=stamp, turn=ClockRow.turn + 1, last_cluster=last_cluster
        )
    )


def invalidate(connection: Connection) -> None:
    """Have placements that are planned already thrown away: what they have read will not be so.

    Call it before the change: placements wait for this transaction, and then see that it was.
    """
    read(connection, lock=True)
    connection.execute(update(ClockRow).values(turn=ClockRow.turn + 1))


def told(seconds: int) -> str:
    """Return a moment in epoch seconds as ISO 8601 in UTC."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def wall_clock() -> int:
    """Return the machine's clock in epoch seconds."""
    return int(time.time())


def tick(database: Database) -> None:
    """Move ``closed`` on where time has passed or a change waits behind it.

    A writer that holds the clock moves it itself, so a busy clock is left alone.
    """
    with database.reading() as connection:
        if not read(connection).is_due:
            return
    with suppress(OperationalError), database.write.connect() as connection:
        _wait_at_most(connection, _PATIENCE)
        try:
            _move_on(connection)
        finally:
            _wait_at_most(connection, _USUAL)


def _move_on(connection: Connection) -> None:
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {_PATIENCE}"))
        clock = read(connection, lock=True)
        if clock.is_due:
            wall = wall_clock()
            closed = max(clock.closed + (clock.stamped == clock.closed), wall)
            connection.execute(update(ClockRow).values(closed=closed, ticked=wall))


def _wait_at_most(connection: Connection, milliseconds: int) -> None:
    # Straight to the driver: SQLAlchemy would begin, and so wait, before the pragma ran.
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
