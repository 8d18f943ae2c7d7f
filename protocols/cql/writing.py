"""The query tree to CQL, so that ``read`` makes the same tree of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from protocols.cql import masking
from protocols.cql.clauses import BOOLEANS, SORTBY, TERM_TYPE, Relation, term_of
from protocols.cql.mapping import (
    COMPARISONS,
    INDEXES,
    MODIFIERS,
    NAMES,
    OF_OID,
    ORDER,
    RELATIONS,
    TYPES,
    UNITS,
    URIS,
    attribute_set,
    is_number,
    usual_prefix,
)
from protocols.errors import ProximityRelationUnsupported
from protocols.rpn.sets import name_of
from protocols.rpn.tree import (
    BIB1,
    Attribute,
    AttributeType,
    Joined,
    Modifier,
    Node,
    Proximity,
    Query,
    ResultSet,
    SortKey,
    Term,
    TermKind,
)

_BARE = re.compile(r'[^ \t\r\n\f\v()=<>"/\\]+')
_KEYWORDS = frozenset(BOOLEANS) | {SORTBY}
_QUOTED = re.compile(r'[\\"]')
_TYPE_NAMES = MappingProxyType({number: name for name, number in TYPES.items()})
_SIGNS = MappingProxyType(
    {found[0]: name for name, found in RELATIONS.items() if [e.type for e in found] == [2]}
)
_MODIFIERS = MappingProxyType(
    {
        found[0]: name
        for name, found in MODIFIERS.items()
        if found and found[0].type != AttributeType.TRUNCATION
    }
)
_LITERAL: Mapping[object, str] = MappingProxyType(
    {MODIFIERS[name][0].value: name for name in ("unmasked", "regexp")}
)
_DANGLING = re.compile(r'\\(?:"|$)')
"""A backslash that would take the closing quote, or one of the term, with it."""
_SERVER_CHOICE = "cql.serverChoice"
_EXACT = "=="
_FIRST, _LAST, _COMPLETE = 1, 4, 3


def write(query: Query) -> str:
    """Return a query in CQL, which ``read`` makes the same tree of.

    Raises ProximityRelationUnsupported for a proximity that no relation is known by.
    """
    writing = _Writing()
    body = "".join(writing.pieces(query.root))
    keys = "".join(f" {writing.key(each)}" for each in query.sort)
    return f"{writing.assignments()}{body}{f' {SORTBY}{keys}' if keys else ''}"


class _Writing:
    """One query on its way to text, with the prefixes that had to be given to context sets."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def assignments(self) -> str:
        return "".join(f'> {name} = "{_escaped(uri)}" ' for uri, name in self._given.items())

    def pieces(self, root: Node) -> Iterable[str]:
        waiting: list[Node | str] = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                yield node
            elif isinstance(node, Joined):
                right = (")", node.right, "(") if isinstance(node.right, Joined) else (node.right,)
                waiting += [*right, f" {self._operator(node)} ", node.left]
            else:
                yield self._result_set(node) if isinstance(node, ResultSet) else self._term(node)

    def _result_set(self, node: ResultSet) -> str:
        return f"cql.resultSetId = {_quoted(masking.escaped(node.name))}"

    def _operator(self, node: Joined) -> str:
        near = "" if node.proximity is None else _near(node.proximity)
        if "bib1." in near:
            self._prefix(URIS["bib1"])
        return f"{node.operator}{near}{self._modifiers(node.modifiers)}"

    def _term(self, term: Term) -> str:
        index, found = _index(term.attributes)
        relation = _relation(term)
        raw, read, how = _raw(term, found, relation)
        said = how + self._said(term.attributes, read.attributes)
        if term.kind is not TermKind.GENERAL:
            said += f"/{self._prefix(URIS['bib1'])}.{TERM_TYPE}={term.kind}"
        said += self._modifiers(term.modifiers)
        if (index, relation, said) == (_SERVER_CHOICE, "=", ""):
            return _quoted(raw)
        return f"{self._index_name(index)} {relation}{said} {_quoted(raw)}"

    def key(self, key: SortKey) -> str:
        index, found = _index(key.attributes)
        direction = "/sort.descending" if key.descending else ""
        said = self._said(key.attributes, found, named=False)
        return f"{self._index_name(index)}{direction}{said}{self._modifiers(key.modifiers)}"

    def _index_name(self, index: str | Attribute) -> str:
        if isinstance(index, str):
            return _named(index)
        return _named(f"{self._prefix(OF_OID + index.set)}.{index.value}")

    def _said(
        self, wanted: Iterable[Attribute], read: Iterable[Attribute], *, named: bool = True
    ) -> str:
        """Return as modifiers what attributes are besides those that are read without any.

        ``named``: by CQL's own names where it has some, as relations can.
        """
        asked, given = ({each.type: each for each in some} for some in (wanted, read))
        kinds = sorted(asked.keys() | given.keys())
        return "".join(
            self._attribute(kind, asked.get(kind), named=named)
            for kind in kinds
            if asked.get(kind) != given.get(kind)
        )

    def _attribute(self, kind: int, each: Attribute | None, *, named: bool) -> str:
        if named and each is not None and each in _MODIFIERS:
            return f"/{_MODIFIERS[each]}"
        prefix = self._prefix(OF_OID + (BIB1 if each is None else each.set))
        value = "" if each is None else str(each.value)
        return f"/{prefix}.{_TYPE_NAMES.get(kind, kind)}={_named(value)}"

    def _modifiers(self, modifiers: Iterable[Modifier]) -> str:
        return "".join(self._modifier(each) for each in modifiers)

    def _modifier(self, each: Modifier) -> str:
        own = each.context == URIS["cql"]
        name = _named(each.name if own else f"{self._prefix(each.context)}.{each.name}")
        return f"/{name}{each.comparison}{_named(each.value) if each.comparison else ''}"

    def _prefix(self, uri: str) -> str:
        """Return the prefix of a context set; one that others may not know is given beforehand."""
        usual = usual_prefix(uri)
        if usual and uri != URIS["bib1"]:
            return usual
        whose = attribute_set(uri)
        known = "" if whose is None else name_of(whose)
        own = known if known and known != whose else f"p{len(self._given)}"
        return self._given.setdefault(uri, usual or own)


