"""What SRU calls things: versions, operations, namespaces and the schemas of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from protocols.tables import rows


class Version(StrEnum):
    """The versions spoken, the oldest first."""

    V1_1 = "1.1"
    V1_2 = "1.2"
    V2_0 = "2.0"


class Operation(StrEnum):
    """What may be asked for."""

    EXPLAIN = "explain"
    SEARCH = "searchRetrieve"
    SCAN = "scan"


class Packing(StrEnum):
    """How a record stands in an answer: as XML, or as the text of that XML."""

    XML = "xml"
    STRING = "string"


NEWEST = Version.V2_0
SRW = "http://www.loc.gov/zing/srw/"
SRW_DIAGNOSTIC = "http://www.loc.gov/zing/srw/diagnostic/"
OASIS = "http://docs.oasis-open.org/ns/search-ws/"
REFERENCES = "info:lienthong/references"
"""Namespace of what terms lead to, in extraTermData."""
ZEEREX = "http://explain.z3950.org/dtd/2.0/"
DIAGNOSTIC_SCHEMA = "info:srw/schema/1/diagnostics-v1.1"
DIAGNOSTIC_URI = "info:srw/diagnostic/1/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a version differs in its XML."""

    namespace: str
    scan: str
    """The namespace of answers to scan."""
    diagnostic: str
    packing: str
    """The element that says how records are packed."""
    has_version: bool
    """Whether answers to a search name their version."""
    has_identifier: bool
    """Whether records carry an identifier."""


_FIRST = Dialect(
    namespace=SRW,
    scan=SRW,
    diagnostic=SRW_DIAGNOSTIC,
    packing="recordPacking",
    has_version=True,
    has_identifier=False,
)
DIALECTS: Mapping[Version, Dialect] = MappingProxyType(
    {
        Version.V1_1: _FIRST,
        Version.V1_2: Dialect(
            namespace=SRW,
            scan=SRW,
            diagnostic=SRW_DIAGNOSTIC,
            packing="recordPacking",
            has_version=True,
            has_identifier=True,
        ),
        Version.V2_0: Dialect(
            namespace=f"{OASIS}sruResponse",
            scan=f"{OASIS}scan",
            diagnostic=f"{OASIS}diagnostic",
            packing="recordXMLEscaping",
            has_version=False,
            has_identifier=True,
        ),
    }
)
FACETS = f"{OASIS}facetedResults"


class RecordSchema(NamedTuple):
    """A schema in which records are given: its short name, its URI, and a title for people."""

    name: str
    uri: str
    title: str


_ROWS = rows("protocols.sru", "schemas.tsv")
SCHEMAS: tuple[RecordSchema, ...] = tuple(RecordSchema(*row[:3]) for row in _ROWS)
_CALLED: Mapping[str, RecordSchema] = MappingProxyType(
    {
        called.lower().rstrip("/"): RecordSchema(*row[:3])
        for row in _ROWS
        for called in (*row[:2], *row[3].split())
    }
)


def schema_of(name: str) -> RecordSchema | None:
    """Return the schema with this short name or URI, None for one that nobody knows here."""
    return _CALLED.get(name.strip().lower().rstrip("/"))
