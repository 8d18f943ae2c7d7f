"""What others do with a list of MARCXML records: read beside our own harvests, to compare them.

Each goes through the list at an OAI-PMH address to its end, and returns how many records it saw.
``most`` ends it after the page in which so many were reached.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pymarc
from lxml import etree
from sickle import Sickle

from protocols.oai import OAI

Peer = Callable[[str, str], Iterator[int]]
"""From an address and a metadataPrefix to how many records each step brought."""


def bytes_only(url: str, prefix: str) -> Iterator[int]:
    """Fetch the pages and look only for their tokens: the floor of everything else."""
    for page in _pages(url, prefix):
        yield page.count(b"<record><header")


def lxml_only(url: str, prefix: str) -> Iterator[int]:
    """Fetch the pages and build their trees."""
    for page in _pages(url, prefix):
        yield sum(1 for _ in etree.fromstring(page).iter(f"{{{OAI}}}record"))


def sickle_iterating(url: str, prefix: str) -> Iterator[int]:
    """Let sickle go through the list, doing nothing with the records."""
    for _ in Sickle(url).ListRecords(metadataPrefix=prefix):
        yield 1


def sickle_and_pymarc(url: str, prefix: str) -> Iterator[int]:
    """Let sickle go through the list and pymarc read each record."""
    for each in Sickle(url).ListRecords(metadataPrefix=prefix):
        # What it does not take, a strange leader for one, it has looked at all the same.
        with suppress(pymarc.exceptions.PymarcException):
            pymarc.parse_xml_to_array(io.BytesIO(each.raw.encode()))  # type: ignore[no-untyped-call]
        yield 1


PEERS: Mapping[str, Peer] = {
    "bytes": bytes_only,
    "lxml": lxml_only,
    "sickle": sickle_iterating,
    "sickle-pymarc": sickle_and_pymarc,
}


def read_all(name: str, urls: Iterable[str], prefix: str, most: int | None = None) -> int:
    """Let a peer go through several lists, one after another; return how many records it saw."""
    seen = 0
    for url in urls:
        for some in PEERS[name](url, prefix):
            seen += some
            if most is not None and seen >= most:
                return seen
    return seen


def _pages(url: str, prefix: str) -> Iterator[bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port)
    asked = f"verb=ListRecords&metadataPrefix={prefix}"
    try:
        while asked:
            connection.request("GET", f"{parts.path}?{asked}")
            page = connection.getresponse().read()
            yield page
            tail = page[page.rfind(b"<resumptionToken") :]
            token = tail[tail.find(b">") + 1 : tail.find(b"</")].decode()
            asked = f"verb=ListRecords&resumptionToken={token}" if token else ""
    finally:
        connection.close()
