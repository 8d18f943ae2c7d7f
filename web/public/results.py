"""A page of hits as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from catalogue.search import FacetName, Hit, Hits
from web.public import facets
from web.public.asking import LAST_PAGE, PER_PAGE, Asked
from web.public.facets import Chosen, Facet, Naming
from web.public.nothing import Advice

NAMED = 4
"""Libraries of a hit that are named; a schoolbook may be held by all of them."""


class Line(NamedTuple):
    """A hit; ``libraries`` are the names of the first that hold it, ``others`` how many more do."""

    hit: Hit
    material: str
    libraries: str
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of hits, and what they can be narrowed to."""

    asked: Asked
    total: int
    editions: int
    """How many editions the hits are."""
    lines: tuple[Line, ...]
    chosen: tuple[Chosen, ...]
    materials: Facet | None
    """The first facet, which stands before the hits."""
    facets: tuple[Facet, ...]
    also: str
    """Other names that were looked for, by see-references."""
    is_too_many: bool
    """Libraries, subjects and authors are not counted among so many hits."""
    advice: Advice | None = None
    """What may help where there are no hits."""

    @property
    def pages(self) -> int:
        """How many pages can be looked at."""
        return min(LAST_PAGE, -(-self.total // PER_PAGE))

    @property
    def first(self) -> int:
        """The number of the first hit on this page, from 1."""
        return (self.asked.page - 1) * PER_PAGE + 1


def results(asked: Asked, found: Hits, naming: Naming) -> Results:
    """Return a page of hits in the reader's words."""
    offered = facets.offered(asked, found.facets, naming)
    materials = next((each for each in offered if each.name == FacetName.MATERIAL), None)
    return Results(
        asked=asked,
        total=found.total,
        editions=found.clusters,
        lines=tuple(_line(hit, naming) for hit in found.hits),
        chosen=tuple(facets.chosen(asked, naming)),
        materials=materials,
        facets=tuple(each for each in offered if each != materials),
        also="; ".join(dict.fromkeys(name for each in found.also for name in each.names)),
        is_too_many=found.total > 0 and FacetName.LIBRARY not in dict(found.facets),
    )


def _line(hit: Hit, naming: Naming) -> Line:
    names = [naming.library(code) for code in hit.libraries]
    # One more is named rather than counted.
    shown = names if len(names) <= NAMED + 1 else names[:NAMED]
    return Line(hit, naming.material(hit.material), "; ".join(shown), len(names) - len(shown))
