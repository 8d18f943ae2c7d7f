"""VIQR (RFC 1456): marks as ASCII punctuation after the vowel, ``Vie^.t Nam`` for ``Việt Nam``.

The same signs are punctuation too. A tone is read only where the word becomes Vietnamese; a dot
that may end a sentence only after the words that have one often.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crosswalks import tables
from crosswalks.encodings import codecs
from crosswalks.encodings.model import Encoding
from crosswalks.encodings.syllables import is_legal
from crosswalks.text import fold

_MEANT = codecs.letters(Encoding.VIQR) | {"dD": "đ", "Dd": "Đ"}
_LETTER = re.compile("|".join(sorted(map(re.escape, _MEANT), key=len, reverse=True)))
_LETTERS = re.compile("[A-Za-z]")
_NEXT = re.compile(r"\.(?=[A-Z])")
_ENDS = "`'?~."
_VOWEL = re.compile("[AEIOUY]")
_TOKEN = re.compile(r"\\[\\^(+`'?~.dD]|[A-Za-z][A-Za-z^(+`'?~.]*")
_STRONG = re.compile(r"[AEOaeo]\^|[Aa]\(|[OUou]\+|[AEIOUYaeiouy][`~]|^[Dd][Dd][AEIOUYaeiouy]")
"""What plain text in other languages hardly ever has in a word."""
_AFTER_STOP = re.compile(r"\s*$|\s+[A-Z0-9\"'(\[-]")
_AFTER_DASH = re.compile(r"\s+[-–]")
"""ISBD's full stop between areas."""
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SLIDING = re.compile("(?:[^aeiouy]|^|o(?=[ae]$)|u(?=[eoy]$)|qu|gi)[aeiouy]$")
_TONE_AND_STOP = 2
_DOTTED = frozenset(row[0] for row in tables.rows("vn-dotted.tsv"))


def decode(text: str) -> str:
    """Return text with its mnemonics as letters; what would be no Vietnamese word stays."""
    return _TOKEN.sub(_meant, text)


def evidence(text: str) -> list[tuple[str, bool]]:
    """Return the words that are hardly anything but VIQR, and whether each is then Vietnamese."""
    if "://" in text:
        return []
    tokens = [token.rstrip(".?'") for token in _TOKEN.findall(text) if _STRONG.search(token)]
    return [(token, _whole(token) is not None) for token in tokens if token]


def _meant(found: re.Match[str]) -> str:
    token = found[0]
    if token[0] == "\\":
        return token[1]
    word = token.rstrip(".")
    dots = len(token) - len(word)
    if dots == _TONE_AND_STOP and _has_tone(word):
        return _word(f"{word}.") + "."
    if dots and _is_stop(word, dots, found):
        return _word(word) + "." * dots
    return _word(token)


def _is_stop(word: str, dots: int, found: re.Match[str]) -> bool:
    """Tell whether what ends a word is a full stop, not the heavy tone."""
    if dots > 1 or (len(word) == 1 and word.isupper()):
        return True
    if not _has_tone(word):
        return True
    if _AFTER_DASH.match(found.string, found.end()):
        return True
    may_end = _AFTER_STOP.match(found.string, found.end()) is not None
    return may_end and _word(f"{word}.").lower() not in _DOTTED


def _has_tone(word: str) -> bool:
    """Tell whether a dot after a word can be its tone."""
    return not (_whole(f"{word}.") or ".").endswith(".")


def _word(token: str) -> str:
    whole = _whole(token)
    if whole is not None:
        return whole
    sentences = _NEXT.split(token)
    if len(sentences) > 1:
        return ".".join(map(_word, sentences))
    if token.isupper() and _VOWEL.search(token) is None:
        return token.replace("DD", "Đ")
    if not _STRONG.search(token):
        return token
    # A foreign or mistyped word is no syllable, but the marks inside it are no punctuation.
    inner = token.rstrip(_ENDS)
    return _letters(inner) + token[len(inner) :]


@lru_cache(maxsize=1 << 14)
def _whole(token: str) -> str | None:
    """Return the longest beginning of a token that is a word, with what follows it, or None."""
    for end in range(len(token), 0, -1):
        word, rest = _letters(token[:end]), token[end:]
        if _is_word(word) and not _LETTERS.search(rest):
            return word + rest
    return None


def _is_word(word: str) -> bool:
    if word.isascii() or not word.isalpha() or not is_legal(word):
        return False
    # A tone on the last of two vowels is punctuation, but for those that slide into it.
    spread = unicodedata.normalize("NFD", word.lower())
    return spread[-1] not in _TONES or _SLIDING.search(fold(word)) is not None


def _letters(token: str) -> str:
    return _LETTER.sub(lambda found: _MEANT[found[0]], token)