def _index(attributes: tuple[Attribute, ...]) -> tuple[str | Attribute, tuple[Attribute, ...]]:
    """Return the index for attributes, or the use that has none, and what it is read as."""
    first = tuple(each for each in attributes if each.type <= AttributeType.RELATION)
    for some in (first, first[:1]):
        if some in NAMES:
            return NAMES[some], some
    use = next((each for each in first if each.type == AttributeType.USE), None)
    if use is None:
        return _SERVER_CHOICE, INDEXES["cql", "serverchoice"]
    return (str(use.value) if _is_own_name(use) else use), (use,)


def _is_own_name(use: Attribute) -> bool:
    """Return whether a name of the server's own is read as that without a prefix."""
    if use.set != BIB1 or not isinstance(use.value, str) or "." in use.value:
        return False
    taken = any((each, use.value.lower()) in INDEXES for each in ORDER)
    return not taken and not is_number(use.value)


def _relation(term: Term) -> str:
    has = set(term.attributes)
    exact = [e for e in RELATIONS[_EXACT] if e.type != AttributeType.TRUNCATION]
    if has.issuperset(exact):
        return _EXACT
    return next((_SIGNS[each] for each in term.attributes if each in _SIGNS), "=")


def _raw(term: Term, index: tuple[Attribute, ...], relation: str) -> tuple[str, Term, str]:
    """Return the term in CQL, what is read of it, and the modifier that it is read by.

    It is the first way that gives the same text.
    """
    how = _LITERAL.get(term.value(AttributeType.TRUNCATION))
    if how is not None and relation != _EXACT and not _DANGLING.search(term.text):
        raw = term.text.replace('"', '\\"')
        return raw, term_of(index, Relation(relation, MODIFIERS[how], literal=True), raw), f"/{how}"
    masked = masking.masked(term.text, term.value(AttributeType.TRUNCATION))
    raws = (_anchored(term, masked), masked) if relation != _EXACT else (masked,)
    for raw in raws:
        read = term_of(index, Relation(relation), raw)
        if read.text == term.text:
            return raw, read, ""
    plain = masking.escaped(term.text)
    return plain, term_of(index, Relation(relation), plain), ""


def _anchored(term: Term, masked: str) -> str:
    place = term.value(AttributeType.POSITION)
    whole = term.value(AttributeType.COMPLETENESS) == _COMPLETE
    last = place == _LAST or (place == _FIRST and whole)
    return f"{'^' if place == _FIRST else ''}{masked}{'^' if last else ''}"


def _near(near: Proximity) -> str:
    if not 1 <= near.relation <= len(COMPARISONS):
        raise ProximityRelationUnsupported(addinfo=near.relation)
    sign = COMPARISONS[near.relation - 1]
    said = [_unit(near), f"/distance{sign}{near.distance}"]
    said += ["/ordered"] if near.ordered else []
    said += ["/bib1.exclusion"] if near.exclusion else []
    return "".join(said)


def _unit(near: Proximity) -> str:
    if near.private:
        return f"/bib1.privateUnit={near.unit}"
    named = 1 <= near.unit <= len(UNITS)
    return f"/unit={UNITS[near.unit - 1]}" if named else f"/bib1.unit={near.unit}"


def _quoted(raw: str) -> str:
    """Return a term whose backslashes are written already, in quotes where it needs them."""
    bare = _BARE.fullmatch(raw) and raw.lower() not in _KEYWORDS
    return raw if bare else f'"{raw}"'


def _named(name: str) -> str:
    """Return a name or a value, in quotes where it needs them."""
    return _quoted(_escaped(name))


def _escaped(name: str) -> str:
    return _QUOTED.sub(r"\\\g<0>", name)
