"""The feed of changes at ``/changes.atom``, of what the public sees."""

from __future__ import annotations

from catalogue.walks import walk
from provider.feed import Feed, respond
from provider.model import Response
from web.door import Asked
from web.site import Site

ADDRESSES = r"/changes\.atom()"


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer with a page of the feed; nothing where there is no such set."""
    feed = Feed(identity=site.identity, gives=site.repository(asked.consumer).gives)
    with walk(site.database) as shown:
        return respond(feed, shown, asked.request)
