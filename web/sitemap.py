"""Sitemaps at ``/sitemap.xml`` and ``/sitemap/<number>.xml``."""

from __future__ import annotations

from catalogue.walks import walk
from provider.model import Response
from provider.sitemaps import respond
from web.door import Asked
from web.site import Site

ADDRESSES = r"/(sitemap\.xml|sitemap/[0-9]+\.xml)"


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer with a sitemap."""
    with walk(site.database) as shown:
        return respond(shown, site.identity.base_url.rstrip("/"), asked.path)
