"""What a search engine does for all doors; another one is added by a class with these methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from catalogue.database import Database
from catalogue.search.expression import Expression
from catalogue.search.model import Cost, Hits, Request, Scanned, ScanRequest
from catalogue.search.paging import Page, Place


class SearchEngine(Protocol):
    """Finds clusters; what was committed is found at once, and what was deleted never.

    All engines give the same hits in the same order, counts and terms: they are given tokens ready
    made (``postings``), and a rank that is ours (``ranking``).
    """

    def search(self, request: Request) -> Hits:
        """Return a page of hits.

        Raises ViewNotSearched for a view that is not indexed yet, QueryError for masks that too
        many words fit.
        """
        ...

    def ids(self, request: Request) -> tuple[int, tuple[str, ...]]:
        """Return how many clusters are found, and the public ids of a page of them.

        The same hits in the same order as those of ``search``, never by work.
        """
        ...

    def clusters(self, wanted: Expression, most: int) -> list[int]:
        """Return the keys of the clusters that any view finds, in order, ``most`` of them at most.

        Raises QueryError as ``search`` does.
        """
        ...

    def page(self, request: Request, after: Place | None = None) -> Page:
        """Return the hits behind one of them, or the first ones, each cluster by itself.

        ``offset`` means nothing here. The order is that of ``search`` and ``ids``. Raises what
        ``search`` does.
        """
        ...

    def scan(self, request: ScanRequest) -> Scanned:
        """Return a part of an index, terms that no cluster has left out."""
        ...

    def costs(self, request: Request) -> Sequence[Cost]:
        """Return for each part of what is looked for what it finds and costs, the whole first."""
        ...


def engine(database: Database) -> SearchEngine:
    """Return the engine that is part of a hub's own database."""
    from catalogue.search.postgresql import Postgresql  # noqa: PLC0415 - only the one in use
    from catalogue.search.sqlite import Sqlite  # noqa: PLC0415

    return Postgresql(database) if database.postgresql else Sqlite(database)
