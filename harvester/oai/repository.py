"""What a repository says of itself: Identify, ListMetadataFormats, ListSets."""

from __future__ import annotations

from importlib.resources import files
from itertools import islice
from operator import itemgetter
from pathlib import PurePosixPath
from typing import NamedTuple

from lxml.etree import _Element

from crosswalks import formats as readable
from crosswalks import tables
from harvester.errors import NoReadableFormat, NoSetHierarchy
from harvester.model import MetadataFormat, RemoteSet, RepositoryInfo
from harvester.oai.client import StrictClient
from harvester.oai.ending import Ending
from protocols.oai import OAI, Granularity, Verb

_RICHNESS = [row[0] for row in tables.parse(files(__package__), "richness.tsv")]
_SCHEMAS = {"marc21slim": "marcxml", "marcxchange-1-1": "marcxml", "oai_dc": "oai_dc"}
"""Names of schema files that say what a format is."""


def identify(client: StrictClient) -> RepositoryInfo:
    """Return the repository's description of itself."""
    envelope = client.harvest(verb=Verb.IDENTIFY)
    content = envelope.content
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
        now=envelope.response_date,
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


class Choice(NamedTuple):
    """The format chosen, and the other ones that could have been."""

    prefix: str
    namespace: str
    others: tuple[str, ...]


def best_prefix(client: StrictClient) -> Choice:
    """Return the richest format we can read; raise NoReadableFormat.

    Goes by the namespace, since prefixes are names and no standards; by the prefix or the name of
    the schema where the namespace is nobody's.
    """
    offered = formats(client)
    known = [(found, one) for one in offered if (found := _rank(one)) is not None]
    if not known:
        names = ", ".join(one.prefix for one in offered) or "none at all"
        raise NoReadableFormat(url=client.endpoint, offered=names)
    _, best = min(known, key=itemgetter(0))
    others = tuple(one.prefix for _, one in known if one is not best)
    return Choice(best.prefix, best.namespace, others)


def is_readable(offered: MetadataFormat) -> bool:
    """Tell whether records in a format can be read."""
    return _rank(offered) is not None


def _rank(offered: MetadataFormat) -> tuple[int, int] | None:
    """Return how far from the best a format is, and by how far a guess; None if unreadable."""
    schema = PurePosixPath(offered.schema).stem.lower()
    names = (offered.namespace, offered.prefix, _SCHEMAS.get(schema, schema))
    for doubt, name in enumerate(names):
        form = readable.named(name)
        if form is not None and form.NAME in _RICHNESS:
            return _RICHNESS.index(form.NAME), doubt
    return None


def sets(client: StrictClient, most_pages: int | None = None) -> tuple[RemoteSet, ...]:
    """Return the sets, none where the repository says that it has none; raise HarvestError.

    With ``most_pages`` only those on so many pages.
    """
    found: dict[str, RemoteSet] = {}
    ending = Ending()
    try:
        for envelope in islice(client.pages(Verb.LIST_SETS, {}), most_pages):
            new = [
                RemoteSet(spec=_text(element, "setSpec"), name=_text(element, "setName"))
                for element in envelope.content.iterchildren(f"{{{OAI}}}set")
            ]
            found |= {one.spec: one for one in new}
            if ending.reached(envelope, [one.spec for one in new]):
                break
    except NoSetHierarchy:
        return ()
    return tuple(found.values())


def _text(element: _Element, name: str) -> str:
    return next(iter(_texts(element, name)), "")


def _texts(element: _Element, name: str) -> tuple[str, ...]:
    return tuple((child.text or "").strip() for child in element.iterchildren(f"{{{OAI}}}{name}"))
