"""Could a word stand as it is in a language that Windows-1252 was made for?

If none has its letters side by side, it can only be another encoding's, though it is no Vietnamese
word either: a foreign name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crosswalks import tables

_WORD = re.compile(r"[^\W\d_¼½¾]+")
_LANGUAGES = tuple(frozenset(letters) for _, letters in tables.rows("western-letters.tsv"))
_VIETNAMESE = frozenset(row[0] for row in tables.rows("vn-encodings.tsv"))
_TONED = re.compile("[\u0300\u0303\u0309]|[\u0301\u0323][\u0302\u0306\u031b]*+(?![cptCPT])")
"""A tone where the spelling of foreign names has none: only before c, p and t does it need one."""
_ORDINAL = re.compile("[ªº]$")
_NOWHERE = re.compile(
    r"(?i:oâ|[âêô]\w*(?:õ(?!e)|ã[^eimosuz\W])|(?:õ(?!e)|ã[^eimosuz\W])\w*[âêô])"
    r"|\bÐ[a-zà-ÿ]"
    r"|§(?:[.,]|[a-zß-ÿª]{2})|[a-z\xad]¬"
)
"""Two vowels that none has side by side; nasal vowels as no Portuguese word has them; ð, which
begins no word; signs that stand beside no letters."""


@lru_cache(maxsize=1 << 14)
def is_none(piece: str) -> bool:
    """Tell whether a piece of text between blanks holds a word of no such language."""
    return _NOWHERE.search(piece) is not None or any(map(_is_none, _WORD.findall(piece)))


def is_spelt(piece: str) -> bool:
    """Tell whether a piece of text may be a foreign name as Vietnamese spells it: Voevôđin."""
    letters = {sign for sign in piece if sign > "\x7f" and (sign < "\xa0" or sign.isalpha())}
    return letters <= _VIETNAMESE and not _TONED.search(unicodedata.normalize("NFD", piece))


def _is_none(word: str) -> bool:
    marked = {letter for letter in _ORDINAL.sub("", word).lower() if not letter.isascii()}
    return bool(marked) and not any(marked <= letters for letters in _LANGUAGES)
