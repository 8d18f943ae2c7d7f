"""The four verbs that do not list items (OAI-PMH 2.0 s4.1, s4.2, s4.4, s4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.model import Item
from protocols.oai import DC, OAI_DC, OAI_DC_SCHEMA, Granularity, format_stamp
from provider.oai.arguments import RESUMPTION, Call, legible
from provider.oai.descriptions import descriptions
from provider.oai.envelope import element, record
from provider.oai.errors import (
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoSetHierarchy,
)
from provider.oai.formats import Format, body, find
from provider.oai.repository import Repository, Snapshot

COMPRESSIONS = ("gzip", "zstd")
"""What answers may be compressed by, beside not at all (OAI-PMH 2.0 s3.1.3)."""


def identify(repository: Repository, snapshot: Snapshot, _call: Call) -> Iterator[bytes]:
    """Yield the answer to Identify."""
    earliest = format_stamp(min(snapshot.earliest(), snapshot.horizon))
    fields = {
        "repositoryName": repository.identity.name,
        "baseURL": repository.base_url,
        "protocolVersion": "2.0",
        "adminEmail": repository.identity.admin_email,
        "earliestDatestamp": earliest,
        "deletedRecord": "persistent" if repository.keeps_deleted else "no",
        "granularity": Granularity.SECOND.value,
    }
    told = [*fields.items(), *(("compression", name) for name in COMPRESSIONS)]
    content = "".join(element(name, text) for name, text in told)
    yield f"<Identify>{content}".encode()
    for description in descriptions(repository, snapshot):
        yield f"<description>{description}</description>".encode()
    yield b"</Identify>"


def list_metadata_formats(
    repository: Repository, snapshot: Snapshot, call: Call
) -> Iterator[bytes]:
    """Yield the answer to ListMetadataFormats: all there are, or those that one item has."""
    found = repository.formats
    if "identifier" in call.arguments:
        found = _formats_of(repository, snapshot, call)
    yield b"<ListMetadataFormats>"
    for form in found:
        content = (
            element("metadataPrefix", form.prefix)
            + element("schema", form.schema)
            + element("metadataNamespace", form.namespace)
        )
        yield f"<metadataFormat>{content}</metadataFormat>".encode()
    yield b"</ListMetadataFormats>"


def _formats_of(repository: Repository, snapshot: Snapshot, call: Call) -> tuple[Format, ...]:
    """Return the formats that one item has, of a deleted one all."""
    forms = repository.formats
    if repository.has_all_formats:
        item = _item(repository, snapshot, call, forms[0].prefix)
        return tuple(form for form in forms if _has(item, form))
    items = [(form, _item(repository, snapshot, call, form.prefix)) for form in forms]
    live = tuple(form for form, item in items if not item.deleted)
    return live or forms


def list_sets(repository: Repository, snapshot: Snapshot, call: Call) -> Iterator[bytes]:
    """Yield the answer to ListSets, whole: no token is ever issued for it."""
    if RESUMPTION in call.arguments:
        raise BadResumptionToken
    if not repository.has_sets:
        raise NoSetHierarchy
    yield b"<ListSets>"
    for info in filter(lambda each: repository.gives(each.spec), snapshot.sets()):
        content = element("setSpec", info.spec) + element("setName", info.name)
        yield f"<set>{content}{_set_description(info.about)}</set>".encode()
    yield b"</ListSets>"


def _set_description(about: tuple[str, ...]) -> str:
    """Return the setDescription of a set in Dublin Core, as the implementation guidelines do."""
    if not about:
        return ""
    content = "".join(element("dc:description", text) for text in about)
    return (
        f'<setDescription><oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"'
        f' xsi:schemaLocation="{OAI_DC} {OAI_DC_SCHEMA}">'
        f"{content}</oai_dc:dc></setDescription>"
    )


def wanted(repository: Repository, snapshot: Snapshot, call: Call) -> Item:
    """Return the item that GetRecord asks for, in its form.

    Raises IdDoesNotExist or CannotDisseminateFormat.
    """
    name = call.get("metadataPrefix")
    form = find(name, repository.formats)
    item = _item(repository, snapshot, call, form.prefix)
    found = repository.formats if not item.deleted else _formats_of(repository, snapshot, call)
    if form not in found or not _has(item, form):
        raise CannotDisseminateFormat(name=name)
    return item


def get_record(repository: Repository, item: Item, call: Call) -> Iterator[bytes]:
    """Yield the answer to GetRecord; a deleted item has a header only."""
    form = find(call.get("metadataPrefix"), repository.formats)
    told = body(item, form, repository.record_pages)
    yield b"<GetRecord>"
    yield record(item, repository.identifier_prefix, told, repository.beside)
    yield b"</GetRecord>"


def _has(item: Item, form: Format) -> bool:
    """Tell whether an item has a format; of a deleted one it may be asked for any."""
    return item.deleted or not form.only or form.only in item.sets


def _item(repository: Repository, snapshot: Snapshot, call: Call, prefix: str) -> Item:
    identifier = call.get("identifier")
    public_id = repository.public_id(identifier)
    item = snapshot.item(public_id, prefix) if public_id else None
    if item is None or not (repository.sets == () or any(map(repository.gives, item.sets))):
        raise IdDoesNotExist(name=legible(identifier))
    return item
