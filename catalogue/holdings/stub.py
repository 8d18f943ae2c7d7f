"""A row of a list as matching sees it: features of a stub record, and the keys that find it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalogue import match
from catalogue.holdings.model import Row
from catalogue.match import Features
from catalogue.model import HubIdentity
from crosswalks.model import Field, Record, Schema

_PUBLIC = re.compile(r"(\S+)[:/](\d{9})")
_CODED = re.compile(r"\(([^()]+)\)\s*(\S.*)")
_SEVERAL = re.compile(r"[;|\n]|,\s")
_PARTS = re.compile(r"\s*[;|\n]\s*")
_MOST = 20
"""Numbers of copies that are looked for."""
_LONGEST = 80
"""Of a key, as ``catalogue.match.keys`` has it."""

Codes = Mapping[str, str]
"""Any code of a library -> the one it is kept under; what the hub's own numbers follow -> nothing.

That is its code, ``oai:<domain>`` and the address of its records' pages.
"""


def hub_codes(hub: HubIdentity) -> Codes:
    """Return what the hub's own numbers of records follow."""
    return dict.fromkeys((hub.code, f"oai:{hub.domain}", f"{hub.base_url}/record"), "")


def features(row: Row) -> Features:
    """Return what matching compares of a row. Leader/06 is open: a list holds all materials."""
    return match.features(_record(row))


def _record(row: Row) -> Record:
    level = "s" if row.issn and not row.isbn else " "
    return Record(
        schema=Schema.MARC21, leader=f"00000n {level}  2200000   4500", fields=tuple(_fields(row))
    )


def _fields(row: Row) -> Iterator[Field]:
    yield from (Field("020", "  ", (("a", part),)) for part in _SEVERAL.split(row.isbn) if part)
    yield from (Field("022", "  ", (("a", part),)) for part in _SEVERAL.split(row.issn) if part)
    if row.identifier.startswith("("):
        yield Field("035", "  ", (("a", row.identifier),))
    for position, name in enumerate(_people(row.author)):
        yield Field("700" if position else "100", "1 ", (("a", name),))
    yield _field("245", ("a", row.title), ("n", row.volume))
    yield _field("250", ("a", row.edition))
    yield _field("260", ("b", row.publisher), ("c", row.year))


def _people(text: str) -> Iterator[str]:
    """Yield the names in a cell: a comma parts whole names, and not a family name from the rest."""
    for part in filter(None, _PARTS.split(text)):
        names = [name.strip() for name in part.split(",")]
        yield from names if all(" " in name for name in names) else (part,)


def _field(tag: str, *parts: tuple[str, str]) -> Field:
    return Field(tag, "  ", tuple(part for part in parts if part[1]))


def keys(row: Row, seen: Features, library: str, codes: Codes) -> tuple[str, ...]:
    """Return all keys of a row of a library's list, sorted: those of any record, and its names.

    ``union:`` holds a public id, ``local:`` a library's code and its number of a record.
    """
    found = set(match.keys(seen))
    found |= {union_key(public_id) for public_id in unions(row, codes)}
    found |= {local_key(code, number) for code, number in locals_of(row, library, codes)}
    return tuple(sorted(found))


def unions(row: Row, codes: Codes) -> tuple[str, ...]:
    """Return the public id that a row names, if any: never by bare digits, which others use too."""
    said = _CODED.fullmatch(row.identifier) or _PUBLIC.fullmatch(row.identifier)
    return (said[2].strip(),) if said and codes.get(said[1]) == "" else ()


def locals_of(row: Row, library: str, codes: Codes) -> tuple[tuple[str, str], ...]:
    """Return the members' own numbers that a row names: library code and number."""
    found = [(library, number) for number in filter(None, _PARTS.split(row.local_number)[:_MOST])]
    coded = _CODED.fullmatch(row.identifier)
    if coded and codes.get(coded[1]):
        found.append((codes[coded[1]], coded[2].strip()))
    return tuple(found)


def union_key(public_id: str) -> str:
    """Return the key of a cluster's public id."""
    return f"union:{public_id}"[:_LONGEST]


def local_key(library: str, number: str) -> str:
    """Return the key of a library's own number of a record."""
    return f"local:{library}:{number}"[:_LONGEST]


def tail(identifier: str) -> str:
    """Return the number at the end of an OAI identifier: what follows its last colon or slash."""
    return re.split(r"[:/]", identifier)[-1]
