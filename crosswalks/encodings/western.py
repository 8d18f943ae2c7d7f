"""Could a word stand as it is in a language that Windows-1252 was made for?

If none has its letters side by side, it can only be another encoding's, though it is no Vietnamese
word either: a foreign name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crosswalks import tables

_WORD = re.compile(r"[^\W\d_¼½¾]+")
_LANGUAGES = tuple(frozenset(letters) for _, letters in tables.rows("western-letters.tsv"))
_ORDINAL = re.compile("[ªº]$")
_NOWHERE = re.compile(
    "(?i:[aeo]â|aê)"
    r"|(?i:ã[^eimosz\W]|[âêô]\w*õ(?!e)|õ(?!e)\w*[âêô])"
    r"|\bÐ[a-zà-ÿ]"
    r"|§(?:[.,]|[a-zß-ÿª]{2})|[a-z\xad]¬"
)
"""Pairs of vowels that none has; nasal vowels as no Portuguese word has them; ð, which begins
no word; signs that stand beside no letters."""


@lru_cache(maxsize=1 << 14)
def is_none(piece: str) -> bool:
    """Tell whether a piece of text between blanks holds a word of no such language."""
    return _NOWHERE.search(piece) is not None or any(map(_is_none, _WORD.findall(piece)))


def _is_none(word: str) -> bool:
    marked = {letter for letter in _ORDINAL.sub("", word).lower() if not letter.isascii()}
    return bool(marked) and not any(marked <= letters for letters in _LANGUAGES)
