"""The query tree to PQF."""

from __future__ import annotations

import re

from protocols.errors import BooleanModifierUnsupported, ModifierUnsupported, SortUnsupported
from protocols.rpn.sets import name_of
from protocols.rpn.tree import (
    BIB1,
    Attribute,
    Joined,
    Modifier,
    Node,
    Proximity,
    Query,
    ResultSet,
    Term,
    TermKind,
    preorder,
    terms,
)

_PLAIN = re.compile(r"[^@{\"\\\s\x00-\x1f][^\"\\\s\x00-\x1f]*")
_ESCAPED = re.compile(r"[\x00-\x1f\"\\]")


def write(query: Query) -> str:
    """Return a query in PQF, which ``read`` makes the same tree of.

    Raises a ModifierUnsupported or BooleanModifierUnsupported for what only CQL can say, and a
    SortUnsupported where the query has an order: Z39.50 asks for that by a request of its own.
    """
    if query.sort:
        raise SortUnsupported
    whose = query.attribute_set
    head = [] if whose == BIB1 else ["@attrset", name_of(whose)]
    # YAZ lets the kind of one term hold for all that follow: say all, or none.
    kinds = any(term.kind is not TermKind.GENERAL for term in terms(query.root))
    words = (_word(node, whose, kinds=kinds) for node in preorder(query.root))
    return " ".join([*head, *words])


def _word(node: Node, whose: str, *, kinds: bool) -> str:
    if isinstance(node, Joined):
        return _operator(node)
    if isinstance(node, ResultSet):
        return f"@set {quoted(node.name)}"
    return _term(node, whose, kinds=kinds)


def _operator(node: Joined) -> str:
    _refuse(BooleanModifierUnsupported, node.modifiers)
    said = "" if node.proximity is None else f" {_proximity(node.proximity)}"
    return f"@{node.operator}{said}"


def _refuse(
    error: type[ModifierUnsupported | BooleanModifierUnsupported], modifiers: tuple[Modifier, ...]
) -> None:
    for each in modifiers:
        raise error(addinfo=each.name)


def _proximity(said: Proximity) -> str:
    kind = "p" if said.private else "k"
    return f"{said.exclusion:d} {said.distance} {said.ordered:d} {said.relation} {kind} {said.unit}"


def _term(node: Term, whose: str, *, kinds: bool) -> str:
    _refuse(ModifierUnsupported, node.modifiers)
    # An attribute without a set is of the set of the one before it: name all of them, or none.
    named = any(each.set != whose for each in node.attributes)
    said = [_attribute(each, named=named) for each in node.attributes]
    kind = ["@term", node.kind] if kinds else []
    return " ".join([*said, *kind, quoted(node.text)])


def _attribute(each: Attribute, *, named: bool) -> str:
    equation = quoted(f"{each.type}={each.value}")
    return f"@attr {name_of(each.set)} {equation}" if named else f"@attr {equation}"


def quoted(text: str) -> str:
    """Return a word as it stands where it can, else in quotes."""
    return text if _PLAIN.fullmatch(text) else f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    letter = found[0]
    return f"\\{letter}" if letter in '"\\' else f"\\x{ord(letter):02x}"
