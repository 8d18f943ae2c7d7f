"""What came, as publications: by the matching of the catalogue, in an order free of haste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from catalogue.cluster.guests import Guest, seats
from catalogue.database import Database
from catalogue.search.document import document
from catalogue.search.model import FacetCount, FacetName, Hit
from provider.federation.model import Copy, Publication

_HEADED = {FacetName.SUBJECT: "subject", FacetName.AUTHOR: "person"}
MOST = 10
"""Values told of a facet."""

Facets = tuple[tuple[FacetName, tuple[FacetCount, ...]], ...]


def merged(
    database: Database, hits: Sequence[Hit], copies: Iterable[Copy], view: str
) -> tuple[Publication, ...]:
    """Return the publications: the union's hits by rank, then what more targets have before others.

    The order of ``copies`` is of no account.
    """
    ordered = sorted(copies, key=lambda each: (each.target, each.position, each.identifier))
    unique = list({(each.target, each.identifier): each for each in ordered}.values())
    guests = [Guest((each.target, each.identifier), each.features) for each in unique]
    groups: dict[tuple[str, int], list[Copy]] = {}
    for copy, seat in zip(unique, seats(database, guests, view), strict=True):
        key = (seat.public_id, 0) if seat.public_id else ("", seat.group)
        groups.setdefault(key, []).append(copy)
    ranked = {hit.public_id: hit for hit in hits}
    first = [_hit(hit, groups.pop((hit.public_id, 0), [])) for hit in ranked.values()]
    rest = [_found(public_id, held) for (public_id, _), held in groups.items()]
    rest.sort(key=_rank)
    return (*first, *rest)


def facets(publications: Iterable[Publication]) -> Facets:
    """Return how many of the publications that servers have are of which kind, year and so on."""
    counts: dict[FacetName, Counter[str]] = {name: Counter() for name in FacetName}
    for each in publications:
        for name, found in values(each):
            counts[name].update(found)
    return tuple(
        (name, tuple(FacetCount(*one) for one in _most_common(counted)))
        for name, counted in counts.items()
        if counted
    )


def values(each: Publication) -> Iterable[tuple[FacetName, set[str]]]:
    """Yield the values that a publication has of each facet; none where no server has it."""
    if not each.copies:
        return
    described = document(each.copies[0].record, [])
    yield FacetName.MATERIAL, {described.material}
    yield FacetName.YEAR, {str(described.year)} if described.year else set()
    yield FacetName.LANGUAGE, {described.language} - {""}
    yield FacetName.LIBRARY, {*each.targets}
    for name, column in _HEADED.items():
        yield name, {one.text for one in described.headings if one.column == column}


def _most_common(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST]


def _hit(hit: Hit, copies: list[Copy]) -> Publication:
    return Publication(
        public_id=hit.public_id,
        title=hit.title,
        author=hit.author,
        year=hit.year,
        copies=tuple(copies),
        is_hit=True,
    )


def _found(public_id: str, copies: list[Copy]) -> Publication:
    described = document(copies[0].record, [])
    return Publication(
        public_id=public_id,
        title=described.title,
        author=described.author,
        year=str(described.year or ""),
        copies=tuple(copies),
        is_hit=False,
    )


def _rank(each: Publication) -> tuple[int, int, str, int, str]:
    best = min(each.copies, key=lambda copy: (copy.position, copy.target))
    return (-len(each.targets), best.position, best.target, len(each.title), each.title)
