"""What came of a library's list, for its own pages and those of staff: rows, and the work list."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from catalogue.holdings import listing
from catalogue.holdings.listing import Wanted
from catalogue.holdings.model import WORK, Found
from web.attached import attached
from web.holdings import FOUND, told, work_file
from web.site import current_site
from web.speech import words
from web.staff import access

PER_PAGE = 50


def rows_of(library: str, name: str) -> dict[str, Any]:
    """Return what a page shows of a list: what came of it, and its rows of the kind asked for."""
    site = current_site()
    counts = listing.counts(site.database, library, name)
    listed = next(each for each in listing.lists(site.database, library) if each.name == name)
    state = _state(counts)
    after = (_number("line"), _number("key"))
    rows = listing.page(site.database, library, name, Wanted(state, after, PER_PAGE + 1))
    more = rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None
    return {
        "listed": listed,
        "counts": counts,
        "kinds": FOUND,
        "state": state,
        "rows": [row for _, row in rows[:PER_PAGE]],
        "more": {"line": more[1].line, "key": more[0]} if more else None,
        "told": lambda choice: told(choice, site.identity.code, words()),
        "work": sum(counts.get(each, 0) for each in WORK),
    }


def work_list(library: str, name: str) -> Response:
    """Return the work list of a list as a file."""
    site = current_site()
    # Before anything is sent: once a file has begun, nothing can be said of what is not there.
    listing.counts(site.database, library, name)
    found = listing.rows(site.database, library, name, work=True)
    pieces = work_file(found, site.identity.code, words())
    return attached(Response(pieces, mimetype="text/csv"), "work-list.csv")


def _state(counts: dict[Found, int]) -> Found:
    """Return the kind of rows asked for, else the first of which somebody has to look at one."""
    asked = request.args.get("found", "")
    if asked in {state.value for state in counts}:
        return Found(asked)
    order = (*(each for each in WORK if each is not Found.NONE), Found.NONE, *counts)
    return next((each for each in order if each in counts), Found.WAITING)


def _number(name: str) -> int:
    return access.fitting(request.args.get(name, 0, type=int))
