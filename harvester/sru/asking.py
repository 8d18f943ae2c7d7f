"""The queries of a harvest in CQL: indexes by the server's names, relations by CQL's signs."""

from __future__ import annotations

import re
from dataclasses import replace

from protocols import cql
from protocols.rpn.tree import (
    Attribute,
    AttributeType,
    Joined,
    Operator,
    Query,
    ResultSet,
    Term,
    fold,
)

_SIGNS = {1: "<", 2: "<=", 3: "=", 4: ">=", 5: ">"}
_SPECIAL = re.compile(r'([\\*?^"])')
_BARE = re.compile(r"[A-Za-z0-9.:_-]+")
_KEYWORDS = frozenset({"and", "or", "not", "prox", "sortby"})
_TRUNCATED = 1


def index(name: str) -> tuple[Attribute, ...]:
    """Return an index of a server as harvests name it: by a use attribute that is its CQL name."""
    return (Attribute(AttributeType.USE, name),)


def written(query: Query) -> str:
    """Return a query in CQL; sorting is left out. Raises QueryError for what CQL cannot say."""
    return fold(replace(query, sort=()).root, clause, _joined)


def clause(node: Term | ResultSet) -> str:
    """Return one search clause: ours by the index's name, one that staff wrote as they did."""
    name = node.value(AttributeType.USE) if isinstance(node, Term) else None
    if not isinstance(node, Term) or not isinstance(name, str) or name.startswith("_"):
        return cql.write(Query(node))
    relation = node.value(AttributeType.RELATION)
    sign = _SIGNS.get(relation, "=") if isinstance(relation, int) else "="
    text = _SPECIAL.sub(r"\\\1", node.text)
    if node.value(AttributeType.TRUNCATION) == _TRUNCATED:
        text += "*"
    return f"{_quoted(name)} {sign} {_quoted(text)}"


def _joined(node: Joined, left: str, right: str) -> str:
    if node.operator is Operator.PROX:
        return cql.write(Query(node))
    return f"({left}) {node.operator.value.lower()} ({right})"


def _quoted(text: str) -> str:
    """Return a term in quotes, but for one that needs none: some servers read only such."""
    if _BARE.fullmatch(text) and text.lower() not in _KEYWORDS:
        return text
    # A backslash before a quote escapes it; the others are for CQL's masks and stay.
    return f'"{text}"'
