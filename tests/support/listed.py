"""Lists of holdings for tests: a library that has no records, and all settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from catalogue import libraries
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.holdings import listing, matching
from catalogue.holdings.model import Found, Line, Put, Row, Stored
from catalogue.holdings.put import Giving, put
from catalogue.model import Library
from support.pages import HUB


def add_library(database: Database, code: str = "SMALL") -> None:
    """Add a library without any source."""
    libraries.add(database, Library(code=code))


def give(database: Database, *rows: Row, **giving: Any) -> Put:
    """Give the list ``main`` of library SMALL these rows."""
    told = Giving(**{"library": "SMALL", "accepts": True, **giving})
    return put(database, told, lines(rows))


def lines(rows: Iterable[Row]) -> list[Line]:
    """Return rows as they stand in a file."""
    return [Line(number, row) for number, row in enumerate(rows, 1)]


def settle(database: Database, limit: int = 50) -> None:
    """Place and match until nothing waits."""
    while waiting(database) or matching.waiting(database, 1):
        place(database, HUB, limit)
        matching.match_some(database, HUB, limit)


def found(database: Database, library: str = "SMALL") -> list[Found]:
    """Return what was found for each row, by line."""
    return [row.found for row in stored(database, library)]


def stored(database: Database, library: str = "SMALL") -> list[Stored]:
    """Return the rows as they stand."""
    return [row for _, row in listing.rows(database, library)]
