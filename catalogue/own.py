"""What one library may see of itself at a glance: its sources, and their latest harvests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue import libraries, owned, watch
from catalogue.alerts import figures
from catalogue.database import Database
from catalogue.model import Library, Run
from catalogue.watch import Watched

_RUNS = 10
"""The newest harvests that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One library as it sees itself."""

    library: Library
    sources: tuple[Watched, ...]
    runs: tuple[Run, ...]
    """The newest first, of all its sources."""
    quarantined: Mapping[str, int]
    """By source, how many records could not be read."""


def of_library(database: Database, code: str) -> Own:
    """Return what the library with this code sees of itself. Raises NoSuchLibrary."""
    library = libraries.get(database, code)
    newest = owned.runs_of(database, library.code, "", None, _RUNS)
    with database.reading() as connection:
        theirs = owned.keys(connection, library.code)
        kept = figures.quarantined(connection, theirs)
        return Own(
            library=library,
            sources=tuple(watch.watched(connection, [*theirs.values()])),
            runs=tuple(newest),
            quarantined={name: kept.get(key, 0) for key, name in theirs.items()},
        )


def to_mend(database: Database, code: str) -> list[dict[str, Any]]:
    """Return what a library has to mend, by kind and source. Raises NoSuchLibrary."""
    library = libraries.get(database, code)
    with database.reading() as connection:
        theirs = [each for each in figures.places(connection) if each.library == library.code]
        return figures.to_mend(connection, theirs)
