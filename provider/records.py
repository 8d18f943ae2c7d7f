"""One record as a file of its own.

In MARCXML these are the bytes that lists of resources give the checksum of. Dublin Core and MODS
are those of OAI-PMH; the others are made when asked for, by the crosswalks
in use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from catalogue.model import Item
from catalogue.published import Snapshot
from crosswalks.formats import marcxml
from crosswalks.shelf import Shelf
from provider.api import formats
from provider.api.formats import document
from provider.model import Response
from provider.oai import formats as oai

_PUBLIC_ID = re.compile(r"[A-Za-z0-9\-._~]{1,64}")
_GONE, _MOVED, _NOT_ACCEPTABLE = 410, 302, 406
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
_PIVOT = "marc21"


class File(NamedTuple):
    """A form that a record can be kept in."""

    ending: str
    name: str
    """Of the form, as its users call it."""
    type: str
    stored: str = ""
    """The prefix by which OAI-PMH gives it, where it does."""
    made: str = ""
    """Its name among the formats of the REST interface, where it is made of MARC 21."""


FILES = (
    File("mrc", "MARC 21 (ISO 2709)", "application/marc", made="iso2709"),
    File("xml", "MARCXML", "application/xml; charset=utf-8", stored=_PIVOT),
    File("dc.xml", "Dublin Core", "application/xml; charset=utf-8", stored="oai_dc"),
    File("mods.xml", "MODS", "application/mods+xml; charset=utf-8", stored="mods"),
    File("ris", "RIS", "application/x-research-info-systems; charset=utf-8", made="ris"),
    File("bib", "BibTeX", "application/x-bibtex; charset=utf-8", made="bibtex"),
    File("jsonld", "JSON-LD", "application/ld+json; charset=utf-8", made="jsonld"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What gives out a view's records as files."""

    base_url: str
    """Of the hub."""
    shown: Snapshot
    shelf: Callable[[], Shelf]
    """The crosswalks in use."""
    successor: Callable[[int], str]
    """Tells the public id that took over from a cluster, empty where none did."""
    unfit: Callable[[str, str], str]
    """Says that a record of this id cannot be had as this, in words of whoever asks."""


def respond(files: Files, name: str) -> Response | None:
    """Return the file of a name such as ``000000001.ris``.

    A record that was merged away leads on to the same file of the one that took over. 410 where it
    was deleted, 406 where it does not fit into the form, None where there never was one.
    """
    asked = _asked(name)
    if asked is None:
        return None
    public_id, file = asked
    item = files.shown.item(public_id, file.stored or _PIVOT)
    if item is None:
        return None
    if item.deleted:
        return _gone(files.successor(item.key), file)
    body = _body(files, item, file)
    if body is None:
        said = files.unfit(public_id, file.name)
        return Response(status=_NOT_ACCEPTABLE, headers=_PLAIN, body=f"{said}\n".encode())
    headers = {
        "Content-Type": file.type,
        "Content-Disposition": f'attachment; filename="record-{public_id}.{file.ending}"',
    }
    # Another crosswalk makes another file of a record that did not change.
    changed = item.stamp if file.stored or file.made == "iso2709" else None
    tag = sha256(body).hexdigest()[:32]
    return Response(headers=headers, body=body, records=1, tag=tag, changed=changed)


def _asked(name: str) -> tuple[str, File] | None:
    """Return whose file is asked for, and which: by the longest ending that there is."""
    for file in sorted(FILES, key=lambda each: -len(each.ending)):
        public_id = name.removesuffix(f".{file.ending}")
        if public_id != name:
            return (public_id, file) if _PUBLIC_ID.fullmatch(public_id) else None
    return None


def _gone(successor: str, file: File) -> Response:
    if successor:
        headers = _PLAIN | {"Location": f"/record/{successor}.{file.ending}"}
        return Response(status=_MOVED, headers=headers, body=f"{successor}\n".encode())
    return Response(status=_GONE, headers=_PLAIN, body=b"Gone\n")


def _body(files: Files, item: Item, file: File) -> bytes | None:
    if file.stored == _PIVOT:
        return item.body
    if file.stored:
        pages = f"{files.base_url.rstrip('/')}/record/"
        given = oai.body(item, oai.find(file.stored, oai.FORMATS), pages)
        return document(given) if given else None
    body = formats.write(marcxml.read(item.body), formats.named(file.made), files.shelf())
    if body is None or file.made != "jsonld":
        return body
    address = f"{files.base_url.rstrip('/')}/record/{item.public_id}"
    return addressed(body, address)


def addressed(body: bytes, address: str) -> bytes:
    """Return JSON-LD with the address of the page of what it is about."""
    told = json.loads(body) | {"@id": address, "url": address}
    return json.dumps(told, ensure_ascii=False).encode()
