"""ResourceSync at ``/.well-known/resourcesync`` and ``/resourcesync``, of what the public sees."""

from __future__ import annotations

from functools import partial

from catalogue.walks import walk
from provider.model import Response
from provider.resourcesync.respond import Publication, respond
from web.door import Asked
from web.site import Site

ADDRESSES = r"/(\.well-known/resourcesync|resourcesync/.*)"


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer with a list; nothing where there is none, or it is not for whoever asks."""
    publication = Publication(
        walk=partial(walk, site.database),
        base_url=site.identity.base_url.rstrip("/"),
        gives=site.repository(asked.consumer).gives,
    )
    return respond(publication, asked.path)
