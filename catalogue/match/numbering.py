"""Volume and edition numbers, out of whatever words a cataloguer put around them."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalogue.match.words import alternation, bare_map, bare_words, phrase_pattern, rows
from crosswalks.text import fold

_NUMERALS = bare_map("numerals")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_WORDS = rows("volume_words")
_NOT_AFTER = {row[0]: frozenset(fold(row[2]).split()) for row in _WORDS}
_NOT_AFTER |= {fold(word): after for word, after in _NOT_AFTER.items()}


def _spellings(kind: str) -> str:
    words = [row[0] for row in _WORDS if row[1] == kind]
    return alternation({*words, *map(fold, words)})


_NUMBER = r"(?P<number>\d{1,4}|[ivx]{1,7}|[^\W\d_]{2,6})"
_VOLUME = re.compile(
    rf"(?<!\w)(?:(?P<word>{_spellings('word')})\.?\s*(?:thứ\s+|thu\s+)?"
    rf"|(?:(?<=^)|(?<=[\s(\[,.;:]))(?:{_spellings('abbreviation')})\.\s*){_NUMBER}(?!\w)"
)
_LAST_WORD = re.compile(r"(\w+)\s*$")
_PLAIN = re.compile(r"\d+|[^\W\d_]+")


class Volume(NamedTuple):
    """A text without its volume numbers, and these joined by full stops (empty if none)."""

    rest: str
    number: str


def split_volume(text: str) -> Volume:
    """Take the volume or part numbers out of a title: ``Toán 5. T.2`` -> ``Toán 5. ``, ``2``."""
    if not text:
        return Volume("", "")
    lowered = text.lower()
    found = [match for match in _VOLUME.finditer(lowered) if _is_volume(lowered, match)]
    if not found or len(lowered) != len(text):
        return Volume(text, "")
    rest, end = [], 0
    for match in found:
        rest.append(text[end : match.start()])
        end = match.end()
    numbers = [_value(match["number"]) for match in found]
    return Volume(" ".join([*rest, text[end:]]), ".".join(numbers))


def volume_number(text: str) -> str:
    """Return the number in a subfield that holds nothing but one (245 $n): ``Q. II`` -> ``2``."""
    number = split_volume(text).number
    if number:
        return number
    tokens = _PLAIN.findall(text.lower())
    return ".".join(value for value in map(_value, tokens) if value) or bare_words(text)


def _is_volume(text: str, match: re.Match[str]) -> bool:
    if not _value(match["number"]):
        return False
    before = _LAST_WORD.search(text, 0, match.start())
    return before is None or fold(before[1]) not in _NOT_AFTER.get(match["word"] or "", ())


def _value(token: str) -> str:
    """Return a number's value as text, or nothing for a word that is no number."""
    if token.isdecimal():
        return str(int(token))
    if all(letter in _ROMAN for letter in token):
        return _roman(token)
    return _NUMERALS.get(bare_words(token), "")


def _roman(token: str) -> str:
    values = [_ROMAN[letter] for letter in token]
    signed = [
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    ]
    return str(sum(signed)) if sum(signed) > 0 else ""


_EDITION_KINDS = bare_map("edition_words")
_EDITION_KIND = phrase_pattern(_EDITION_KINDS)
_EDITION = re.compile(r"\b(?:lan thu|lan|thu) (\w+)|\b(\d{1,3})(?=\D|$)|\b([a-z]{4,})\b")


def edition_number(text: str) -> str:
    """Return an edition statement as kind and number: ``r3`` (tái bản lần thứ ba), ``e2``, ``i2``.

    Empty for no number, and for a first edition or impression, which say nothing.
    """
    statement = bare_words(text)
    number = next(filter(None, map(_edition_value, _EDITION.finditer(statement))), "")
    kind = _EDITION_KIND.search(statement)
    code = _EDITION_KINDS[kind[0]] if kind else "e"
    return "" if not number or (number == "1" and code != "r") else f"{code}{number}"


def _edition_value(match: re.Match[str]) -> str:
    said, digits, word = match.groups()
    if digits:
        return str(int(digits))
    number = _value(said or word)
    return number if number.isdecimal() else ""
