"""What the clock goes by: whether sources changed, whether harvests are let be, when it was seen.

All of it is one row, so that a look that finds nothing to do costs one short read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import WindowReversed
from catalogue.tables import ClockworkRow

CLOCK = "clock"
"""Kind and key of the job that is the leading clock's lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """A time in which no harvest is begun, and one under way ends after its page."""

    begins: int
    """Epoch seconds."""
    ends: int | None = None
    """Epoch seconds; None: when somebody ends it."""
    why: str = ""

    def holds(self, now: float) -> bool:
        """Tell whether it is under way."""
        return self.begins <= now and not self.is_over(now)

    def is_over(self, now: float) -> bool:
        """Tell whether its time has passed."""
        return self.ends is not None and self.ends <= now


class State(NamedTuple):
    """The row as it stands."""

    sources: int
    """Another number whenever a source was added or changed."""
    seen: int
    """When a clock last saw to what is due, epoch seconds; 0 if never."""
    maintenance: Maintenance | None
    """Under way or planned; what is over is none."""


def state(database: Database) -> State:
    """Return what the clock goes by."""
    with database.reading_primary() as connection:
        row = connection.execute(_ROW).one()
    found = None
    if row.paused_from is not None:
        found = Maintenance(begins=row.paused_from, ends=row.paused_until, why=row.paused_why)
    over = found is not None and found.is_over(wall_clock())
    return State(row.sources, row.seen, None if over else found)


def maintenance(database: Database) -> Maintenance | None:
    """Return the maintenance window that is under way now, if one is."""
    found = state(database).maintenance
    return found if found is not None and found.holds(wall_clock()) else None


def pause(database: Database, window: Maintenance) -> None:
    """Have harvests let be for a time, in place of any window there was.

    Raises WindowReversed for one that is over before it begins, or already.
    """
    if window.ends is not None and window.ends <= max(window.begins, wall_clock()):
        raise WindowReversed
    values = {
        "paused_from": window.begins,
        "paused_until": window.ends,
        "paused_why": window.why,
    }
    database.writing(lambda connection: _set(connection, values))


def go_on(database: Database) -> bool:
    """End the maintenance window, or forget one that is planned; tell whether there was one."""

    def work(connection: Connection) -> bool:
        row = connection.execute(_ROW.with_for_update()).one()
        _set(connection, {"paused_from": None, "paused_until": None, "paused_why": ""})
        over = row.paused_until is not None and row.paused_until <= wall_clock()
        return row.paused_from is not None and not over

    return database.writing(work)


def saw(database: Database, now: int) -> None:
    """Note that a clock has seen to all that was due by ``now`` (epoch seconds)."""
    database.writing(lambda connection: _set(connection, {"seen": now}))


def sources_changed(connection: Connection) -> None:
    """Have the clock look at the sources anew, together with what changed them."""
    connection.execute(update(ClockworkRow).values(sources=ClockworkRow.sources + 1))


def is_led(database: Database) -> bool:
    """Tell whether a living clock leads."""
    return queue.is_running(database, CLOCK)


_ROW = select(
    ClockworkRow.sources,
    ClockworkRow.seen,
    ClockworkRow.paused_from,
    ClockworkRow.paused_until,
    ClockworkRow.paused_why,
)


def _set(connection: Connection, values: Mapping[str, object]) -> None:
    connection.execute(update(ClockworkRow).values(**values))
