"""The form for several fields together at ``/advanced``; what it finds is a page like any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask import render_template, request

from catalogue import libraries
from catalogue.membership.model import Membership
from catalogue.search import FacetName
from crosswalks import collation
from web.public import asking, fielded
from web.public.asking import Asked
from web.public.facets import LABELS, MATERIALS, Naming
from web.public.views import blueprint, naming
from web.site import current_site

LANGUAGES = (
    *("vie", "eng", "fre", "rus", "chi", "ger", "jpn", "kor", "khm", "lao", "tha", "ind"),
    *("spa", "ita", "por", "pol", "cze", "hun", "bul", "ukr", "lat", "san", "ara"),
)
"""Languages that are offered; by any other a search is narrowed once it found something in it."""
_LISTED = (FacetName.MATERIAL, FacetName.LANGUAGE, FacetName.LIBRARY)


class Option(NamedTuple):
    """A value that can be chosen, as it stands in the address, and what it is called."""

    value: str
    name: str


class List(NamedTuple):
    """A list to choose one value of."""

    name: str
    label: str
    options: list[Option]
    chosen: str
    """As it stands in the address, or empty."""


@blueprint.get("/advanced")
def advanced() -> str:
    """Show the form, filled with what an address of the search page would look for."""
    asked = asking.read(request.args)
    names = naming()
    lists = [_list(facet, asked, names) for facet in _LISTED]
    return render_template(
        "public/advanced.html",
        asked=asked,
        fields=asking.FIELDS,
        orders=asking.ORDERS,
        boxes=fielded.BOXES,
        years=fielded.YEARS,
        words=dict(asked.boxes),
        lists=lists,
        others=list(_others(asked, lists)),
    )


def _list(facet: FacetName, asked: Asked, names: Naming) -> List:
    chosen = next((value for each, value in asked.narrowed if each is facet), "")
    values = list(_values(facet))
    if chosen and chosen not in values:
        values.append(chosen)
    options = [Option(f"{facet.value}:{value}", names.value(facet, value)) for value in values]
    if facet is FacetName.LIBRARY:
        options.sort(key=lambda option: collation.key(option.name))
    return List(facet.value, LABELS[facet], options, f"{facet.value}:{chosen}" if chosen else "")


def _values(facet: FacetName) -> Iterator[str]:
    if facet is FacetName.MATERIAL:
        yield from MATERIALS
    elif facet is FacetName.LANGUAGE:
        yield from LANGUAGES
    else:
        # Who is only joining is at no door, by name either.
        for each in libraries.all(current_site().database):
            if each.standing is not Membership.JOINING:
                yield each.code


def _others(asked: Asked, lists: list[List]) -> Iterator[str]:
    """Yield what hits are narrowed to besides, which the form carries on."""
    shown = {each.chosen for each in lists}
    for facet, value in asked.narrowed:
        if f"{facet.value}:{value}" not in shown:
            yield f"{facet.value}:{value}"
