"""Search: one query tree for every door, one index with two engines that answer alike.

``plan`` turns a query tree into what is looked for, an engine finds it, ``store`` keeps the index
in the transaction that changes the catalogue, ``waiting`` makes it again.
"""

from catalogue.search import plain, telling
from catalogue.search.engine import SearchEngine, engine
from catalogue.search.model import (
    Cost,
    FacetCount,
    FacetName,
    Hit,
    Hits,
    Request,
    Scanned,
    ScanRequest,
    ScanTerm,
    SortField,
    Sorting,
)
from catalogue.search.plan import planned, sorted_by

__all__ = [
    "Cost",
    "FacetCount",
    "FacetName",
    "Hit",
    "Hits",
    "Request",
    "ScanRequest",
    "ScanTerm",
    "Scanned",
    "SearchEngine",
    "SortField",
    "Sorting",
    "engine",
    "plain",
    "planned",
    "sorted_by",
    "telling",
]
