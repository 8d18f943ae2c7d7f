"""Text into the tokens that are indexed and looked up: one rule for both engines.

The engines are given tokens, never text, so that none of them decides what a word is. A script that
puts no spaces between words is indexed by its characters, and a word of it is a phrase of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crosswalks.text import fold, nfc, word_key

GAP = "\ue000"
"""Stands between two fields, so that no phrase runs from one into the next: of the private use
area, which no folded word holds.
"""
_CHARACTER = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
_PIECES = re.compile(f"[{_CHARACTER}]|[^{_CHARACTER}]+")
_IDEOGRAPHIC = re.compile(f"[{_CHARACTER}]")
_LONGEST = 100
"""Letters of a word that count: PostgreSQL's lexemes hold 2,046 bytes."""
_MARKS = str.maketrans("FRXSJ+#", "\u0300\u0309\u0303\u0301\u0323\uff0b\uff03")
"""The signs of ``word_key`` in letters that SQLite's tokenizer neither folds nor breaks at."""


@lru_cache(maxsize=1 << 13)
def folded(text: str) -> tuple[str, ...]:
    """Return the words of a text without marks."""
    return _split(fold(text))


@lru_cache(maxsize=1 << 13)
def marked(text: str) -> tuple[str, ...]:
    """Return the words of a text with their marks; where a tone stands makes no difference."""
    return _split(word_key(text).translate(_MARKS))


def has_marks(text: str) -> bool:
    """Tell whether a text has letters with marks, so that who wrote it may mean them."""
    if text.isascii():
        return False
    letters = nfc(text).casefold()
    return any(each.isalpha() and fold(each) != each for each in letters)


def _split(text: str) -> tuple[str, ...]:
    words = text.split()
    if not text.isascii() and _IDEOGRAPHIC.search(text):
        words = [piece for word in words for piece in _PIECES.findall(word)]
    if len(text) > _LONGEST:
        words = [word[:_LONGEST] for word in words]
    return tuple(words)
