"""The code lists of MARC 21: is this a code, was it one, or is it none."""

from __future__ import annotations

from enum import StrEnum

from crosswalks import tables


class CodeList(StrEnum):
    """The lists that marc21-codes.tsv holds."""

    LANGUAGE = "language"
    COUNTRY = "country"
    RELATOR = "relator"
    CONTENT = "rdacontent"
    MEDIA = "rdamedia"
    CARRIER = "rdacarrier"


def _read(wanted: str) -> dict[CodeList, frozenset[str]]:
    found: dict[CodeList, set[str]] = {each: set() for each in CodeList}
    for name, state, codes in tables.rows("marc21-codes.tsv"):
        if state == wanted:
            found[CodeList(name)].update(codes.split())
    return {name: frozenset(codes) for name, codes in found.items()}


CURRENT = _read("current")
"""The codes in use."""
OLDER = _read("older")
"""Codes that were in use; records made then still hold them."""
