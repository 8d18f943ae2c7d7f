"""What the port of Z39.50 answers to HTTP: SRU, and a page for a browser that came by mistake."""

from __future__ import annotations

import re
from functools import partial
from html import escape

from provider.lookup import UNION
from provider.model import Request, Response
from provider.sru.respond import respond
from provider.sru.service import Service
from provider.z3950.http import Asked
from web.language import Translate, message, of_client, translator

_DATABASE = re.compile(rb"/(?:sru(?:/|$))?([A-Za-z0-9._%-]{0,64})/?")
"""A database is named as at ``/sru`` or alone, as other servers that speak both have it."""
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{name}</title>
<h1>{name}</h1>
<p>{told}</p>
<p><a href="{address}">{address}</a></p>
</html>
"""


def answer(service: Service, asked: Asked) -> Response:
    """Answer a request; whatever is wrong with it is told."""
    language = of_client(asked.headers.get("accept-language", ""))
    translate = translator(language)
    if _is_browser(asked):
        return _page(service, language, translate)
    database = _DATABASE.fullmatch(asked.path)
    if database is None:
        return Response(status=404, headers={"Content-Type": "text/plain"}, body=b"Not Found\n")
    name = database[1].decode("ascii") or UNION
    given = respond(
        service,
        name,
        Request.parse(asked.query, asked.form),
        partial(message, translate=translate),
    )
    headers = {**given.headers, "Vary": "Accept-Language"}
    return Response(status=given.status, headers=headers, body=given.body)


def _is_browser(asked: Asked) -> bool:
    """Tell whether somebody looks for pages: who speaks SRU says what is asked, or wants XML."""
    is_bare = not asked.query and not asked.form and asked.path == b"/"
    return is_bare and "text/html" in asked.headers.get("accept", "")


def _page(service: Service, language: str, translate: Translate) -> Response:
    address = service.identity.base_url.rstrip("/") + "/"
    text = _PAGE.format(
        language=language,
        name=escape(service.identity.name),
        address=escape(address),
        told=escape(
            translate(
                "This port is for library systems: it answers Z39.50 and SRU. The catalogue for"
                " people is here:"
            )
        ),
    )
    headers = {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept, Accept-Language"}
    return Response(headers=headers, body=text.encode())
