"""Attribute sets: their names and object identifiers."""

from __future__ import annotations

import re

from protocols.tables import rows

_OIDS: dict[str, str] = {row[0]: row[1] for row in rows("protocols.rpn", "sets.tsv")}
_NAMES = {oid: name for name, oid in reversed(_OIDS.items())}
_DOTTED = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,17})){1,30}")


def oid_of(name: str) -> str | None:
    """Return the object identifier of a set by its name, or the one that was given; else None."""
    return name if is_oid(name) else _OIDS.get(name.lower())


def name_of(oid: str) -> str:
    """Return the name of a set, its object identifier where it has none."""
    return _NAMES.get(oid, oid)


def is_oid(text: str) -> bool:
    """Return whether this is an object identifier in dotted form."""
    return _DOTTED.fullmatch(text) is not None
