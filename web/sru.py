"""SRU at ``/sru`` and ``/sru/<library code>``: requests to the provider, answers from it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request

from provider.lookup import UNION
from provider.model import Request
from provider.sru.respond import respond
from web.compression import compressed
from web.consumers import consumer, give, guard
from web.language import message, translator
from web.site import current_site

blueprint = Blueprint("sru", __name__)

_FORM = "application/x-www-form-urlencoded"
_LANGUAGES = ("en", "vi")
"""What messages are said in: in English to clients that name no language."""


@blueprint.route("/sru", methods=["GET", "POST"])
@blueprint.route("/sru/", methods=["GET", "POST"])
@blueprint.route("/sru/<database>", methods=["GET", "POST"])
def answer(database: str = UNION) -> Response:
    """Answer an SRU request, its parameters in the address or in a form (SRU 1.2, POST)."""
    form = request.get_data(cache=False) if request.mimetype == _FORM else b""
    language = request.accept_languages.best_match(_LANGUAGES, _LANGUAGES[0])
    say = partial(message, translate=translator(language))
    asked = Request.parse(request.query_string, form)
    given = respond(current_site().sru(consumer()), database, asked, say)
    give(given.records)
    response = Response(given.body, status=given.status, headers=dict(given.headers))
    response.vary.add("Accept-Language")
    return response


guard(blueprint, "sru")
blueprint.after_request(compressed)
