"""All that the page of a record shows: of what may be long a part, with a way to the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from catalogue.errors import ViewNotSearched
from catalogue.model import Holding
from catalogue.search.editions import editions
from catalogue.served import contributors
from crosswalks import collation
from provider.records import FILES
from web.public import display, lending, linked
from web.public.editions import Line, lines
from web.public.facets import Naming
from web.public.lookup import Found
from web.public.origins import field_lines, origins
from web.site import current_site

_HOLDINGS, _SOURCES, _EDITIONS, _FIELDS, _VALUES = 25, 10, 10, 300, 30
"""Most that are shown of each; the rest stand on pages of their own, or in the files."""


class Some(NamedTuple):
    """The first of many."""

    lines: Sequence[Any]
    total: int

    @property
    def others(self) -> int:
        """Return how many are not among them."""
        return self.total - len(self.lines)


def page(found: Found, naming: Naming) -> dict[str, Any]:
    """Return what the template shows."""
    served, record = found
    site = current_site()
    records = contributors(site.database, served)
    held, sources = in_order(served.holdings, naming), origins(records, naming)
    return {
        "title": display.title(record),
        "lines": [
            (label, Some(values[:_VALUES], len(values))) for label, values in display.lines(record)
        ],
        "fields": Some(
            field_lines(served, record, records, naming, _FIELDS), len(record.fields) + 1
        ),
        "holders": lending.holders(record, served.holdings),
        "held": Some(held[:_HOLDINGS], len(held)),
        "made_of": Some(sources[:_SOURCES], len(sources)),
        "work": _beside(served.public_id, naming),
        "naming": naming,
        "identifier": site.identifier_prefix + served.public_id,
        "public_id": served.public_id,
        "linked": linked.data(record, served.public_id),
        "files": FILES,
    }


def in_order(holdings: Sequence[Holding], naming: Naming) -> list[Holding]:
    """Return holdings by the names of their libraries."""
    order = {each.library: collation.key(naming.library(each.library)) for each in holdings}
    return sorted(holdings, key=lambda each: (order[each.library], each.location))


def _beside(public_id: str, naming: Naming) -> Some:
    """Return other editions of its work, the newest first, of how many in all."""
    try:
        known = editions(current_site().database, public_id, _EDITIONS + 1)
    except ViewNotSearched:
        known = None
    if known is None:
        return Some([], 0)
    found: list[Line] = lines(known.found, naming)
    others = [line for line in found if line.public_id != public_id]
    return Some(others[:_EDITIONS], known.total - 1)
