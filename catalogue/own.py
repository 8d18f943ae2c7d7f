"""What one library may see of itself: its sources, their harvests, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from catalogue import libraries, runs, watch
from catalogue.alerts.figures import places, quarantined, to_mend
from catalogue.database import Database
from catalogue.model import Library, Run
from catalogue.tables import RunRow, SourceRow
from catalogue.watch import Watched

_RUNS = 20
"""The newest harvests that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One library as it sees itself."""

    library: Library
    sources: tuple[Watched, ...]
    runs: tuple[Run, ...]
    """The newest first, of all its sources."""
    mend: tuple[Mapping[str, Any], ...]
    """Kinds of problems by source: ``source``, ``code``, ``severity``, ``count``, ``samples``."""
    quarantined: Mapping[str, int]
    """By source, how many records could not be read."""


def of_library(database: Database, code: str) -> Own:
    """Return what the library with this code sees of itself. Raises NoSuchLibrary."""
    library = libraries.get(database, code)
    with database.reading() as connection:
        theirs = [each for each in places(connection) if each.library == library.code]
        keys = [each.id for each in theirs]
        kept = quarantined(connection, keys)
        newest = (
            select(RunRow.id)
            .join(SourceRow, SourceRow.id == RunRow.source_id)
            .where(SourceRow.id.in_(keys))
            .order_by(RunRow.id.desc())
            .limit(_RUNS)
        )
        latest = runs.some(connection, list(connection.scalars(newest)))
        return Own(
            library=library,
            sources=tuple(watch.watched(connection, [each.name for each in theirs])),
            runs=tuple(sorted(latest, key=lambda run: -run.id)),
            mend=tuple(to_mend(connection, theirs)),
            quarantined={each.name: kept.get(each.id, 0) for each in theirs},
        )
