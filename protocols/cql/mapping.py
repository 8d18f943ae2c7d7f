"""The tables: context sets, indexes, relations, modifiers, and the attributes that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from protocols.rpn.sets import is_oid
from protocols.rpn.tree import BIB1, Attribute, AttributeType
from protocols.tables import rows

PACKAGE = "protocols.cql"
OF_OID = "urn:oid:"
"""How the URI of a context set begins that is an attribute set; see ``protocols.cql``."""


def parsed(cell: str, whose: str = BIB1) -> tuple[Attribute, ...]:
    """Return the attributes of a cell: ``1=4 2=3``."""
    pairs = (each.split("=", 1) for each in cell.split())
    return tuple(Attribute(int(kind), value_of(value), whose) for kind, value in pairs)


def value_of(text: str) -> int | str:
    """Return the value of an attribute: a number where it is one in digits."""
    return int(text) if is_number(text) else text


def is_number(text: str) -> bool:
    """Return whether this is a number in digits."""
    return text.isascii() and text.isdigit()


_CONTEXTS = rows(PACKAGE, "contexts.tsv")
URIS: Mapping[str, str] = MappingProxyType({row[0]: row[1] for row in reversed(_CONTEXTS)})
"""The URI of the context set that a prefix has unless a query says otherwise."""
_SETS: Mapping[str, str] = MappingProxyType({row[1]: row[0] for row in _CONTEXTS})
_INDEXES = tuple(
    (prefix, name, parsed(cell)) for prefix, name, cell in rows(PACKAGE, "indexes.tsv")
)
INDEXES: Mapping[tuple[str, str], tuple[Attribute, ...]] = MappingProxyType(
    {(prefix, name.lower()): found for prefix, name, found in _INDEXES}
)
"""Attributes by the usual prefix and the index in lower case; without any: not searchable."""
NAMES: Mapping[tuple[Attribute, ...], str] = MappingProxyType(
    {found: f"{prefix}.{name}" for prefix, name, found in reversed(_INDEXES) if found}
)
"""The index that is written for attributes."""
ORDER = tuple(dict.fromkeys(prefix for prefix, _, _ in _INDEXES))
"""Where an index without a prefix is looked for."""
RELATIONS: Mapping[str, tuple[Attribute, ...]] = MappingProxyType(
    {name: parsed(cell) for name, cell in rows(PACKAGE, "relations.tsv")}
)
MODIFIERS: Mapping[str, tuple[Attribute, ...]] = MappingProxyType(
    {name: parsed(cell) for name, cell in rows(PACKAGE, "modifiers.tsv")}
)
TYPES: Mapping[str, int] = MappingProxyType(
    {each.name.lower(): each.value for each in AttributeType}
)
"""Types of attributes by the names that modifiers of the set ``bib1`` call them by."""
SORTING = frozenset(name for (name,) in rows(PACKAGE, "sorting.tsv"))
"""What may be said of a sort key by the context set ``sort``, in lower case."""
UNITS = ("character", "word", "sentence", "paragraph", "section", "chapter", "document", "element",
         "subelement", "elementType", "byte")  # fmt: skip
"""Units of proximity, the first is Z39.50's number 1."""
COMPARISONS = ("<", "<=", "=", ">=", ">", "<>")
"""Relations of proximity, the first is Z39.50's number 1."""


def usual_prefix(uri: str) -> str:
    """Return the prefix a context set has in the tables, nothing for one they do not know."""
    return _SETS.get(uri, "")


def canonical(uri: str) -> str:
    """Return the URI that stands for a context set of several."""
    return URIS.get(usual_prefix(uri), uri)


def attribute_set(uri: str) -> str | None:
    """Return the attribute set that a context set is, by its object identifier; else None."""
    oid = uri.removeprefix(OF_OID)
    return oid if oid != uri and is_oid(oid) else None
