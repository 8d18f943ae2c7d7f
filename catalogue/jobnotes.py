"""Whether somebody is at a job or comes to it, and what is noted of it: one question for a page."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, literal_column, select

from catalogue import queue
from catalogue.tables import JobRow

_OPEN = JobRow.state.in_((literal_column("'queued'"), literal_column("'running'")))


def noted(connection: Connection, key: str) -> dict[str, Any] | None:
    """Return what is noted of the job of this key; None where nobody is at it or comes to it.

    A job at which each worker died that took it up is left by all of them.
    """
    query = select(JobRow.state, JobRow.attempts, JobRow.payload).where(JobRow.key == key, _OPEN)
    rows = connection.execute(query.order_by(JobRow.id)).all()
    comes = any(row.state == "queued" or row.attempts < queue.TRIES for row in rows)
    if not comes and not (rows and key in queue.living(connection)):
        return None
    # Under way is older than what was queued since.
    found: dict[str, Any] = json.loads(rows[0].payload)
    return found
