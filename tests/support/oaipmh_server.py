"""A repository served by the ``oaipmh`` library: a peer whose OAI-PMH we did not write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from lxml import etree
from oaipmh import common, error
from oaipmh.metadata import MetadataRegistry
from oaipmh.server import BatchingServer

from protocols.oai import MARC21, MARC21_SCHEMA, OAI_DC, OAI_DC_SCHEMA, Granularity
from support.loopback import serving

FORMATS = {"oai_dc": (OAI_DC_SCHEMA, OAI_DC), "marc21": (MARC21_SCHEMA, MARC21)}


class PeerItem(NamedTuple):
    """One record; ``metadata`` is an XML element or its bytes, None where it is deleted."""

    identifier: str
    datestamp: datetime
    """UTC without a zone, as the library wants it."""
    deleted: bool
    sets: tuple[str, ...]
    metadata: etree._Element | bytes | None


class PeerRepository:
    """The library's IBatchingOAI over a sequence of items that all have one format."""

    def __init__(self, items: Sequence[PeerItem], prefix: str) -> None:
        self._items = items
        self._by_identifier = {item.identifier: item for item in items}
        self._prefix = prefix
        self._lists: dict[tuple[Any, ...], list[PeerItem]] = {}

    def identify(self) -> common.Identify:
        """Return the description of the repository."""
        return common.Identify(
            repositoryName="Thư viện bạn",
            baseURL="http://127.0.0.1/oai",
            protocolVersion="2.0",
            adminEmails=["admin@example.org"],
            earliestDatestamp=min(item.datestamp for item in self._items),
            deletedRecord="persistent",
            granularity=str(Granularity.SECOND),
            compression=["identity"],
        )

    def listMetadataFormats(  # noqa: N802 - the library's interface
        self, identifier: str | None = None
    ) -> list[tuple[str, str, str]]:
        """Return the one format."""
        if identifier is not None:
            self._item(identifier)
        return [(self._prefix, *FORMATS[self._prefix])]

    def listSets(  # noqa: N802 - the library's interface
        self, cursor: int = 0, batch_size: int = 10
    ) -> list[tuple[str, str, None]]:
        """Return the sets that items name."""
        names = sorted({name for item in self._items for name in item.sets})
        if not names:
            raise error.NoSetHierarchyError
        return [(name, name, None) for name in names[cursor : cursor + batch_size]]

    def listIdentifiers(  # noqa: N802 - the library's interface
        self, cursor: int = 0, batch_size: int = 10, **wanted: Any
    ) -> list[common.Header]:
        """Return a batch of headers."""
        return [_header(item) for item in self._list(wanted)[cursor : cursor + batch_size]]

    def listRecords(  # noqa: N802 - the library's interface
        self, cursor: int = 0, batch_size: int = 10, **wanted: Any
    ) -> list[tuple[common.Header, Any, None]]:
        """Return a batch of records."""
        found = self._list(wanted)[cursor : cursor + batch_size]
        return [(_header(item), item.metadata, None) for item in found]

    def getRecord(  # noqa: N802 - the library's interface
        self, identifier: str, **wanted: Any
    ) -> tuple[common.Header, Any, None]:
        """Return one record."""
        self._check(wanted["metadataPrefix"])
        item = self._item(identifier)
        return _header(item), item.metadata, None

    def _item(self, identifier: str) -> PeerItem:
        if identifier not in self._by_identifier:
            raise error.IdDoesNotExistError(identifier)
        return self._by_identifier[identifier]

    def _check(self, prefix: str) -> None:
        if prefix != self._prefix:
            raise error.CannotDisseminateFormatError(prefix)

    def _list(self, wanted: dict[str, Any]) -> list[PeerItem]:
        self._check(wanted["metadataPrefix"])
        bounds = (wanted.get("set"), wanted.get("from_"), wanted.get("until"))
        if bounds not in self._lists:
            self._lists[bounds] = [item for item in self._items if _matches(item, *bounds)]
        return self._lists[bounds]


def _matches(
    item: PeerItem, set_spec: str | None, start: datetime | None, until: datetime | None
) -> bool:
    return (
        (set_spec is None or set_spec in item.sets)
        and (start is None or item.datestamp >= start)
        and (until is None or item.datestamp <= until)
    )


def _header(item: PeerItem) -> common.Header:
    return common.Header(None, item.identifier, item.datestamp, item.sets, item.deleted)


def write_element(element: etree._Element, metadata: etree._Element | bytes) -> None:
    """Append the item's own element, unchanged."""
    whole = etree.fromstring(metadata) if isinstance(metadata, bytes) else deepcopy(metadata)
    element.append(whole)


@contextmanager
def peer_server(
    items: Sequence[PeerItem], *, prefix: str = "marc21", batch: int = 100
) -> Iterator[str]:
    """Serve items as ``oai_dc`` or ``marc21`` by the library's own server; give the base URL."""
    registry = MetadataRegistry()
    registry.registerWriter(prefix, write_element)
    server = BatchingServer(
        PeerRepository(items, prefix), metadata_registry=registry, resumption_batch_size=batch
    )

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        body = server.handleRequest(dict(parse_qsl(environ["QUERY_STRING"])))
        start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8")])
        return [body]

    with serving(application) as base:
        yield f"{base}/oai"
