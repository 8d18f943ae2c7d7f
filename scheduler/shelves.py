"""The crosswalks in use, read anew only where something was published."""

from __future__ import annotations

from catalogue import crosswalks
from catalogue.database import Database
from crosswalks.shelf import Shelf


class Shelves:
    """One hub's crosswalks over time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf: Shelf | None = None

    def now(self) -> Shelf:
        """Return the crosswalks in use now; the same object for as long as they are the same."""
        with self._database.reading_primary() as connection:
            edition = crosswalks.edition(connection)
            if self._shelf is None or self._shelf.edition != edition:
                self._shelf = crosswalks.shelf_within(connection)
        return self._shelf
