"""The two forms in which matching compares text, and tables in those forms.

``word_key`` (marks kept) tells words apart; ``bare`` of it (no marks, lone y still i) finds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import TypeVar

from catalogue.match import tables
from crosswalks.text import by_words, fold, word_key

T = TypeVar("T")

_TONES = str.maketrans("", "", "FRXSJ")
_REMEMBERED, _LONGEST = 1 << 12, 200


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """Return the same function with what it last made of some thousand short texts remembered.

    Names come again and again. Long texts do not, and a source full of them would fill the memory.
    """
    known = lru_cache(_REMEMBERED)(function)

    @wraps(function)
    def remembering(text: str) -> T:
        return known(text) if len(text) <= _LONGEST else function(text)

    return remembering


def bare(key: str) -> str:
    """Return a word_key without tones and marks."""
    # Without marks all of it takes no longer than to look up two words.
    return _bare(key) if key.isascii() else _bare_words(key)


def _bare(key: str) -> str:
    return fold(key if key.islower() else key.translate(_TONES))


_bare_words = by_words(_bare)


def bare_words(text: str) -> str:
    """Return the bare form of text as it stands in a record."""
    if not text:
        return ""
    key = word_key(text)
    # Without marks and the signs that words may end in (``c++``) a word_key is folded already.
    return key if text.isascii() and "+" not in text and "#" not in text else bare(key)


def has_marks(key: str) -> bool:
    """Return whether a word_key has any tone, mark or letter outside ASCII."""
    return not key.isascii() or key != key.lower()


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of one of matching's tables."""
    return tables.rows(f"{name}.tsv")


def bare_map(name: str) -> dict[str, str]:
    """Return a table as bare first column -> second column."""
    return {bare_words(row[0]): row[1] for row in rows(name)}


def bare_set(name: str) -> frozenset[str]:
    """Return the first column of a table in bare form."""
    return frozenset(bare_words(row[0]) for row in rows(name))


def alternation(phrases: Iterable[str]) -> str:
    """Return a pattern for any of these phrases, the longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda p: (-len(p), p)))


def phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds whole phrases in bare text."""
    return re.compile(rf"(?<![^ ])(?:{alternation(phrases)})(?![^ ])")
