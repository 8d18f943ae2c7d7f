"""Object identifiers: what record syntaxes, diagnostic sets, services and more are called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from protocols.tables import rows


class Kind(StrEnum):
    """What an object identifier names; attribute sets are in ``protocols.rpn.sets``."""

    DIAGNOSTICS = "diagnostics"
    SYNTAX = "syntax"
    REPORT = "report"
    SERVICE = "service"
    INFORMATION = "information"
    ELEMENTS = "elements"
    NEGOTIATION = "negotiation"
    CHARSET = "charset"
    QUERY = "query"


_ROWS = tuple((Kind(kind), name, oid) for kind, name, oid in rows("protocols.z3950", "oids.tsv"))
_OIDS: Mapping[tuple[Kind, str], str] = MappingProxyType(
    {(kind, name): oid for kind, name, oid in _ROWS}
)
_NAMES: Mapping[str, str] = MappingProxyType({oid: name for _, name, oid in reversed(_ROWS)})

BIB1_DIAGNOSTICS = _OIDS[Kind.DIAGNOSTICS, "bib-1"]
USMARC = _OIDS[Kind.SYNTAX, "usmarc"]
UNIMARC = _OIDS[Kind.SYNTAX, "unimarc"]
XML = _OIDS[Kind.SYNTAX, "xml"]
SUTRS = _OIDS[Kind.SYNTAX, "sutrs"]
OPAC = _OIDS[Kind.SYNTAX, "opac"]
EXPLAIN = _OIDS[Kind.SYNTAX, "explain"]
GRS1 = _OIDS[Kind.SYNTAX, "grs-1"]
SEARCH_RESULT = _OIDS[Kind.INFORMATION, "search-result-1"]
NEGOTIATION = _OIDS[Kind.NEGOTIATION, "charset-3"]
UTF8 = _OIDS[Kind.CHARSET, "utf-8"]
CQL = _OIDS[Kind.QUERY, "cql"]


def oid_of(kind: Kind, name: str) -> str | None:
    """Return the object identifier that a name stands for, in any case; None for no such name."""
    return _OIDS.get((kind, name.lower()))


def name_of(oid: str) -> str:
    """Return the name of an object identifier; the identifier itself where it has none here."""
    return _NAMES.get(oid, oid)


def names_of(kind: Kind) -> tuple[str, ...]:
    """Return the names of one kind, as the table has them."""
    return tuple(name for each, name, _ in _ROWS if each is kind)
