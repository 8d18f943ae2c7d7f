"""What the port of Z39.50 answers to HTTP: SRU, and a page for a browser that came by mistake."""

from __future__ import annotations

import re
from functools import partial
from html import escape
from urllib.parse import unquote_to_bytes

from provider.lookup import UNION
from provider.model import Request, Response
from provider.sru.respond import respond
from provider.sru.service import Service
from provider.z3950.http import Asked
from web.language import Translate, message, of_client, translator

_DATABASE = re.compile(rb"/(?:sru(?:/|$))?([!-~]{0,600}?)/?")
"""A database is named as at ``/sru`` or alone, as other servers that speak both have it."""
_LONGEST = 64
"""Characters of an alias of a library, each of which may be written as nine."""
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
    name = _named(service, asked.path)
    if name is None:
        return Response(status=404, headers={"Content-Type": "text/plain"}, body=b"Not Found\n")
    given = respond(
        service,
        name,
        Request.parse(asked.query, asked.form),
        partial(message, translate=translate),
    )
    headers = {**given.headers, "Vary": "Accept-Language"}
    return Response(status=given.status, headers=headers, body=given.body)


def _named(service: Service, path: bytes) -> str | None:
    """Return the database that a path names, or None for what names none."""
    found = _DATABASE.fullmatch(path)
    name = unquote_to_bytes(found[1]).decode("utf-8", "replace") if found else ""
    if found is None or len(name) > _LONGEST:
        return None
    # Only a library's other codes may have slashes.
    return None if "/" in name and not service.lookup.has(name) else name or UNION


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
