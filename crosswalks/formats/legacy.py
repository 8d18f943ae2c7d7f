"""Text in an 8-bit code page that nothing names: told only where one code page alone makes sense.

Read under a wrong code page, words mix scripts, or small letters with capitals. That is counted;
where no code page is clearly better than the others, nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = ("cp1251", "koi8-r", "cp866")
_LATIN = ("latin-1", "cp850")
# A subfield's code would be taken for the first letter of its text.
_CODES = re.compile(rb"\x1f.", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
_SURE, _FAR = 0.95, 0.8
_FEWEST = 8


def guess(data: bytes) -> str:
    """Return the name of the one code page in which the text is words, or an empty string."""
    if sum(data.count(bytes([code])) for code in range(0x80, 0x100)) < _FEWEST:
        return ""
    data = _CODES.sub(b" ", data)
    scores = sorted([(_sense(data, page), page) for page in (*_CYRILLIC, *_LATIN)], reverse=True)
    (best, page), (second, _) = scores[:2]
    return page if best >= _SURE and second <= _FAR else ""


def _sense(data: bytes, page: str) -> float:
    """Return which share of the characters beyond ASCII stands in words of one script and case."""
    good = total = 0
    for word in _WORD.findall(data.decode(page, "replace")):
        strange = len(word) - len(word.encode("ascii", "ignore"))
        total += strange
        good += strange if _is_word(word) else 0
    return good / total if total else 0.0


@lru_cache(maxsize=4096)
def _is_word(word: str) -> bool:
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in word}
    if len(scripts) > 1 or not (word.islower() or word.isupper() or word.istitle()):
        return False
    # Words of Latin script have letters without marks too, unless they are one letter.
    return (
        scripts != {"LATIN"}
        or len(word) == 1
        or 2 * len(word.encode("ascii", "ignore")) >= len(word)
    )
