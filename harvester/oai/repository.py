"""What a repository says of itself: Identify, ListMetadataFormats, ListSets."""

from __future__ import annotations

from lxml.etree import _Element

from harvester.errors import NoReadableFormat, NoSetHierarchy
from harvester.model import MetadataFormat, RemoteSet, RepositoryInfo
from harvester.oai.client import StrictClient
from protocols.oai import MARC21, OAI, OAI_DC, Granularity, Verb

_BY_RICHNESS = (MARC21, OAI_DC)
"""The namespaces we can read, the ones that lose least first."""


def identify(client: StrictClient) -> RepositoryInfo:
    """Return the repository's description of itself."""
    content = client.harvest(verb=Verb.IDENTIFY).content
    granularity = _text(content, "granularity")
    return RepositoryInfo(
        name=_text(content, "repositoryName"),
        base_url=_text(content, "baseURL"),
        # Every repository must take days, so they serve where it says nothing sensible.
        granularity=Granularity.SECOND if granularity == Granularity.SECOND else Granularity.DAY,
        deleted_record=_text(content, "deletedRecord"),
        earliest=_text(content, "earliestDatestamp"),
        emails=_texts(content, "adminEmail"),
        compressions=_texts(content, "compression"),
    )


def formats(client: StrictClient) -> tuple[MetadataFormat, ...]:
    """Return the formats offered, in the repository's order."""
    content = client.harvest(verb=Verb.LIST_METADATA_FORMATS).content
    return tuple(
        MetadataFormat(
            prefix=_text(element, "metadataPrefix"),
            schema=_text(element, "schema"),
            namespace=_text(element, "metadataNamespace"),
        )
        for element in content.iterchildren(f"{{{OAI}}}metadataFormat")
    )


def best_prefix(client: StrictClient) -> str:
    """Return the prefix of the richest format we can read; prefixes are names, not standards."""
    offered = formats(client)
    for namespace in _BY_RICHNESS:
        for format_ in offered:
            if format_.namespace == namespace:
                return format_.prefix
    names = ", ".join(format_.prefix for format_ in offered) or "none at all"
    raise NoReadableFormat(url=client.endpoint, offered=names)


def sets(client: StrictClient) -> tuple[RemoteSet, ...]:
    """Return the sets, none where the repository says that it has none."""
    try:
        return tuple(
            RemoteSet(spec=_text(element, "setSpec"), name=_text(element, "setName"))
            for envelope in client.pages(Verb.LIST_SETS, {})
            for element in envelope.content.iterchildren(f"{{{OAI}}}set")
        )
    except NoSetHierarchy:
        return ()


def _text(element: _Element, name: str) -> str:
    return next(iter(_texts(element, name)), "")


def _texts(element: _Element, name: str) -> tuple[str, ...]:
    return tuple((child.text or "").strip() for child in element.iterchildren(f"{{{OAI}}}{name}"))
