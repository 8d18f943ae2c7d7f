"""SRU at ``/sru`` and ``/sru/<code>``: requests to the provider, answers from it."""

from __future__ import annotations

from provider.lookup import UNION
from provider.model import Response
from provider.sru.respond import respond
from web.door import Asked, Manner
from web.site import Site


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer an SRU request, its parameters in the address or in a form (SRU 1.2, POST)."""
    database = asked.path.strip("/") if asked.path == "/" else asked.path
    service = site.sru(asked.consumer)
    # A library's other codes may have slashes, as VN/TVQG; whatever else has some is no database.
    if "/" in database and not service.lookup.has(database):
        return None
    return respond(service, database or UNION, asked.request, asked.say)


# Diagnostics are said in the language of whoever asks.
MANNER = Manner(
    name="sru", answering=answer, vary="Accept-Encoding, Authorization, Accept-Language"
)
