"""The parameter sortKeys of SRU 1.1 and 2.0: ``path,schema,ascending,caseSensitive,missingValue``.

A path is what an index is in CQL. What cannot be had is refused, for a list in another order than
the one asked for is taken for right.
"""

from __future__ import annotations

from catalogue.search.plan import SUPPORTED
from protocols import cql
from protocols.errors import QueryError
from protocols.rpn.tree import SortKey
from protocols.sru.errors import (
    CaseUnsupported,
    DirectionUnsupported,
    MissingUnsupported,
    PathUnsupported,
)
from protocols.sru.parameters import short

_PARTS = 5
_UP, _DOWN = frozenset({"", "1", "true"}), frozenset({"0", "false"})
_MISSING = frozenset({"", "highvalue"})


def sort_keys(text: str) -> tuple[SortKey, ...]:
    """Return the keys of the parameter, none for an empty one; raises an SruError."""
    return tuple(_key(each) for each in text.split())


def _key(text: str) -> SortKey:
    parts = [*text.split(","), *[""] * _PARTS][:_PARTS]
    path, _schema, ascending, case, missing = parts
    if ascending.lower() not in _UP | _DOWN:
        raise DirectionUnsupported(short(ascending))
    if case not in {"", "0", "false"}:
        raise CaseUnsupported(short(case))
    if missing.strip('"').lower() not in _MISSING:
        raise MissingUnsupported(short(missing))
    try:
        (key,) = cql.read(f"x sortby {path}").sort
    except (QueryError, ValueError) as error:
        raise PathUnsupported(short(path)) from error
    if not SUPPORTED.sort.issuperset(key.attributes) or key.modifiers:
        raise PathUnsupported(short(path))
    return SortKey(key.attributes, descending=ascending.lower() in _DOWN)
