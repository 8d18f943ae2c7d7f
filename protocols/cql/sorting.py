"""The order of a query in CQL: ``sortby dc.date/sort.descending dc.title``."""

from __future__ import annotations

from protocols.cql.clauses import relation_of
from protocols.cql.mapping import SORTING, URIS, attribute_set
from protocols.cql.names import Said, Scope, index, modifiers, text
from protocols.cql.tokens import Cursor
from protocols.errors import SortUnsupported
from protocols.rpn.tree import Modifier, SortKey, ordered

_DIRECTIONS = {"ascending": False, "descending": True}


def sort_keys(cursor: Cursor, scope: Scope) -> tuple[SortKey, ...]:
    """Pass ``sortby`` and its keys, to the end of the query, and return them."""
    cursor.next()
    found = [_key(cursor, scope)]
    while cursor.peek() is not None:
        found.append(_key(cursor, scope))
    return tuple(found)


def _key(cursor: Cursor, scope: Scope) -> SortKey:
    token = text(cursor)
    by = {each.type: each for each in index(token, scope)}
    own: list[tuple[Said, str, str]] = []
    others: list[tuple[Said, str, str]] = []
    for each in modifiers(cursor):
        uri, name = each.split(scope, URIS["sort"])
        (others if attribute_set(uri) is not None else own).append((each, uri, name))
    said = relation_of("=", -1, tuple(each for each, _, _ in others), scope)
    by |= {each.type: each for each in said.attributes}
    directions = [_DIRECTIONS[n.lower()] for _, u, n in own if _is_direction(u, n)]
    return SortKey(
        ordered({kind: each for kind, each in by.items() if kind not in said.without}),
        descending=directions[-1] if directions else False,
        modifiers=tuple(_kept(*each) for each in own if not _is_direction(*each[1:])),
        at=token.at,
    )


def _is_direction(uri: str, name: str) -> bool:
    return uri == URIS["sort"] and name.lower() in _DIRECTIONS


def _kept(said: Said, uri: str, name: str) -> Modifier:
    if uri == URIS["cql"] or (uri == URIS["sort"] and name.lower() not in SORTING):
        raise SortUnsupported(said.at, said.name)
    return Modifier(uri, name.lower() if uri == URIS["sort"] else name, said.comparison, said.value)
