"""The public addresses: ``/`` searches, ``/record/<id>`` shows a record."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import browse, libraries
from catalogue.search import Hit, Hits, Request, engine, planned
from catalogue.search.plain import query
from web.public import display
from web.site import current_site

blueprint = Blueprint("public", __name__, template_folder="templates")

PER_PAGE = 20
LAST_PAGE = 100
"""Nobody reads on; deeper pages only cost."""
_LONGEST_QUERY = 500


class Results(NamedTuple):
    """One page of hits, and which page it is."""

    words: str
    hits: Hits
    page: int
    names: Mapping[str, str]
    """The libraries' names by their codes."""

    @property
    def pages(self) -> int:
        """How many pages can be looked at."""
        return min(LAST_PAGE, -(-self.hits.total // PER_PAGE))

    @property
    def first(self) -> int:
        """The number of the first hit on this page, from 1."""
        return (self.page - 1) * PER_PAGE + 1

    def held_by(self, hit: Hit) -> str:
        """Return the names of the libraries that hold a hit."""
        return "; ".join(self.names.get(code, code) for code in hit.libraries)


@blueprint.get("/")
def search() -> str:
    """Show the search box and, once there are words, what was found."""
    words = request.args.get("q", "")[:_LONGEST_QUERY].replace("\0", " ").strip()
    if not words:
        return render_template("public/search.html", results=None)
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    results = Results(words, _found(words, page), page, _library_names())
    return render_template("public/search.html", results=results)


def _found(words: str, page: int) -> Hits:
    asked = query(words)
    if asked is None:
        return Hits(total=0, clusters=0, hits=())
    wanted = Request(wanted=planned(asked), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return engine(current_site().database).search(wanted)


@blueprint.get("/record/<public_id>")
def record(public_id: str) -> str | Response:
    """Show a record; one that was merged away leads to its successor, which may change again."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses text with a NUL in it
        found = browse.public_record(current_site().database, public_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    if found.record is None and found.successor:
        return redirect(url_for("public.record", public_id=found.successor))
    if found.record is None:
        abort(HTTPStatus.GONE)
    return render_template(
        "public/record.html",
        title=display.title(found.record),
        lines=display.lines(found.record),
        fields=display.fields(found.record),
        holdings=found.holdings,
        names=_library_names(),
        identifier=current_site().repository.identifier_prefix + found.public_id,
    )


def _library_names() -> dict[str, str]:
    known = libraries.all(current_site().database)
    return {library.code: library.name or library.code for library in known}
