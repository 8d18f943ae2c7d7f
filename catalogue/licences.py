"""The licence of a merged record's metadata, and what libraries say of rights in it.

MARC 21 540 is about the thing described, so this stands beside the record: OAI-PMH has an <about>
for rights in the metadata (guidelines "Conveying rights expressions about metadata" s3).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from catalogue.errors import WrongUse
from crosswalks.errors import Said
from crosswalks.formats.elements import DC
from protocols.oai import OAI_DC, OAI_DC_SCHEMA, rights_reference, rights_statement
from protocols.tables import rows


class Terms(NamedTuple):
    """Under which terms a library shares its records; either may be empty."""

    library: str
    """Its code."""
    licence: str
    """Code of a known licence."""
    rights: str
    """In its own words."""


class Licence(NamedTuple):
    """A licence that records may come under."""

    code: str
    uri: str
    name: str


@cache
def known() -> dict[str, Licence]:
    """Return all licences by code, from the least restrictive to the most."""
    return {row[0]: Licence(*row) for row in rows("catalogue", "licences.tsv")}


def checked(code: str) -> str:
    """Return a licence's code as it is kept; empty = none. Raises WrongUse."""
    wanted = code.strip().casefold()
    found = next((each for each in known() if each.casefold() == wanted), None)
    if found is None and wanted:
        told = {"code": code, "known": ", ".join(known())}
        raise WrongUse(reason=Said("there is no licence {code} here; choose one of: {known}", told))
    return found or ""


def together(codes: Iterable[str]) -> Licence | None:
    """Return the most restrictive of these licences; None where one was not stated.

    What somebody gave no licence for cannot be passed on under another's.
    """
    ranks = list(known())
    stated = [ranks.index(code) if code in ranks else -1 for code in codes]
    return known()[ranks[max(stated)]] if stated and min(stated) >= 0 else None


def about(terms: Iterable[Terms]) -> bytes:
    """Return the <about> of the licence and one of each library's own words; mostly none."""
    all_ = sorted(set(terms))
    licence = together(each.licence for each in all_)
    found = [rights_reference(licence.uri)] if licence else []
    found += [
        rights_statement(_dublin_core(f"{each.library}: {each.rights}"))
        for each in all_
        if each.rights
    ]
    return "".join([f"<about>{each}</about>" for each in found]).encode()


def _dublin_core(text: str) -> str:
    """Return a statement in words: what is in line has to be in a schema (rights.xsd: strict)."""
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"'
        f' xsi:schemaLocation="{OAI_DC} {OAI_DC_SCHEMA}">'
        f"<dc:rights>{escape(text)}</dc:rights></oai_dc:dc>"
    )
