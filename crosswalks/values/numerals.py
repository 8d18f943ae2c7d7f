"""Numbers as Vietnamese records write them: digits, Roman, words, ordinals of other languages."""

from __future__ import annotations

import re

from crosswalks import tables
from crosswalks.text import fold, word_key
from crosswalks.values.words import spellings

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_SHAPE = re.compile(r"c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_DIGITS = re.compile(r"(\d{1,4})(?:st|nd|rd|th|e|er|re|ème|eme)?")
_TEN, _HUNDRED = 10, 100


def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for value, cell in tables.rows("vn-numerals.tsv"):
        for spelling in spellings(cell):
            found[word_key(spelling)] = value
            found.setdefault(fold(spelling), value)
    return found


_WORDS = _words()
_TENS = (word_key("mươi"), "muoi")


def value(text: str) -> str:
    """Return what a number comes to, in digits, or ``upper``, ``middle``, ``lower``; else nothing.

    ``3``, ``III``, ``ba``, ``mười hai``, ``hai mươi mốt``, ``2nd`` and ``second`` are understood.
    """
    return of_key(word_key(text))


def of_key(key: str) -> str:
    """Return what value does, of a text that is a word_key already."""
    if found := _DIGITS.fullmatch(key):
        return str(int(found[1]))
    if key in _WORDS:
        return _WORDS[key]
    return _roman(key) or _compound(key.split())


def roman(text: str) -> int:
    """Return the value of a Roman number in either case, or 0."""
    return int(_roman(text.lower()) or 0)


def _roman(key: str) -> str:
    if not key or not _ROMAN_SHAPE.fullmatch(key):
        return ""
    values = [_ROMAN[letter] for letter in key]
    following = [*values[1:], 0]
    return str(sum(-v if v < after else v for v, after in zip(values, following, strict=True)))


def _compound(words: list[str]) -> str:
    """Return 11 to 99: ``mười ba``, ``hai mươi``, ``hai mươi mốt``."""
    if not 1 < len(words) <= 3:  # noqa: PLR2004 - tens, "mươi", units
        return ""
    parts = [_WORDS.get(word, "") for word in words]
    if words[1] in _TENS:
        parts = [parts[0], *parts[2:]]
        tens = int(parts[0]) * _TEN if parts[0].isdecimal() else 0
    else:
        tens = _TEN if parts[0] == str(_TEN) else 0
    units = parts[1:] or ["0"]
    if not tens or tens >= _HUNDRED or len(units) > 1 or not units[0].isdecimal():
        return ""
    return str(tens + int(units[0])) if int(units[0]) < _TEN else ""
