"""Facets of SRU 2.0: what the records of a result have in common, counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from catalogue.search import FacetCount, FacetName
from protocols import cql
from protocols.errors import QueryError
from protocols.rpn.tree import AttributeType, Joined, Operator, Query, Term
from protocols.sru.errors import SruError, ValueUnsupported
from protocols.sru.model import Facet, FacetTerm
from protocols.sru.names import Version
from protocols.sru.parameters import Parameters, short
from provider.lookup import Wanted
from provider.sru.service import Service

MOST_VALUES = 100
_LONGEST_QUERY = 1_000
_NUMBER = re.compile(r"[0-9]{1,6}")
_USES: Mapping[int | str, FacetName] = {
    21: FacetName.SUBJECT,
    30: FacetName.YEAR,
    31: FacetName.YEAR,
    54: FacetName.LANGUAGE,
    1003: FacetName.AUTHOR,
    1031: FacetName.MATERIAL,
    1044: FacetName.LIBRARY,
    **{name.value: name for name in FacetName},
}
"""Use attributes, and names of our own, by which facets are asked for."""
_CLAUSES: Mapping[FacetName, tuple[str, str]] = {
    FacetName.MATERIAL: ("dc.type", "="),
    FacetName.YEAR: ("dc.date", "="),
    FacetName.LANGUAGE: ("dc.language", "="),
    FacetName.LIBRARY: ("bath.possessingInstitution", "="),
    FacetName.SUBJECT: ("dc.subject", "==/respectaccents"),
    FacetName.AUTHOR: ("dc.creator", "==/respectaccents"),
}
"""The index of a facet, and the relation by which just the records with a value are found."""


class Counted(NamedTuple):
    """The facets, whether there were to be any, and what is said of them."""

    asked: bool = False
    facets: tuple[Facet, ...] = ()
    warnings: tuple[SruError, ...] = ()


class _Page(NamedTuple):
    """Which values of a facet are wanted."""

    limit: int
    start: int


def counted(service: Service, given: Parameters, query: Query, wanted: Wanted) -> Counted:
    """Return the facets that facetLimit asks for. Raises ValueUnsupported."""
    text = given.values.get("facetLimit", "").strip()
    if not text or given.version is not Version.V2_0:
        return Counted()
    pages = _pages(text, given.values.get("facetStart", ""))
    most = max(page.limit + page.start - 1 for page in pages.values())
    found = service.lookup.facets(wanted, tuple(pages), most) if most else {}
    facets = tuple(
        _facet(name, found[name][page.start - 1 : page.start - 1 + page.limit], query)
        for name, page in pages.items()
        if name in found
    )
    return Counted(True, facets, _order(given.values.get("facetSort", "")))


def _pages(limits: str, starts: str) -> Mapping[FacetName, _Page]:
    limited, started = _by_name("facetLimit", limits), _by_name("facetStart", starts)
    names = [name for name in limited if name is not None] or list(FacetName)
    return {
        name: _Page(
            min(limited.get(name, limited.get(None, 0)), MOST_VALUES),
            min(max(started.get(name, started.get(None, 1)), 1), MOST_VALUES),
        )
        for name in names
    }


def _by_name(parameter: str, text: str) -> Mapping[FacetName | None, int]:
    """Read ``10`` or ``10:dc.subject,5:dc.creator``; a number without an index is for the rest."""
    found: dict[FacetName | None, int] = {}
    for each in text.split(",") if text.strip() else ():
        number, colon, index = (part.strip() for part in each.partition(":"))
        if not _NUMBER.fullmatch(number):
            raise ValueUnsupported(parameter, given=short(each))
        found[_named(parameter, index) if colon else None] = int(number)
    return found


def _named(parameter: str, index: str) -> FacetName:
    try:
        node = cql.read(f"{index} = x").root
    except QueryError as error:
        raise ValueUnsupported(parameter, given=short(index)) from error
    use = node.value(AttributeType.USE) if isinstance(node, Term) else None
    name = _USES.get(use) if use is not None else None
    if name is None:
        raise ValueUnsupported(parameter, given=short(index))
    return name


def _order(text: str) -> tuple[SruError, ...]:
    """Say so where another order is wanted: values with most records come first."""
    wanted = text.strip().lower().replace(" ", "")
    if wanted in {"", "recordcount", "recordcount,descending"}:
        return ()
    return (ValueUnsupported("facetSort", given=short(text)),)


def _facet(name: FacetName, values: tuple[FacetCount, ...], query: Query) -> Facet:
    index, relation = _CLAUSES[name]
    whole = cql.write(Query(query.root))
    return Facet(
        name.value,
        index,
        tuple(
            FacetTerm(value, hits, _narrowed(query, whole, f"{index} {relation} {_quoted(value)}"))
            for value, hits in values
        ),
    )


def _narrowed(query: Query, whole: str, clause: str) -> str:
    """Return the query for the records of a result that have a value."""
    if len(whole) > _LONGEST_QUERY:
        return clause
    return cql.write(Query(Joined(Operator.AND, query.root, cql.read(clause).root)))


def _quoted(text: str) -> str:
    escaped = re.sub(r'([\\"*?^])', r"\\\1", text)
    return f'"{escaped}"'
