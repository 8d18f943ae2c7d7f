"""A record's MARCXML at ``/record/<id>.xml``, as the public sees it."""

from __future__ import annotations

from catalogue import published
from provider.model import Response
from provider.records import respond
from web.door import Asked
from web.site import Site

ADDRESSES = r"/record/([^/]+)\.xml"


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer with a record; nothing where there never was one of this id."""
    with published.snapshot(site.database) as shown:
        return respond(shown, asked.path)
