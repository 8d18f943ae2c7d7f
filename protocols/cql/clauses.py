"""A search clause of CQL, an index, a relation and a term, to the tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from protocols.cql import masking
from protocols.cql.mapping import (
    MODIFIERS,
    RELATIONS,
    TYPES,
    URIS,
    attribute_set,
    is_number,
    value_of,
)
from protocols.cql.names import LONGEST_NUMBER, Said, Scope, index, modifiers, text
from protocols.cql.tokens import Cursor, Kind, Token
from protocols.errors import (
    AnchorMisplaced,
    EmptyTerm,
    MalformedQuery,
    ModifiersClash,
    ModifierUnsupported,
    RangeMalformed,
    RelationForIndexUnsupported,
    RelationUnsupported,
    TooDeep,
)
from protocols.rpn.tree import (
    MAX_DEPTH,
    Attribute,
    AttributeType,
    Joined,
    Modifier,
    Node,
    Operator,
    ResultSet,
    Term,
    TermKind,
    ordered,
)

BOOLEANS = {each.value: each for each in Operator}
SORTBY = "sortby"
_SIGNS = frozenset({"=", "==", "<", "<=", ">=", ">", "<>"})
_RESULT_SET = "resultsetid"
_EXACT = frozenset({"==", "exact"})
_LITERAL = frozenset({"regexp", "unmasked"})
TERM_TYPE = "termtype"
"""The modifier of an attribute set that says what kind of term it is."""
_FIRST, _LAST, _COMPLETE, _PHRASE = 1, 4, 3, 1


@dataclass(frozen=True, slots=True)
class Relation:
    """How a clause compares: the relation in lower case, and all that its modifiers say."""

    name: str = "="
    attributes: tuple[Attribute, ...] = ()
    without: frozenset[int] = frozenset()
    modifiers: tuple[Modifier, ...] = ()
    kind: TermKind = TermKind.GENERAL
    literal: bool = False
    at: int = -1


@dataclass(frozen=True, slots=True)
class _Clause:
    index: tuple[Attribute, ...]
    relation: Relation
    at: int


def clause(cursor: Cursor, scope: Scope) -> Node:
    """Pass a search clause and return it as a tree; a QueryError for what is wrong with it."""
    first = text(cursor)
    relation = _relation(cursor, scope)
    if relation is None:
        return _node(_Clause(RELATION_LESS, Relation(), first.at), first.text)
    term = text(cursor)
    if _is_result_set(first, scope):
        return _result_set(relation, term)
    return _node(_Clause(index(first, scope), relation, term.at), term.text)


RELATION_LESS = (Attribute(AttributeType.USE, 1016),)
"""What a term alone is searched in: cql.serverChoice."""


def _relation(cursor: Cursor, scope: Scope) -> Relation | None:
    sign = cursor.peek()
    if sign is None or (sign.kind is Kind.SYMBOL and sign.text not in _SIGNS):
        return None
    if sign.keyword in BOOLEANS or sign.keyword == SORTBY:
        return None
    cursor.next()
    after = cursor.peek()
    begins = after is not None and (after.is_text or after.text == "/")
    if sign.kind is Kind.QUOTED or (sign.kind is Kind.WORD and not begins):
        raise MalformedQuery(sign.at, sign.text)
    return relation_of(_relation_name(sign, scope), sign.at, modifiers(cursor), scope)


def _relation_name(sign: Token, scope: Scope) -> str:
    prefix, dot, name = sign.text.lower().partition(".")
    known = name if dot and scope.uri(prefix, sign.at) == URIS["cql"] else sign.text.lower()
    if known not in RELATIONS:
        raise RelationUnsupported(sign.at, sign.text)
    return known


def relation_of(name: str, at: int, said: tuple[Said, ...], scope: Scope) -> Relation:
    """Return a relation with what its modifiers say; a QueryError for those it cannot have."""
    gathered = _Gathered()
    for each in said:
        gathered.add(each, scope)
    _clash(name, gathered.attributes, said)
    return Relation(
        name,
        tuple(gathered.attributes.values()),
        frozenset(gathered.without),
        tuple(gathered.kept),
        gathered.kind,
        gathered.literal,
        at,
    )


class _Gathered:
    """What the modifiers of a relation say, as far as they were read."""

    def __init__(self) -> None:
        self.attributes: dict[int, Attribute] = {}
        self.without: set[int] = set()
        self.kept: list[Modifier] = []
        self.kind = TermKind.GENERAL
        self.literal = False

    def add(self, said: Said, scope: Scope) -> None:
        uri, name = said.split(scope, URIS["cql"])
        whose = attribute_set(uri)
        if whose is not None:
            self._add_attribute(said, name, whose)
        elif uri == URIS["cql"]:
            self._add_known(said, name.lower())
        else:
            self.kept.append(Modifier(uri, name, said.comparison, said.value))

    def _add_attribute(self, said: Said, name: str, whose: str) -> None:
        if name.lower() == TERM_TYPE:
            self.kind = _term_kind(said)
        else:
            self._take(said, _attribute(said, name, whose))

    def _add_known(self, said: Said, name: str) -> None:
        found = _known(said, name)
        self.literal = self.literal or name in _LITERAL
        for attribute in found:
            self._take(said, attribute)
        if not found and name != "masked":
            self.kept.append(Modifier(URIS["cql"], name, said.comparison, said.value))

    def _take(self, said: Said, each: Attribute | int) -> None:
        if isinstance(each, int):
            self.without.add(each)
        elif self.attributes.setdefault(each.type, each) != each:
            raise ModifiersClash(said.at, said.name)


def _known(said: Said, name: str) -> tuple[Attribute, ...]:
    if name not in MODIFIERS:
        raise ModifierUnsupported(said.at, said.name)
    return MODIFIERS[name]


def _term_kind(said: Said) -> TermKind:
    try:
        return TermKind(said.value)
    except ValueError as unknown:
        raise ModifierUnsupported(said.at, f"{said.name}={said.value}") from unknown


def _attribute(said: Said, name: str, whose: str) -> Attribute | int:
    """Return the attribute that a modifier of an attribute set says, or the type it takes away."""
    kind = TYPES.get(name.lower(), 0)
    if is_number(name) and len(name) <= LONGEST_NUMBER:
        kind = int(name)
    long = is_number(said.value) and len(said.value) > LONGEST_NUMBER
    if not kind or said.comparison != "=" or long:
        raise ModifierUnsupported(said.at, said.name)
    if not said.value:
        return kind
    return Attribute(kind, value_of(said.value), whose, said.at)


def _clash(name: str, attributes: dict[int, Attribute], said: tuple[Said, ...]) -> None:
    """Refuse ``</relevant``: a relation attribute beside one, which only == may lose."""
    both = AttributeType.RELATION in attributes and name not in _EXACT
    if both and any(each.type == AttributeType.RELATION for each in RELATIONS[name]):
        raise ModifiersClash(said[0].at, said[0].name)


def _is_result_set(token: Token, scope: Scope) -> bool:
    prefix, dot, name = token.name.lower().partition(".")
    return bool(dot) and name == _RESULT_SET and scope.uri(prefix, token.at) == URIS["cql"]


def _result_set(relation: Relation, term: Token) -> ResultSet:
    if relation.name not in {"=", "==", "exact"}:
        raise RelationForIndexUnsupported(relation.at, relation.name)
    return ResultSet("".join(letter for letter, _ in masking.marked(term.text, term.at)), term.at)


def term_of(index: tuple[Attribute, ...], relation: Relation, raw: str) -> Term:
    """Return what a clause is read as whose relation takes the term as a whole."""
    said = _Clause(index, relation, -1)
    return _term(said, _marked(said, raw), relation.name)


def _marked(said: _Clause, raw: str) -> masking.Marked:
    if not said.relation.literal:
        return masking.marked(raw, said.at)
    # What masks nothing needs no backslash but before a quote.
    return tuple((letter, False) for letter in raw.replace('\\"', '"'))


def _node(said: _Clause, raw: str) -> Node:
    return _WAYS.get(said.relation.name, _whole)(said, _marked(said, raw))


def _whole(said: _Clause, term: masking.Marked) -> Node:
    return _term(said, term, said.relation.name)


def _each_word(said: _Clause, term: masking.Marked) -> Node:
    """Return the words of a term joined: any by or, all by and, as the cql context set says."""
    found = masking.words(term)
    if not found:
        raise EmptyTerm(said.at)
    if len(found) > MAX_DEPTH:
        raise TooDeep(said.at, most=MAX_DEPTH)
    operator = Operator.OR if said.relation.name == "any" else Operator.AND
    nodes: list[Node] = [_term(said, word, "=") for word in found]
    return reduce(lambda left, right: Joined(operator, left, right), nodes)


def _within(said: _Clause, term: masking.Marked) -> Node:
    found = masking.words(term)
    if len(found) != len(("first", "last")) or any(mark for word in found for _, mark in word):
        raise RangeMalformed(said.at, "".join(letter for letter, _ in term))
    first, last = found
    return Joined(Operator.AND, _term(said, first, ">="), _term(said, last, "<="))


_WAYS: dict[str, Callable[[_Clause, masking.Marked], Node]] = {
    "any": _each_word,
    "all": _each_word,
    "within": _within,
}


def _term(said: _Clause, term: masking.Marked, relation: str) -> Term:
    found = masking.pattern(term, said.at)
    if relation in _EXACT and (found.first or found.last):
        raise AnchorMisplaced(said.at, "^")
    attributes = {each.type: each for each in said.index}
    several = len(masking.words(term)) > 1
    attributes |= {each.type: each for each in _meant(relation, found, several=several)}
    attributes |= {each.type: each for each in said.relation.attributes}
    kept = {kind: each for kind, each in attributes.items() if kind not in said.relation.without}
    return Term(found.text, ordered(kept), said.relation.kind, said.relation.modifiers, at=said.at)


def _meant(relation: str, found: masking.Pattern, *, several: bool) -> list[Attribute]:
    meant = [Attribute(AttributeType.STRUCTURE, _PHRASE)] if several else []
    meant += RELATIONS[relation]
    if found.truncation is not None:
        meant.append(Attribute(AttributeType.TRUNCATION, found.truncation))
    if found.first or found.last:
        place = _FIRST if found.first else _LAST
        meant.append(Attribute(AttributeType.POSITION, place))
    if found.first and found.last:
        meant.append(Attribute(AttributeType.COMPLETENESS, _COMPLETE))
    return meant
