"""The XML around every answer, by string building: stored bodies are never parsed again.

The root is literally ``<OAI-PMH`` with the OAI schema first in schemaLocation: old harvesters and
the official validator look for exactly that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from catalogue.model import Item
from protocols.oai import OAI, OAI_SCHEMA, XSI, format_stamp

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{OAI}" xmlns:xsi="{XSI}" xsi:schemaLocation="{OAI} {OAI_SCHEMA}">'
)
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:(//[A-Za-z0-9.\-]+(?=[/?]|$))?"
    r"(?!//)([A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
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
    return name != "identifier" or _URI.fullmatch(value) is not None


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


def record(item: Item, identifier_prefix: str) -> bytes:
    """Return an item's <record>: its stored form as it is, none where it is deleted."""
    head = b"<record>" + header(item, identifier_prefix)
    if item.deleted:
        return head + b"</record>"
    return b"%b<metadata>%b</metadata></record>" % (head, item.body)


@lru_cache(maxsize=4096)
def _set_specs(specs: tuple[str, ...]) -> str:
    return "".join(element("setSpec", spec) for spec in specs)
