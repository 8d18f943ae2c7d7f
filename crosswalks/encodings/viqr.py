"""VIQR (RFC 1456): marks as ASCII punctuation after the vowel, ``Vie^.t Nam`` for ``Việt Nam``.

The same signs are punctuation too. A tone is read only where the word becomes Vietnamese; a dot
that may be either is taken for what is likelier, by the word, what follows, and the source's habit.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache, partial

from crosswalks import tables
from crosswalks.encodings import codecs
from crosswalks.encodings.model import Encoding
from crosswalks.encodings.stops import USUAL, Stops, follows
from crosswalks.encodings.syllables import is_legal
from crosswalks.text import fold

_MEANT = codecs.letters(Encoding.VIQR) | {"dD": "đ", "Dd": "Đ"}
_LETTER = re.compile("|".join(sorted(map(re.escape, _MEANT), key=len, reverse=True)))
_LETTERS = re.compile("[A-Za-z]")
_NEXT = re.compile(r"\.(?=[A-Z])|(?<=\.\.)\.(?=[a-z])")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]\.*")
_ENDS = "'?."
_QUOTES = ("'", "`")
_OPENED = re.compile(r"(?:^|[\s(\[])['`]")
_VOWEL = re.compile("[AEIOUY]")
_BESIDE = re.compile("DD[B-DF-HJ-NP-TV-XZ]|[B-DF-HJ-NP-TV-XZ]+DD")
"""No word doubles its D there: this is the Đ of an abbreviation."""
_LEADING = re.compile(r"(?:[A-Za-z]\.)+(?=[A-Za-z]{2})")
_TOKEN = re.compile(r"\\[\\^(+`'?~.dD]|[A-Za-z][A-Za-z^(+`'?~.]*")
_STRONG = re.compile(r"[AEOaeo]\^|[Aa]\(|[OUou]\+|[AEIOUYaeiouy][`~]|^[Dd][Dd][AEIOUYaeiouy]")
"""What plain text in other languages hardly ever has in a word."""
_FOREIGN = re.compile(r"[A-Za-z](?:[aeo]\^|[ou]\+)[`'?~.]?[a-z]")
"""Marks inside a word that is none: a foreign name spelt as in Vietnam says nothing either way."""
_INNER = re.compile(
    r"(?<=[A-Za-z])[aeiouy]'(?!(?:s|re|ve|ll|m|d|am)\b)(?=[a-z])"
    r"|\b[AEUY]'(?!(?:re|ve|ll)\b)(?=[a-z]{2})"
    r"|[aeiouy]\?(?=[a-z])(?![a-z]+=)"
)
"""An accent in a foreign name (Che'rie), not what English leaves out of its words (you've)."""
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_DOT = "\u0323"
_SLIDING = re.compile("(?:[^aeiouy]|^|o(?=[ae]$)|u(?=[eoy]$)|qu|gi)[aeiouy]$")
_TONE_AND_STOP = 2
_AND_MORE = (4, 5)
"""The tone, and three or four dots."""
_BRACKET = re.compile(r"\((?=[A-Z][a-z])")
_LEANS = {word: int(lean) for word, lean in tables.rows("vn-dotted.tsv")}
_UNKNOWN = -4
_SURNAMES = frozenset(row[0].lower() for row in tables.rows("surnames.tsv"))
_NAMED = re.compile(r"[A-Z][A-Za-z^(+`'?~.]* $")
"""A name goes on: nobody's surname stands behind it, least of all at a sentence's end."""
_SHAPES = ("^", "(", "+")


def decode(text: str, stops: tuple[float, ...] = USUAL) -> str:
    """Return text with its mnemonics as letters; what would be no Vietnamese word stays.

    ``stops`` is what was seen of the source's full stops (``Stops.against``).
    """
    return _TOKEN.sub(partial(_meant, stops, _OPENED.search(text) is None), text)


def evidence(text: str) -> list[tuple[str, bool]]:
    """Return the words that are hardly anything but VIQR, and whether each is then Vietnamese."""
    if "://" in text:
        return []
    tokens = [token.rstrip(".?'") for token in _TOKEN.findall(text) if _STRONG.search(token)]
    read = [(token, _whole(token) is not None) for token in tokens if token]
    return [(token, is_good) for token, is_good in read if is_good or not _FOREIGN.search(token)]


def count_stops(text: str, stops: Stops) -> None:
    """Take in where a text ends its sentences, by words that a dot cannot belong to."""
    stops.escaped += text.count("\\.")
    for found in _TOKEN.finditer(text):
        word = found[0].rstrip(".")
        if word and _STRONG.search(word) and _is_whole(word) and not _has_tone(word):
            is_stopped = len(found[0]) == len(word) + 1
            stops.add(follows(text, *found.span()), is_stopped=is_stopped)


def _meant(stops: tuple[float, ...], is_unquoted: bool, found: re.Match[str]) -> str:  # noqa: FBT001 - partial
    token = found[0]
    if token[0] == "\\":
        return token[1]
    if _INITIALS.fullmatch(token):
        return token
    word = token.rstrip(".")
    dots = len(token) - len(word)
    if _has_tone(word) and (dots == _TONE_AND_STOP or (dots in _AND_MORE and _lean(word) > 0)):
        return _word(f"{word}.") + "." * (dots - 1)
    if dots and _is_stop(word, dots, found, stops):
        return _word(word) + "." * dots
    if is_unquoted and token.endswith(_QUOTES):
        return _mistyped(token) or _word(token)
    return _word(token)


def _is_stop(word: str, dots: int, found: re.Match[str], stops: tuple[float, ...]) -> bool:
    """Tell whether what ends a word is a full stop, not the heavy tone."""
    if dots > 1 or (len(word) == 1 and word.isupper()) or not _has_tone(word):
        return True
    if word.isalpha() and found.string[found.end() : found.end() + 1].isdigit():
        return True
    if _letters(word).lower() in _SURNAMES and _NAMED.search(found.string, 0, found.start()):
        return False
    return _lean(word) + stops[follows(found.string, *found.span())] < 0


def _lean(word: str) -> int:
    """Return how much commoner a word is with the heavy tone than without, as a power of two."""
    dotted = _word(f"{word}.")
    return _LEANS.get(dotted, _LEANS.get(dotted.lower(), _UNKNOWN))


def _mistyped(token: str) -> str | None:
    """Return a word whose tone was typed after the wrong vowel, if that makes a word."""
    word = unicodedata.normalize("NFC", _letters(token))
    is_marked = token[-2:-1] in _SHAPES
    return word if word.isalpha() and (is_marked or is_legal(word)) else None


def _has_tone(word: str) -> bool:
    """Tell whether a dot after a word can be its tone."""
    return not (_whole(f"{word}.") or ".").endswith(".")


def _is_whole(word: str) -> bool:
    whole = _whole(word)
    return whole is not None and whole.isalpha()


def _word(token: str) -> str:
    whole = _whole(token)
    if whole is not None:
        return whole
    for sign, pattern in ((".", _NEXT), ("(", _BRACKET)):
        parts = pattern.split(token)
        if len(parts) > 1:
            return sign.join(map(_word, parts))
    is_mark = token.isupper() or token.startswith("DD")
    if is_mark and (_BESIDE.match(token) or _VOWEL.search(token.upper()) is None):
        return token.replace("DD", "Đ")
    if not _STRONG.search(token):
        return _INNER.sub(lambda found: _letters(found[0]), token)
    # A foreign or mistyped word is no syllable, but the marks inside it are no punctuation.
    inner = token.rstrip(_ENDS)
    found = _LEADING.match(inner)
    initials = found[0] if found else ""
    return initials + _letters(inner[len(initials) :]) + token[len(inner) :]


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
    if len(word) == 1 and word.isupper() and spread[-1] == _DOT:
        return False
    return spread[-1] not in _TONES or _SLIDING.search(fold(word)) is not None


def _letters(token: str) -> str:
    return _LETTER.sub(lambda found: _MEANT[found[0]], token)
