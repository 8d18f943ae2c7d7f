"""The XML around every answer, by string building: stored bodies are never parsed again.

The root is literally ``<OAI-PMH`` with the OAI schema first in schemaLocation: old harvesters and
the official validator look for exactly that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from catalogue.model import Item
from protocols.oai import OAI, OAI_SCHEMA, RIGHTS, XSI, format_stamp, is_uri, rights_reference

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{OAI}" xmlns:xsi="{XSI}" xsi:schemaLocation="{OAI} {OAI_SCHEMA}">'
)


def envelope(moment: int, request: str, content: Iterable[bytes]) -> bytes:
    """Return a whole answer; ``moment`` is the responseDate in epoch seconds."""
    head = f"{_HEAD}<responseDate>{format_stamp(moment)}</responseDate>{request}"
    return b"".join((head.encode(), *content, b"</OAI-PMH>\n"))


def echo(base_url: str, verb: str = "", arguments: Mapping[str, str] | None = None) -> str:
    """Return <request>: base URL and the arguments that were legal (OAI-PMH 2.0 s3.2)."""
    named = {"verb": verb, **(arguments or {})} if verb else {}
    attributes = "".join(
        f" {name}={quoteattr(value)}" for name, value in named.items() if _may_stand(name, value)
    )
    return f"<request{attributes}>{escape(base_url)}</request>"


def _may_stand(name: str, value: str) -> bool:
    # An identifier that is no URI is answered by idDoesNotExist but would make the answer invalid.
    return name != "identifier" or is_uri(value)


def element(name: str, text: str, attributes: str = "") -> str:
    """Return one XML element with its text escaped; ``attributes`` begins with a space."""
    return f"<{name}{attributes}>{escape(text)}</{name}>"


def header(item: Item, identifier_prefix: str) -> bytes:
    """Return an item's <header>."""
    status = ' status="deleted"' if item.deleted else ""
    identifier = escape(identifier_prefix + item.public_id)
    return (
        f"<header{status}><identifier>{identifier}</identifier>"
        f"<datestamp>{format_stamp(item.stamp)}</datestamp>{_set_specs(item.sets)}</header>"
    ).encode()


def record(item: Item, identifier_prefix: str, body: bytes, beside: bytes = b"") -> bytes:
    """Return an item's <record> with a form of it, none where it is deleted.

    ``beside`` are the <about> containers that every record has but deleted ones, before its own;
    one that says itself where the rights in it stand has none of those.
    """
    head = b"<record>" + header(item, identifier_prefix)
    if item.deleted:
        return head + b"</record>"
    if _RIGHTS in item.about:
        beside = b""
    return b"%b<metadata>%b</metadata>%b%b</record>" % (head, body, beside, item.about)


def rights_of_records(address: str) -> bytes:
    """Return the <about> that says where the rights in a record stand; empty without an address.

    Guidelines "Conveying rights expressions about metadata" s3.2: by reference.
    """
    return f"<about>{rights_reference(address)}</about>".encode() if address else b""


_RIGHTS = f'<rights xmlns="{RIGHTS}"'.encode()


@lru_cache(maxsize=4096)
def _set_specs(specs: tuple[str, ...]) -> str:
    return "".join(element("setSpec", spec) for spec in specs)
