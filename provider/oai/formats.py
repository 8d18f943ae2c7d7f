"""The metadata formats given out: the stored forms, by prefix and by alias."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from catalogue.model import Item
from protocols import oai
from provider.oai.errors import CannotDisseminateFormat


class Format(NamedTuple):
    """One metadataFormat of ListMetadataFormats."""

    prefix: str
    schema: str
    namespace: str
    only: str = ""
    """The set whose items alone have it; empty: every item has it."""
    page: str = ""
    """The element that says where the record can be looked at, its address open; empty: none."""
    page_before: str = ""
    """What that element comes before."""


_PAGE = "<dc:identifier>{}</dc:identifier>"

FORMATS = (
    Format(
        *("oai_dc", oai.OAI_DC_SCHEMA, oai.OAI_DC),
        page=_PAGE,
        page_before="</oai_dc:dc>",
    ),
    Format("marc21", oai.MARC21_SCHEMA, oai.MARC21),
    Format("mods", oai.MODS_SCHEMA, oai.MODS),
    Format(
        *("qdc", oai.QDC_SCHEMA, oai.QDC),
        page=_PAGE,
        page_before="</qdc:qualifieddc>",
    ),
    Format(
        *("edm", oai.EDM_SCHEMA, oai.EDM),
        page='<edm:isShownAt rdf:resource="{}"/>',
        page_before="<edm:provider>",
    ),
    Format("etdms", oai.ETDMS_SCHEMA, oai.ETDMS, only="material:thesis"),
)
ALIASES = {"marcxml": "marc21"}


def find(name: str, formats: Sequence[Format]) -> Format:
    """Return the format behind a metadataPrefix; raises CannotDisseminateFormat."""
    prefix = ALIASES.get(name, name)
    for form in formats:
        if form.prefix == prefix:
            return form
    raise CannotDisseminateFormat(name=name)


def body(item: Item, form: Format, pages: str) -> bytes:
    """Return an item in a format, with where it can be looked at.

    Services that show records want an address in dc:identifier (BASE's golden rules), Europeana's
    in edm:isShownAt. It is not stored: it changes with the hub's address and with who asks.
    ``pages`` is what stands before an item's id; empty: there is no page.
    """
    if not (pages and form.page) or item.deleted:
        return item.body
    before = form.page_before.encode()
    told = form.page.format(escape(pages + item.public_id, {'"': "&quot;"})).encode()
    return item.body.replace(before, told + before, 1)
