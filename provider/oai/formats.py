"""The metadata formats given out: the stored forms, by prefix and by alias."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from protocols import oai
from provider.oai.errors import CannotDisseminateFormat


class Format(NamedTuple):
    """One metadataFormat of ListMetadataFormats."""

    prefix: str
    schema: str
    namespace: str
    only: str = ""
    """The set whose items alone have it; empty: every item has it."""


FORMATS = (
    Format("oai_dc", oai.OAI_DC_SCHEMA, oai.OAI_DC),
    Format("marc21", oai.MARC21_SCHEMA, oai.MARC21),
    Format("mods", oai.MODS_SCHEMA, oai.MODS),
    Format("qdc", oai.QDC_SCHEMA, oai.QDC),
    Format("edm", oai.EDM_SCHEMA, oai.EDM),
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
