"""PQF to the query tree, without ever calling itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from protocols.errors import (
    AttributeSetUnsupported,
    AttributeTypeUnsupported,
    MalformedAttribute,
    MalformedProximity,
    MalformedQuery,
    MalformedTerm,
    QueryEnds,
    TermTypeUnsupported,
    TooDeep,
    TooManyOperators,
)
from protocols.pqf.tokens import Token, tokens
from protocols.rpn.sets import is_oid, oid_of
from protocols.rpn.tree import (
    BIB1,
    MAX_DEPTH,
    MAX_OPERATORS,
    Attribute,
    Joined,
    Node,
    Operator,
    Proximity,
    Query,
    ResultSet,
    Term,
    TermKind,
    ordered,
)

_OPERATORS = {f"@{each}": each for each in Operator}
_DIGITS = re.compile(r"[0-9]{1,18}")
_ANY_DIGITS = re.compile(r"[0-9]+")
_FLAGS = {"0": False, "1": True, "void": False}
_PRIVATE = {"k": False, "known": False, "p": True, "private": True}
_RELATIONS = 6
MAX_TYPES = 100
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What was said before an operand and holds for it: attributes by type, the kind of term."""

    default_set: str
    attributes: Mapping[int, Attribute] = field(default_factory=dict)
    last_set: str = ""
    kind: TermKind = TermKind.GENERAL


@dataclass(slots=True)
class _Open:
    """An operator that waits for its operands."""

    operator: Operator
    proximity: Proximity | None
    scope: Scope
    at: int
    left: Node | None = None


class _Words:
    """The words of the query, one after the other."""

    def __init__(self, query: str) -> None:
        self._words: Iterator[Token] = tokens(query)
        self._end = len(query)
        self._back: Token | None = None

    def next(self) -> Token:
        found = self.peek()
        if found is None:
            raise QueryEnds(self._end)
        self._back = None
        return found

    def peek(self) -> Token | None:
        if self._back is None:
            self._back = next(self._words, None)
        return self._back


def read(query: str) -> Query:
    """Return the tree of a query in PQF; a QueryError says what is wrong with it, and where."""
    words = _Words(query)
    scope = _attribute_set(words)
    root = _node(words, scope)
    surplus = words.peek()
    if surplus is not None:
        raise MalformedQuery(surplus.at, surplus.text)
    return Query(root)


def _attribute_set(words: _Words) -> Scope:
    first = words.peek()
    if first is None or not first.own or first.text != "@attrset":
        return Scope(BIB1)
    words.next()
    return Scope(_set(words.next()))


def _set(token: Token) -> str:
    found = oid_of(token.text)
    if found is None:
        raise AttributeSetUnsupported(token.at, token.text)
    return found


def _node(words: _Words, scope: Scope) -> Node:
    waiting: list[_Open] = []
    operators = 0
    while True:
        token = words.next()
        if token.own and token.text in _OPERATORS:
            operators += 1
            _check(token, len(waiting), operators)
            waiting.append(_opened(token, words, scope))
        elif token.own and token.text in _PREFIXES:
            scope = _PREFIXES[token.text](words, scope)
        else:
            node = _closed(waiting, _operand(token, words, scope))
            if node is not None:
                return node
            scope = waiting[-1].scope


def _check(token: Token, depth: int, operators: int) -> None:
    if depth >= MAX_DEPTH:
        raise TooDeep(token.at, token.text, most=MAX_DEPTH)
    if operators > MAX_OPERATORS:
        raise TooManyOperators(token.at, token.text, most=MAX_OPERATORS)


def _opened(token: Token, words: _Words, scope: Scope) -> _Open:
    operator = _OPERATORS[token.text]
    near = _proximity(words) if operator is Operator.PROX else None
    return _Open(operator, near, scope, token.at)


def _closed(waiting: list[_Open], node: Node) -> Node | None:
    """Hand an operand to what waits for it; the whole tree, or None while operators are open."""
    while waiting and waiting[-1].left is not None:
        last = waiting.pop()
        assert last.left is not None
        node = Joined(last.operator, last.left, node, last.proximity, at=last.at)
    if not waiting:
        return node
    waiting[-1].left = node
    return None


def _attribute(words: _Words, scope: Scope) -> Scope:
    token = words.next()
    named = "=" not in token.text
    # As YAZ reads it: one that names no set is of the set of the one before it.
    whose = _set(token) if named else scope.last_set or scope.default_set
    each = _equation(words.next() if named else token, whose)
    if len(scope.attributes) >= MAX_TYPES:
        raise AttributeTypeUnsupported(each.at, each.type)
    return replace(
        scope,
        attributes={**scope.attributes, each.type: each},
        last_set=whose if named else scope.last_set,
    )


def _equation(token: Token, whose: str) -> Attribute:
    kind, equals, value = token.text.partition("=")
    if not _DIGITS.fullmatch(kind) or not equals or not value or int(kind) == 0:
        raise MalformedAttribute(token.at, token.text)
    if _ANY_DIGITS.fullmatch(value):
        if not _DIGITS.fullmatch(value):
            raise MalformedAttribute(token.at, token.text)
        return Attribute(int(kind), int(value), whose, token.at)
    return Attribute(int(kind), value, whose, token.at)


def _kind(words: _Words, scope: Scope) -> Scope:
    token = words.next()
    try:
        return replace(scope, kind=TermKind(token.text))
    except ValueError as unknown:
        known = ", ".join(TermKind)
        raise TermTypeUnsupported(token.at, token.text, known=known) from unknown


_PREFIXES = {"@attr": _attribute, "@term": _kind}


def _proximity(words: _Words) -> Proximity:
    exclusion = _FLAGS.get((token := words.next()).text)
    distance = _count(words.next())
    order = _FLAGS.get((second := words.next()).text)
    relation = _count(third := words.next())
    private = _PRIVATE.get((fourth := words.next()).text)
    if not 1 <= relation <= _RELATIONS:
        raise MalformedProximity(third.at, third.text)
    for found, said in ((exclusion, token), (order, second), (private, fourth)):
        if found is None:
            raise MalformedProximity(said.at, said.text)
    return Proximity(
        exclusion=bool(exclusion),
        distance=distance,
        ordered=bool(order),
        relation=relation,
        private=bool(private),
        unit=_count(words.next()),
    )


def _count(token: Token) -> int:
    if not _DIGITS.fullmatch(token.text):
        raise MalformedProximity(token.at, token.text)
    return int(token.text)


def _operand(token: Token, words: _Words, scope: Scope) -> Term | ResultSet:
    if token.own and token.text == "@set":
        return ResultSet(words.next().text, token.at)
    if token.own and token.text == "@attrset":
        raise MalformedQuery(token.at, token.text)
    return Term(_text(token, scope.kind), ordered(dict(scope.attributes)), scope.kind, at=token.at)


def _text(token: Token, kind: TermKind) -> str:
    if kind is TermKind.NULL:
        return ""
    if kind is TermKind.NUMERIC:
        if not _NUMBER.fullmatch(token.text):
            raise MalformedTerm(token.at, token.text)
        return str(int(token.text))
    if kind is TermKind.OID and not is_oid(token.text):
        raise MalformedTerm(token.at, token.text)
    return token.text
