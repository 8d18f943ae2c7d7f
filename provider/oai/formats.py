"""The metadata formats given out: the stored forms, by prefix and by alias."""

from __future__ import annotations

from typing import NamedTuple

from protocols import oai
from provider.oai.errors import CannotDisseminateFormat


class Format(NamedTuple):
    """One metadataFormat of ListMetadataFormats."""

    prefix: str
    schema: str
    namespace: str


FORMATS = (
    Format("oai_dc", oai.OAI_DC_SCHEMA, oai.OAI_DC),
    Format("marc21", oai.MARC21_SCHEMA, oai.MARC21),
)
ALIASES = {"marcxml": "marc21"}


def stored_prefix(name: str) -> str:
    """Return the stored form behind a metadataPrefix; raises CannotDisseminateFormat."""
    prefix = ALIASES.get(name, name)
    if prefix not in {form.prefix for form in FORMATS}:
        raise CannotDisseminateFormat(name=name)
    return prefix
