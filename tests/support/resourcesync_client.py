"""A service that keeps a copy by ResourceSync, as the standard says: everything, then changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from lxml import etree

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "rs": "http://www.openarchives.org/rs/terms/",
}


class Client:
    """Keeps a copy; ``get`` returns what is at an address, or None where that is gone."""

    def __init__(
        self, get: Callable[[str], bytes | None], schema: etree.XMLSchema, set_spec: str = ""
    ) -> None:
        self._get = get
        self._schema = schema
        self._within = f"/set/{set_spec}/" if set_spec else "/resourcesync/capa"
        self._seen = ""
        self.has: dict[str, bytes] = {}
        """Address to the record."""
        self.changes: dict[str, str] = {}
        """What the last change lists said of each."""

    def baseline(self) -> None:
        """Take all resources."""
        root = self._document(self._capability("resourcelist"))
        self._seen = str(_md(root).get("at"))
        for part in self._parts(root):
            for url in part.iterfind("s:url", NAMES):
                self._fetch(_loc(url))

    def update(self) -> None:
        """Take what changed since."""
        since, self.changes = self._seen, {}
        root = self._document(self._capability("changelist"))
        for part in self._parts(root, since):
            for url in part.iterfind("s:url", NAMES):
                md = _md(url)
                when = str(md.get("datetime"))
                if when > since:
                    self._change(url, md)
                    self._seen = max(self._seen, when)

    def _change(self, url: etree._Element, md: etree._Element) -> None:
        loc, change = _loc(url), str(md.get("change"))
        self.changes[loc] = change
        if change == "deleted":
            self.has.pop(loc, None)
            return
        body = self._fetch(loc)
        if body is not None and f"sha-256:{sha256(body).hexdigest()}" == md.get("hash"):
            assert str(len(body)) == md.get("length")

    def _fetch(self, loc: str) -> bytes | None:
        body = self._get(loc)
        if body is None:
            # Deleted since the list was made: the next change list says so.
            self.has.pop(loc, None)
        else:
            self.has[loc] = body
        return body

    def _capability(self, name: str) -> str:
        description = self._document("/.well-known/resourcesync")
        lists = (_loc(url) for url in description.iterfind("s:url", NAMES))
        capabilities = self._document(next(each for each in lists if self._within in each))
        urls = capabilities.iterfind("s:url", NAMES)
        return next(_loc(url) for url in urls if _md(url).get("capability") == name)

    def _parts(self, root: etree._Element, since: str = "") -> Iterator[etree._Element]:
        """Yield the lists that a list consists of, those left out that are over."""
        if not str(root.tag).endswith("sitemapindex"):
            yield root
            return
        for each in root.iterfind("s:sitemap", NAMES):
            md = each.find("rs:md", NAMES)
            if md is None or md.get("until") is None or str(md.get("until")) > since:
                yield self._document(_loc(each))

    def _document(self, address: str) -> etree._Element:
        body = self._get(address)
        assert body is not None, address
        root = etree.fromstring(body)
        if str(root.tag).endswith("urlset") and len(root) > 1:
            self._schema.assertValid(root)
        return root


def _loc(element: etree._Element) -> str:
    return str(element.findtext("s:loc", namespaces=NAMES))


def _md(element: etree._Element) -> etree._Element:
    found = element.find("rs:md", NAMES)
    assert found is not None
    return found
