"""Harvests that people ask for, with what they want besides the usual: each is queued once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, update

from catalogue import queue
from catalogue.database import Database
from catalogue.store.run import KIND, job_key
from catalogue.tables import JobRow


class Came(StrEnum):
    """What came of asking for a harvest."""

    QUEUED = "queued"
    """It waits for a worker."""
    INSTEAD = "instead"
    """So it does, in place of the usual one that waited, which it includes."""
    SAME = "same"
    """It was asked for already: nothing was queued twice."""
    OTHER = "other"
    """Another one waits that is asked for something else; nothing was changed."""


def ask(database: Database, name: str, wanted: Mapping[str, Any], *, includes: bool) -> Came:
    """Queue a harvest of a source as a person wants it.

    ``wanted`` is what the history of runs will say of it; ``includes`` says that it brings all that
    a usual one would, so that it may take the place of one.
    """
    return database.writing(lambda connection: _ask(connection, name, wanted, includes=includes))


_TRIES = 3


def _ask(connection: Connection, name: str, wanted: Mapping[str, Any], *, includes: bool) -> Came:
    key, told = job_key(name), json.dumps(dict(wanted), ensure_ascii=False)
    waiting = select(JobRow.id, JobRow.payload).where(JobRow.key == key, JobRow.state == "queued")
    before = None
    for _ in range(_TRIES):
        before = connection.execute(waiting.with_for_update()).one_or_none()
        if before is not None:
            break
        if queue.ask_within(connection, KIND, key, told):
            return Came.QUEUED
        # Somebody else queued one in this very moment.
    if before is None:
        return Came.OTHER
    known, came = json.loads(before.payload), Came.SAME
    if known != dict(wanted):
        if known or not includes:
            return Came.OTHER
        connection.execute(update(JobRow).where(JobRow.id == before.id).values(payload=told))
        came = Came.INSTEAD
    # One that is only due, or not yet, comes forward: somebody waits.
    queue.ask_within(connection, KIND, key, told)
    return came
