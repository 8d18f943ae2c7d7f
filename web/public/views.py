"""The public addresses: ``/`` searches, ``/headings`` lists, ``/record/<id>`` shows a record.

``/api`` tells what the interface for programs has.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    make_response,
    render_template,
    request,
)

from catalogue import libraries
from catalogue.clock import told
from catalogue.consumers.model import EVERYBODY
from catalogue.errors import ViewNotSearched
from catalogue.search import engine
from protocols.errors import MalformedTerm, QueryError, TruncationUnsupported
from provider import sitemaps
from provider.api.endpoints import ENDPOINTS
from provider.api.model import ROOT
from provider.api.refusing import OF_ALL
from web.delivered import size
from web.dumpwords import FORMS, KINDS, all_shown
from web.failures import RETRY_AFTER
from web.language import mark, message
from web.public import asking, lookup, whole
from web.public import headings as listing
from web.public.asking import Asked
from web.public.facets import Naming
from web.public.nothing import advice
from web.public.results import Results, results
from web.site import current_site
from web.speech import language, words

blueprint = Blueprint("public", __name__, template_folder="templates")

_NOT_READY = mark(
    "The catalogue is being made ready for searching. Please try again in a few minutes."
)
_NO_YEAR = mark(
    "A year is written with four digits. 1990-1999 means all years from the first to the last,"
    " and 199* those that begin so."
)
_NO_OPEN = mark(
    "With the marks that you type, whole words are searched. Please take away the *, or search with"
    " any marks."
)
_TOO_OFTEN = mark(
    "Too much was looked for from your address in the last minute. Please try again in {seconds}"
    " seconds."
)
_NO_WORDS = mark("There is no letter and no digit in that. Please type at least one word.")

_EXAMPLES = ("/records?q=nguyen&facets=year&limit=5", "/changes?since=2026-01-01", "/libraries")
"""Addresses of the REST interface to try, below its root."""


@blueprint.get("/")
def search() -> str | Response:
    """Show the search box and, once there are words, what was found or why nothing could be."""
    asked = asking.read(request.args)
    if not asked.is_anything:
        return _page(asked)
    if seconds := _wait():
        return _too_often(asked, seconds)
    try:
        wanted = asking.request(asked)
        if wanted is None:
            return _page(asked, problem=words()(_NO_WORDS))
        found = engine(current_site().database).search(wanted)
        helpful = None if found.total else advice(current_site().database, asked)
    except QueryError as error:
        return _page(asked, problem=_said(error, asked))
    except ViewNotSearched:
        answer = make_response(_page(asked, problem=words()(_NOT_READY)))
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        answer.headers["Retry-After"] = RETRY_AFTER
        return answer
    return _page(asked, replace(results(asked, found, naming()), advice=helpful))


def _said(error: QueryError, asked: Asked) -> str:
    """Say what is wrong with what was typed."""
    if asked.field == asking.YEAR or isinstance(error, MalformedTerm):
        return words()(_NO_YEAR)
    if asked.marks and isinstance(error, TruncationUnsupported):
        return words()(_NO_OPEN)
    return message(error, words())


def _wait() -> int:
    """Return how many seconds whoever asks has to wait, 0 for none."""
    site = current_site()
    return site.meter.wait(f"search {request.remote_addr}", site.doors.searches)


def _too_often(asked: Asked, seconds: int) -> Response:
    page = _page(asked, problem=words()(_TOO_OFTEN).format(seconds=seconds))
    answer = make_response(page, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _page(asked: Asked, found: Results | None = None, problem: str = "") -> str:
    return render_template(
        "public/search.html",
        asked=asked,
        fields=asking.FIELDS,
        orders=asking.ORDERS,
        results=found,
        problem=problem,
    )


@blueprint.get("/headings")
def headings() -> str | Response:
    """Show a part of the list of authors or subjects, with what leads to them."""
    asked = listing.read(request.args)
    if seconds := _wait():
        problem = words()(_TOO_OFTEN).format(seconds=seconds)
        answer = make_response(_headings(asked, problem=problem), HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    try:
        found = engine(current_site().database).scan(asked.request())
    except ViewNotSearched:
        answer = make_response(_headings(asked, problem=words()(_NOT_READY)))
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        answer.headers["Retry-After"] = RETRY_AFTER
        return answer
    return _headings(asked, listing.part(asked, found))


def _headings(asked: listing.Asked, part: listing.Part | None = None, problem: str = "") -> str:
    return render_template(
        "public/headings.html", asked=asked, lists=listing.BY, part=part, problem=problem
    )


@blueprint.get("/record/<public_id>")
def record(public_id: str) -> str:
    """Show a record; one that was merged away leads to its successor, which may change again."""
    found = lookup.found(public_id)
    return render_template("public/record.html", **whole.page(found, naming()))


@blueprint.get("/api")
def interface() -> str:
    """Show what the REST interface has and refuses: problem documents name a part of this page."""
    refused = {each: None for endpoint in ENDPOINTS for each in endpoint.refusals}
    return render_template(
        "public/api.html",
        root=f"{current_site().identity.base_url.rstrip('/')}{ROOT}",
        endpoints=ENDPOINTS,
        refusals=[*refused, *OF_ALL],
        examples=_EXAMPLES,
    )


@blueprint.get("/dumps/")
def dumps() -> str:
    """Show the dumps that everybody may take."""
    site = current_site()
    return render_template(
        "public/dumps.html",
        found=all_shown(site.doors.dumps, EVERYBODY.view.value),
        forms=FORMS,
        kinds=KINDS,
        moment=told,
        size=lambda count: size(count, language()),
        base=site.identity.base_url.rstrip("/"),
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers where the sitemap is, and where there is nothing for them."""
    answer = make_response(sitemaps.robots(current_site().identity.base_url.rstrip("/")))
    answer.mimetype = "text/plain"
    return answer


def naming() -> Naming:
    """Return what values are called for the reader of the request under way."""
    known = libraries.all(current_site().database)
    names = {library.code: library.name or library.code for library in known}
    return Naming(translate=words(), language=language(), libraries=names)
