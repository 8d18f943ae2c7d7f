"""Names in CQL: which context set a prefix means where it stands, and what an index is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from protocols.cql.mapping import (
    INDEXES,
    ORDER,
    URIS,
    attribute_set,
    canonical,
    is_number,
    usual_prefix,
    value_of,
)
from protocols.cql.tokens import Cursor, Kind, Token
from protocols.errors import ContextSetUnsupported, MalformedQuery, PrefixTwice, UseUnsupported
from protocols.rpn.tree import Attribute, AttributeType

_COMPARISONS = frozenset({"=", "==", "<", "<=", ">=", ">", "<>"})
LONGEST_NUMBER = 18
MAX_PREFIXES = 100
MAX_MODIFIERS = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """The prefixes that hold at a place of the query: their URIs, and that of names without one."""

    prefixes: Mapping[str, str] = field(default_factory=lambda: URIS)
    default: str = ""
    given: frozenset[str] = frozenset()

    def uri(self, prefix: str, at: int) -> str:
        """Return the context set of a prefix; ContextSetUnsupported where it has none."""
        found = self.prefixes.get(prefix.lower())
        if found is None:
            raise ContextSetUnsupported(at, prefix)
        return found

    def assigned(self, prefix: str, uri: str, at: int) -> Scope:
        """Return the scope with one prefix more; PrefixTwice if it was given another set here."""
        key, uri = prefix.lower(), canonical(uri)
        if key in self.given and (self.prefixes.get(key) if key else self.default) != uri:
            raise PrefixTwice(at, prefix)
        if len(self.prefixes) >= MAX_PREFIXES:
            raise ContextSetUnsupported(at, prefix)
        given = self.given | {key}
        if not key:
            return replace(self, default=uri, given=given)
        return replace(self, prefixes={**self.prefixes, key: uri}, given=given)

    def inner(self) -> Scope:
        """Return the scope of a part in parentheses, where prefixes may be given anew."""
        return replace(self, given=frozenset())


@dataclass(frozen=True, slots=True)
class Said:
    """A modifier as it stands: its name, the comparison and the value if there are any."""

    name: str
    comparison: str
    value: str
    at: int

    def split(self, scope: Scope, otherwise: str) -> tuple[str, str]:
        """Return its context set, ``otherwise`` where it names none, and its name in that."""
        prefix, dot, name = self.name.partition(".")
        return (scope.uri(prefix, self.at), name) if dot else (otherwise, self.name)


def assignments(cursor: Cursor, scope: Scope) -> Scope:
    """Pass the prefix assignments that are next (``> dc = "info:..."``), and return their scope."""
    while cursor.passes(">"):
        first = text(cursor)
        if cursor.passes("="):
            scope = scope.assigned(first.name, text(cursor).name, first.at)
        else:
            scope = scope.assigned("", first.name, first.at)
    return scope


def modifiers(cursor: Cursor) -> tuple[Said, ...]:
    """Pass the modifiers that are next (``/name`` or ``/name=value``) and return them."""
    found: list[Said] = []
    while cursor.passes("/"):
        name = text(cursor)
        if len(found) >= MAX_MODIFIERS:
            raise MalformedQuery(name.at, name.text)
        sign = cursor.peek()
        if sign is not None and sign.kind is Kind.SYMBOL and sign.text in _COMPARISONS:
            cursor.next()
            found.append(Said(name.name, sign.text, text(cursor).name, name.at))
        else:
            found.append(Said(name.name, "", "", name.at))
    return tuple(found)


def text(cursor: Cursor) -> Token:
    """Pass a term or a name and return it; MalformedQuery where something else is next."""
    found = cursor.next()
    if not found.is_text:
        raise MalformedQuery(found.at, found.text)
    return found


def index(token: Token, scope: Scope) -> tuple[Attribute, ...]:
    """Return the attributes of an index.

    One without a prefix that no set knows is a name of the server's own: a use attribute of that
    name. Raises ContextSetUnsupported or UseUnsupported.
    """
    prefix, dot, name = token.name.partition(".")
    if dot:
        return _in_set(scope.uri(prefix, token.at), name, token)
    if scope.default:
        return _in_set(scope.default, token.name, token)
    for each in ORDER:
        if (each, token.name.lower()) in INDEXES:
            return _searchable(each, token.name, token)
    if is_number(token.name) or not token.name:
        raise UseUnsupported(token.at, token.name)
    return (Attribute(AttributeType.USE, token.name, at=token.at),)


def _in_set(uri: str, name: str, token: Token) -> tuple[Attribute, ...]:
    whose = attribute_set(uri)
    if whose is None:
        if not usual_prefix(uri):
            raise ContextSetUnsupported(token.at, uri)
        return _searchable(usual_prefix(uri), name, token)
    if not name or (is_number(name) and len(name) > LONGEST_NUMBER):
        raise UseUnsupported(token.at, token.name)
    return (Attribute(AttributeType.USE, value_of(name), whose, token.at),)


def _searchable(prefix: str, name: str, token: Token) -> tuple[Attribute, ...]:
    found = INDEXES.get((prefix, name.lower()))
    if not found:
        raise UseUnsupported(token.at, token.name)
    return found
