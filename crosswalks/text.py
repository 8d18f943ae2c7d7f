"""Vietnamese text: one normal form for the store, two keys for finding and for telling apart.

``fold`` only finds candidates (marks gone, so ma = má = mã); ``word_key`` decides identity (marks
kept, but where a tone is written and the lone i/y make no difference). Both run on every record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from crosswalks import tables

_PLAIN = {row[0]: row[1] for row in tables.rows("fold.tsv")}
_LOOK_ALIKES = str.maketrans({row[0]: row[1] for row in tables.rows("look-alikes.tsv")})
_TONES = {"\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0301": "S", "\u0323": "J"}
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f+#]+[^\W_]*)*")
_LONE_Y = re.compile(r"^([bcdđghklmnpqrstvx]+|qu)y$")
_LONE_YS = re.compile(r"(?<![^ ])([bcdghklmnpqrstvx]+|qu)y(?![^ ])")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_REMEMBERED, _LONGEST = 1 << 16, 40
"""How many words are remembered, and of how many characters: what is longer comes but once."""


def nfc(text: str) -> str:
    """Return the text in Unicode normal form C, the form of everything stored and given out."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_storable(text: str) -> bool:
    """Tell whether every database and UTF-8 can hold the text: no NUL, no lone surrogate."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storable(text: str) -> str:
    """Return the text with U+FFFD in place of each character that could not be stored."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


def fold(text: str) -> str:
    """Return lower-case words of letters and digits, without marks, one space between them.

    Letters of other scripts stay; folding a folded text changes nothing.
    """
    if text.isascii():
        return _fold_ascii(text)
    return _fold_words(text)


def by_words(function: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that makes of a text what this one makes of each of its words.

    For what makes nothing of a word that depends on the words beside it: most came before.
    """
    known = lru_cache(_REMEMBERED)(function)

    def joined(text: str) -> str:
        made = [known(word) if len(word) <= _LONGEST else function(word) for word in text.split()]
        return " ".join(filter(None, made))

    return joined


@by_words
def _fold_words(word: str) -> str:
    return nfc(" ".join(word.translate(_FOLDING).split()))


def word_key(text: str) -> str:
    """Return the words of a text with each tone as a letter at the end of its syllable.

    ``hòa`` and ``hoà`` give ``hoaF``, ``lý`` and ``lí`` give ``liS``; ``ma`` and ``má`` differ.
    """
    if text.isascii() and "+" not in text and "#" not in text:
        # The words are those of ``fold``, and without marks only y may change.
        plain = _fold_ascii(text)
        return _LONE_YS.sub(r"\1i", plain) if "y" in plain else plain
    return _key_words(text)


@by_words
def _key_words(word: str) -> str:
    visible = word if word.isprintable() else word.translate(_INVISIBLE)
    words = _WORD.findall(nfc(nfc(visible).casefold()).translate(_LOOK_ALIKES))
    return " ".join([_syllable(word) for word in words])


@lru_cache(maxsize=1 << 16)
def _syllable(word: str) -> str:
    if word.isascii():
        return _lone_i(word)
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(_TONES[letter] for letter in letters if letter in _TONES)
    base = "".join(letter for letter in letters if letter not in _TONES)
    return _lone_i(unicodedata.normalize("NFC", base)) + tones


def _lone_i(base: str) -> str:
    """Return an open syllable's lone y as i: after any other vowel the two are different sounds."""
    return _LONE_Y.sub(r"\1i", base)


def _fold_letter(letter: str) -> str:
    """Return what one character becomes: letters without marks, a space, or nothing."""
    spread = unicodedata.normalize("NFKD", letter).casefold()
    folded = "".join(_fold_part(part) for part in spread)
    return folded if folded in (letter, " ", "") else "".join(map(_FOLDING.of, folded))


def _fold_part(part: str) -> str:
    if part in _PLAIN:
        return _PLAIN[part]
    if part.isalnum():
        return part
    category = unicodedata.category(part)
    if category[0] == "M":
        # Vowel signs of Indic and Thai script (class 0) belong to the word; accents do not.
        keep = category != "Me" and not unicodedata.combining(part) and not _is_selector(part)
        return part if keep else ""
    return "" if category == "Cf" else " "


def _is_selector(part: str) -> bool:
    return part == "\u034f" or "\ufe00" <= part <= "\ufe0f" or "\U000e0100" <= part <= "\U000e01ef"


class _Folding(dict[int, str]):
    """What str.translate needs: each character is worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_letter(chr(code))
        return folded

    def of(self, letter: str) -> str:
        return self[ord(letter)]


class _Invisible(dict[int, int | None]):
    """Drops format characters (byte order mark, soft hyphen, joiners), keeps all others."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = None if unicodedata.category(chr(code)) == "Cf" else code
        return kept


_FOLDING = _Folding()
_INVISIBLE = _Invisible()
_ASCII = bytes(ord(_FOLDING[code]) for code in range(128)) + bytes(range(128, 256))
"""The same for bytes: a table of bytes is much quicker than one of characters."""


def _fold_ascii(text: str) -> str:
    return b" ".join(text.encode("ascii").translate(_ASCII).split()).decode("ascii")
