"""A service that harvests the hub as OAI-PMH tells it to: all once, then what changed since."""

from __future__ import annotations

from collections import Counter
from functools import partial

from lxml import etree

from catalogue import published
from catalogue.database import Database
from catalogue.model import HubIdentity
from protocols.oai import OAI
from provider.model import Request
from provider.oai.repository import Repository
from provider.oai.respond import respond

_NAMES = {"o": OAI}


class Downstream:
    """What a service has of the hub in one format."""

    def __init__(self, database: Database, prefix: str = "oai_dc", page_size: int = 3) -> None:
        self._repository = Repository(
            identity=HubIdentity(),
            snapshot=partial(published.snapshot, database),
            token_key=b"k" * 32,
            page_size=page_size,
        )
        self._first = f"metadataPrefix={prefix}"
        self._since = ""
        self.has: dict[str, str] = {}
        """Identifier to the record's XML; empty where it was deleted."""
        self.came: Counter[str] = Counter()
        """How often each came in the last harvest."""

    def harvest(self) -> Counter[str]:
        """Ask for what changed since the last answer's date; return how often each record came."""
        self.came = Counter()
        query = self._first + (f"&from={self._since}" if self._since else "")
        while query:
            query = self._page(query)
        return self.came

    def _page(self, query: str) -> str:
        """Take in a page; return what to ask for next."""
        asked = Request.parse(f"verb=ListRecords&{query}".encode())
        root = etree.fromstring(respond(self._repository, asked).body)
        self._since = str(root.findtext("o:responseDate", namespaces=_NAMES))
        for record in root.iterfind(".//o:record", _NAMES):
            name = str(record.findtext("o:header/o:identifier", namespaces=_NAMES))
            body = record.find("o:metadata/*", _NAMES)
            self.has[name] = "" if body is None else etree.tostring(body).decode()
            self.came[name] += 1
        token = root.findtext(".//o:resumptionToken", namespaces=_NAMES)
        return f"resumptionToken={token}" if token else ""
