"""OAI-PMH at ``/oai``: requests go to the provider, its answers come back, compressed if asked."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, request

from provider.model import Request
from provider.oai.respond import respond
from web.site import current_site

blueprint = Blueprint("oai", __name__)

_FORM = "application/x-www-form-urlencoded"
_WORTH_COMPRESSING = 1024
_LEVEL = 5


@blueprint.route("/oai", methods=["GET", "POST"])
def answer() -> Response:
    """Answer an OAI-PMH request, its arguments in the address or in a form (OAI-PMH 2.0 s3.1.1)."""
    form = request.get_data(cache=False) if request.mimetype == _FORM else b""
    given = respond(current_site().repository, Request.parse(request.query_string, form))
    return Response(given.body, status=given.status, headers=dict(given.headers))


@blueprint.after_request
def compress(response: Response) -> Response:
    """Compress an answer for those who accept gzip (OAI-PMH 2.0 s3.1.3)."""
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= _WORTH_COMPRESSING and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response
