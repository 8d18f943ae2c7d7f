"""The page of a work: all its editions, named by the one that is known the longest."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as Redirection

from catalogue.errors import ViewNotSearched
from catalogue.search.editions import Editions, Place, editions
from web.failures import RETRY_AFTER
from web.public.editions import lines
from web.public.lookup import found
from web.public.views import blueprint, naming
from web.site import current_site

PER_PAGE = 50
_PLACE = re.compile(r"([0-9]{1,4})\.([0-9]{1,16})")


@blueprint.get("/work/<public_id>")
def work(public_id: str) -> str | Redirection:
    """Show the editions of the work that a record is of, the newest first, a page at a time."""
    place = _place(request.args.get("after", ""))
    known = None
    try:
        if public_id.isprintable():
            known = editions(current_site().database, public_id, PER_PAGE, place)
    except ViewNotSearched as error:
        raise ServiceUnavailable(retry_after=int(RETRY_AFTER)) from error
    if known is None:
        found(public_id)
        # One that waits to be indexed is seen by itself.
        return redirect(url_for("public.record", public_id=public_id))
    if known.first != public_id:
        after = request.args.get("after")
        return redirect(url_for("public.work", public_id=known.first, after=after))
    return _page(known, begun=place is not None)


def _page(known: Editions, *, begun: bool) -> str:
    names = naming()
    shown = lines(known.found, names)
    return render_template(
        "public/work.html",
        public_id=known.first,
        title=next((line.title for line in shown if line.title), ""),
        lines=shown,
        total=known.total,
        begun=begun,
        after=f"{known.last.year}.{known.last.number}" if known.last else "",
    )


def _place(text: str) -> Place | None:
    """Return the place that an address goes on behind; what is none begins the list again."""
    told = _PLACE.fullmatch(text)
    return Place(int(told[1]), int(told[2])) if told else None
