"""``/records``: what a query finds, page behind page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from catalogue.search import Hit, Request, SortField, Sorting, engine, planned, sorted_by
from catalogue.search.expression import Expression, all_of
from catalogue.search.model import Also, FacetName
from catalogue.search.paging import Page, Place
from crosswalks.errors import Said
from protocols import cql
from protocols.rpn.tree import Query
from provider.api import cursors
from provider.api.addresses import going_on, of
from provider.api.errors import BadParameter
from provider.api.model import Answer, Call, Service
from provider.api.parameters import Parameter, choices, cursor, text, whole

MOST = 100
_LONGEST_QUERY = 10_000
_VALUES = 50
"""Values of a facet that are counted, those with most hits."""
_ORDERS = [f"{sign}{field.value}" for field in SortField for sign in ("", "-")]
_TWO_ORDERS = Said("the query has an order of its own (sortby)", {})

PARAMETERS: tuple[Parameter, ...] = (
    text(
        "q",
        'What to look for, in CQL: kiều, dc.title = "truyện kiều". Without it all records.',
        _LONGEST_QUERY,
        format="cql",
    ),
    choices(
        "sort",
        "What to sort by, the first that differs decides; a minus before it turns it round."
        " Without it the best match comes first.",
        _ORDERS,
        4,
    ),
    choices(
        "facets",
        "What to count the hits by, on the first page.",
        [each.value for each in FacetName],
        len(FacetName),
    ),
    whole("limit", "Records on a page.", MOST, 20),
    cursor(),
)


def search(call: Call) -> Answer:
    """Answer a page of what a query finds. Raises QueryError, BadParameter or BadCursor."""
    query = _query(call)
    sort = _sort(call, query)
    scope = _scope(call)
    begun = cursors.taken(call, scope)
    request = Request(
        wanted=_wanted(query),
        view=call.service.view.value,
        sort=sort,
        limit=call.values["limit"],
        facets=tuple(map(FacetName, call.values["facets"])),
        facet_values=_VALUES,
        see=True,
    )
    total, place = _resumed(begun)
    page = engine(call.service.database).page(request, place)
    total = page.total if page.total is not None else total
    following = _following(call, scope, page, total)
    return Answer(
        value={
            "total": total,
            "records": [_hit(call.service, each) for each in page.hits],
            "facets": None if begun else _facets(page),
            "also": [_also(each) for each in page.also],
            "next": following,
        },
        records=len(page.hits),
        next=following,
    )


def _query(call: Call) -> Query | None:
    return cql.read(call.values["q"]) if call.values["q"] is not None else None


def _wanted(query: Query | None) -> Expression:
    return planned(query) if query is not None else all_of(())


def _sort(call: Call, query: Query | None) -> tuple[Sorting, ...]:
    asked = tuple(
        Sorting(SortField(name.removeprefix("-")), name.startswith("-"))
        for name in call.values["sort"]
    )
    own = sorted_by(query) if query is not None else ()
    if asked and own:
        raise BadParameter(name="sort", reason=_TWO_ORDERS)
    return asked or tuple(Sorting(SortField(name), down) for name, down in own)


def _scope(call: Call) -> str:
    told = json.dumps([call.values["q"], call.values["sort"]])
    return f"records/{hashlib.sha256(told.encode()).hexdigest()}"


def _resumed(begun: list[Any] | None) -> tuple[int, Place | None]:
    if begun is None:
        return 0, None
    total, number, tier, keys = begun
    return total, Place(number, tier, tuple(keys))


def _following(call: Call, scope: str, page: Page, total: int) -> str | None:
    if page.last is None:
        return None
    place = page.last
    token = cursors.given_out(call.service, scope, total, place.number, place.tier, place.keys)
    return going_on(call, token, "records")


def _facets(page: Page) -> Mapping[str, Any]:
    return {
        name.value: [{"value": each.value, "hits": each.hits} for each in values]
        for name, values in page.facets
    }


def _also(found: Also) -> Mapping[str, Any]:
    return {
        "typed": found.typed,
        "heading": found.heading,
        "list": found.code,
        "number": found.number,
        "names": [*found.names],
    }


def _hit(service: Service, hit: Hit) -> Mapping[str, Any]:
    return {
        "id": hit.public_id,
        "title": hit.title,
        "author": hit.author,
        "year": int(hit.year) if hit.year else None,
        "material": hit.material,
        "libraries": [*hit.libraries],
        "url": of(service, "records", hit.public_id),
        "page": service.page(hit.public_id),
    }
