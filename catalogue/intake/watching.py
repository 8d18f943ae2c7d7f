"""How far the checks of deliveries are, for those who watch."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import literal_column, select

from catalogue import queue
from catalogue.database import Database
from catalogue.intake.rows import check_key
from catalogue.tables import JobRow

_OPEN = JobRow.state.in_((literal_column("'queued'"), literal_column("'running'")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What becomes of a check at this moment."""

    is_queued: bool = False
    is_running: bool = False
    """Whether a living process is at it."""
    records: int = 0
    """So far."""

    @property
    def is_busy(self) -> bool:
        """Tell whether there will be other news."""
        return self.is_queued or self.is_running


def progress(database: Database, number: int) -> Progress:
    """Return how far the check of a delivery is."""
    key = check_key(number)
    with database.reading_primary() as connection:
        rows = connection.execute(
            select(JobRow.state, JobRow.payload).where(JobRow.key == key, _OPEN)
        ).all()
    told = {row.state: json.loads(row.payload) for row in rows}
    return Progress(
        is_queued=bool(told) and ("queued" in told or not queue.is_running(database, key)),
        is_running=queue.is_running(database, key),
        records=told.get("running", {}).get("records", 0),
    )
