"""How much there is, day by day: counted now and then in the background, and read at once.

Counting a million records takes longer than a page may; what staff see first is what was counted
last, with the moment when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from catalogue import clock, quarantine
from catalogue.browse import totals
from catalogue.cluster.asking import ANY
from catalogue.daily_tables import DayRow
from catalogue.database import Database
from catalogue.sql import table, upsert
from catalogue.tables import QuestionRow

EVERY_SECONDS = 600
"""It is not counted more often than that."""
_days = table(DayRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What there was when it was last counted on a day."""

    day: str
    """ISO 8601, UTC."""
    at: int
    """When it was counted, epoch seconds."""
    records: int
    """Live ones of members."""
    clusters: int
    folded: int
    questions: int
    """Pairs that people are asked about."""
    problems: int
    quarantined: int


def count_if_due(database: Database) -> bool:
    """Count, if something has changed since it was counted, not too lately; tell whether it was."""
    now = clock.wall_clock()
    with database.reading_primary() as connection:
        last = connection.execute(
            select(_days.day, _days.at, _days.turn).order_by(_days.day.desc()).limit(1)
        ).first()
        turn = clock.read(connection).turn
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    if last is not None and last.day == today and _is_fresh(last, now, turn):
        return False
    row = _counted(database) | {"day": today, "at": now, "turn": turn}
    database.writing(lambda connection: upsert(connection, DayRow, [row]))
    return True


def _is_fresh(last: Any, now: int, turn: int) -> bool:
    return bool(turn == last.turn or 0 <= now - last.at < EVERY_SECONDS)


def _counted(database: Database) -> dict[str, Any]:
    found = totals(database)
    with database.reading() as connection:
        asked = select(func.count()).where(QuestionRow.library_id == ANY)
        return {
            "records": found.records,
            "clusters": found.clusters,
            "folded": found.folded,
            "problems": found.problems,
            "questions": connection.execute(asked).scalar_one(),
            "quarantined": quarantine.count(database),
        }


def days(database: Database, most: int = 90) -> list[Day]:
    """Return the latest days, the oldest of them first."""
    query = select(*(_days[name] for name in _NAMES)).order_by(_days.day.desc()).limit(most)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [Day(**row._mapping) for row in reversed(rows)]


_NAMES = tuple(Day.__dataclass_fields__)
