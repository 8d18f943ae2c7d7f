"""Sitemaps for search engines: the addresses of all pages of records, and when each changed.

They are cut by the keys of clusters, so a part is read without the others, whatever there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from xml.sax.saxutils import escape

from catalogue.clock import told
from catalogue.walks import Stretch, Walk
from provider.model import Response

WIDTH = 50_000
"""Addresses that a sitemap may have (sitemaps.org, protocol 0.9)."""
_STEP = 5000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEADERS = {"Content-Type": "application/xml; charset=utf-8"}
_PART = re.compile(r"sitemap/(0|[1-9][0-9]{0,8})\.xml")


def respond(shown: Walk, base_url: str, path: str, width: int = WIDTH) -> Response | None:
    """Return ``sitemap.xml``, which names the others, or ``sitemap/<number>.xml``."""
    if path == "sitemap.xml":
        locations = (f"{base_url}/sitemap/{each}.xml" for each in shown.starts(width))
        return _answer(
            "sitemapindex", (f"<sitemap><loc>{each}</loc></sitemap>" for each in locations)
        )
    found = _PART.fullmatch(path)
    return _answer("urlset", _pages(shown, base_url, width, int(found[1]))) if found else None


def robots(base_url: str) -> str:
    """Return what tells crawlers where the sitemap is, and what leads nowhere."""
    closed = "".join(f"Disallow: /{each}\n" for each in ("staff/", "member/", "dumps/", "live"))
    return f"User-agent: *\n{closed}\nSitemap: {base_url}/sitemap.xml\n"


def _pages(shown: Walk, base_url: str, width: int, number: int) -> Iterator[str]:
    stretch = Stretch(after=number * width, upto=(number + 1) * width, limit=_STEP)
    while items := shown.live(stretch):
        for item in items:
            loc = escape(f"{base_url}/record/{item.public_id}")
            yield f"<url><loc>{loc}</loc><lastmod>{told(item.stamp)}</lastmod></url>\n"
        stretch = replace(stretch, after=items[-1].key)


def _answer(root: str, entries: Iterator[str]) -> Response:
    opening = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    body = f"{opening}{''.join(entries)}</{root}>\n".encode()
    return Response(headers=_HEADERS, body=body, tag=sha256(body).hexdigest()[:32])
