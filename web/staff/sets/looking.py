"""What a set would hold if it were defined now: how many records in each view, and the first."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.database import Database
from catalogue.errors import ViewNotSearched
from catalogue.model import Sharing
from catalogue.querysets import defining
from catalogue.querysets.model import QuerySet
from catalogue.search import Hit, Request, engine

FIRST = 10
"""Records that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found."""

    counts: dict[str, int] = field(default_factory=dict)
    """How many records each view would show in it, by the view's name; none not indexed yet."""
    hits: tuple[Hit, ...] = ()
    """The first, as the public sees them."""


def look(database: Database, wanted: QuerySet) -> Looked:
    """Return what a set would hold. Raises QueryError or NotForASet."""
    expression = defining.looked_for(wanted)
    counts: dict[str, int] = {}
    hits: tuple[Hit, ...] = ()
    for view in defining.views(database):
        is_public = view == Sharing.PUBLIC.value
        limit = FIRST if is_public else 1
        asked = Request(wanted=expression, view=view, by_work=False, limit=limit)
        try:
            found = engine(database).search(asked)
        except ViewNotSearched:
            continue
        counts[view] = found.clusters
        hits = found.hits if is_public else hits
    return Looked(counts=counts, hits=hits)
