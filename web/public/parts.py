"""What is too long for the page of a record: all who hold it, and all that it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from flask import render_template, request

from catalogue.served import contributors
from web.public import display
from web.public.lookup import found
from web.public.origins import origins
from web.public.views import blueprint, naming
from web.public.whole import in_order
from web.site import current_site

PER_PAGE = 100

T = TypeVar("T")


class Part(NamedTuple, Generic[T]):
    """A page of a list."""

    lines: Sequence[T]
    number: int
    pages: int
    total: int


def part(lines: Sequence[T]) -> Part[T]:
    """Return the page of a list that the address asks for; the last one where it has fewer."""
    pages = max(1, -(-len(lines) // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return Part(lines[(number - 1) * PER_PAGE : number * PER_PAGE], number, pages, len(lines))


@blueprint.get("/record/<public_id>/holdings")
def holdings(public_id: str) -> str:
    """Show the libraries that hold a record, by name."""
    shown = found(public_id)
    names = naming()
    return render_template(
        "public/holdings.html",
        public_id=public_id,
        title=display.title(shown.record),
        part=part(in_order(shown.served.holdings, names)),
        naming=names,
    )


@blueprint.get("/record/<public_id>/sources")
def sources(public_id: str) -> str:
    """Show the libraries' records that a record was made of."""
    shown = found(public_id)
    records = contributors(current_site().database, shown.served)
    return render_template(
        "public/sources.html",
        public_id=public_id,
        title=display.title(shown.record),
        part=part(origins(records, naming())),
    )
