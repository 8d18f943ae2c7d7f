"""OAI-PMH at ``/oai``: requests go to the provider, its answers come back.

Arguments are in the address or in a form (OAI-PMH 2.0 s3.1.1). At ``/oai/raw/<library>`` there are
one member's records as it delivered them; nothing where it shares nothing with the public.
"""

from __future__ import annotations

from provider.model import Response
from provider.oai.originals import of_library
from provider.oai.respond import respond
from web.door import Asked
from web.site import Site


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer an OAI-PMH request."""
    repository = site.repository(asked.consumer)
    if not asked.path:
        return respond(repository, asked.request)
    below, _, library = asked.path.partition("/")
    if below != "raw" or not library:
        return None
    of_one = of_library(repository, site.database, library)
    return respond(of_one, asked.request) if of_one is not None else None
