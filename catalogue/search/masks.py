"""Words with masks in them: looked for among all words that were ever indexed."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import Connection, select

from catalogue.search.expression import (
    AllOf,
    AnyOf,
    Except,
    Expression,
    Masked,
    Words,
    all_of,
    any_of,
    fold,
    postorder,
    without,
)
from catalogue.sql import table
from catalogue.tables import WordRow
from protocols.errors import TooManyWords

MOST = 1_000
"""Words that one with masks may stand for."""
_word = table(WordRow).c.word
_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\", "*": "%", "?": "_"})


def without_masks(connection: Connection, wanted: Expression) -> Expression:
    """Return what is looked for with each word with masks replaced by the words that fit.

    Raises TooManyWords.
    """
    if not any(isinstance(node, Masked) for node in postorder(wanted)):
        return wanted

    @cache
    def fitting(mask: Masked) -> Expression:
        words = _fitting(connection, mask)
        return any_of(Words(columns=mask.columns, words=(word,)) for word in words)

    def make(node: Expression, parts: list[Expression]) -> Expression:
        if isinstance(node, AllOf):
            return all_of(parts)
        if isinstance(node, AnyOf):
            return any_of(parts)
        if isinstance(node, Except):
            return without(*parts)
        return fitting(node) if isinstance(node, Masked) else node

    return fold(wanted, make)


def _fitting(connection: Connection, mask: Masked) -> list[str]:
    start = re.match(r"[^*?]*", mask.pattern)
    assert start is not None
    query = select(_word).where(_word.like(mask.pattern.translate(_ESCAPED), escape="\\"))
    if start[0]:
        # LIKE takes no index, on SQLite because it folds case.
        query = query.where(_word >= start[0], _word < f"{start[0]}\U0010ffff")
    words = list(connection.execute(query.order_by(_word).limit(MOST + 1)).scalars())
    if len(words) > MOST:
        raise TooManyWords(mask.at, mask.pattern, most=MOST)
    return words
