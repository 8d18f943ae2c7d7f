"""OAI-PMH at ``/oai``: requests go to the provider, its answers come back, compressed if asked.

At ``/oai/raw/<library>`` there are one member's records as it delivered them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, abort, request

from provider.model import Request
from provider.oai.originals import of_library
from provider.oai.repository import Repository
from provider.oai.respond import respond
from web.compression import compressed
from web.consumers import consumer, give, guard
from web.site import current_site

blueprint = Blueprint("oai", __name__)

_FORM = "application/x-www-form-urlencoded"


@blueprint.route("/oai", methods=["GET", "POST"])
def answer() -> Response:
    """Answer an OAI-PMH request, its arguments in the address or in a form (OAI-PMH 2.0 s3.1.1)."""
    return _answered(current_site().repository(consumer()))


@blueprint.route("/oai/raw/<library>", methods=["GET", "POST"])
def answer_of_library(library: str) -> Response:
    """Answer a request to a library's own repository; 404 if it shares nothing with the public."""
    site = current_site()
    repository = of_library(site.repository(consumer()), site.database, library)
    if repository is None:
        abort(HTTPStatus.NOT_FOUND)
    return _answered(repository)


def _answered(repository: Repository) -> Response:
    form = request.get_data(cache=False) if request.mimetype == _FORM else b""
    given = respond(repository, Request.parse(request.query_string, form))
    response = Response(given.body, status=given.status, headers=dict(given.headers))
    if given.tag:
        # Kept by caches, and asked for each time whether it is still so (RFC 9111 s5.2.2.4).
        response.cache_control.no_cache = True
        response.set_etag(given.tag, weak=True)
        if given.changed is not None:
            response.last_modified = datetime.fromtimestamp(given.changed, UTC)
        response.make_conditional(request)
    give(given.records if response.status_code == HTTPStatus.OK else 0, given.page)
    return response


guard(blueprint, "oai")
blueprint.after_request(compressed)
