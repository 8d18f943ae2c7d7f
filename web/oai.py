"""OAI-PMH at ``/oai``: requests go to the provider, its answers come back, compressed if asked."""

from __future__ import annotations

from flask import Blueprint, Response, request

from provider.model import Request
from provider.oai.respond import respond
from web.compression import compressed
from web.consumers import consumer, give, guard
from web.site import current_site

blueprint = Blueprint("oai", __name__)

_FORM = "application/x-www-form-urlencoded"


@blueprint.route("/oai", methods=["GET", "POST"])
def answer() -> Response:
    """Answer an OAI-PMH request, its arguments in the address or in a form (OAI-PMH 2.0 s3.1.1)."""
    form = request.get_data(cache=False) if request.mimetype == _FORM else b""
    repository = current_site().repository(consumer())
    given = respond(repository, Request.parse(request.query_string, form))
    give(given.records, given.page)
    return Response(given.body, status=given.status, headers=dict(given.headers))


guard(blueprint, "oai")
blueprint.after_request(compressed)
