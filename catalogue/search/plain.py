"""Words as people type them into one box: all of them have to be there.

Quotes keep words together, a ``*`` ends a word that may go on; nothing else means anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce

from catalogue.search.columns import code
from catalogue.search.tokens import folded
from protocols.cql.mapping import URIS
from protocols.rpn.tree import (
    Attribute,
    AttributeType,
    Joined,
    Modifier,
    Node,
    Operator,
    Query,
    Term,
)

_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')
_USE, _STRUCTURE, _TRUNCATION = (
    AttributeType.USE,
    AttributeType.STRUCTURE,
    AttributeType.TRUNCATION,
)
_ACCENTS = (Modifier(URIS["cql"], "accents", "=", "1"),)
"""Only what is written with just these marks (``leaves.MODIFIERS``)."""


def query(words: str, field: str = "any", *, marks: bool = False) -> Query | None:
    """Return the query for words, in a field by our own name for it; None if there are none.

    ``marks``: only what is written with the marks that the words have.
    """
    return joined(terms(words, field, marks=marks))


def joined(terms: Iterable[Node]) -> Query | None:
    """Return the query for all of these; None if there are none."""
    found = list(terms)
    if not found:
        return None
    return Query(reduce(lambda left, right: Joined(Operator.AND, left, right), found))


def pieces(words: str) -> list[str]:
    """Return what words are made of, as it was typed: words, and what stands in quotes."""
    return [each[0] for each in _PIECE.finditer(words)]


def terms(words: str, field: str = "any", *, marks: bool = False) -> Iterator[Term]:
    """Yield the terms of words in a field; what has no letter or digit is none."""
    for piece in _PIECE.finditer(words):
        phrase, word = piece.groups()
        text = phrase if word is None else word.rstrip("*")
        if not folded(text) and not code("number", text):
            continue
        attributes = [Attribute(_USE, field)]
        if word is None:
            attributes.append(Attribute(_STRUCTURE, 1))
        elif word.endswith("*"):
            attributes.append(Attribute(_TRUNCATION, 1))
        yield Term(text, tuple(attributes), modifiers=_ACCENTS if marks else ())
