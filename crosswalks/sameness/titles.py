"""Titles as compared: words with short forms written out, and the volume apart.

Every word counts, for one word makes a teacher's book, a sequel or another law of it. Only what is
known to be said in two ways is brought to one: ``lớp 10``, ``Mác - Lê-nin``, ``Nghị định số``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crosswalks.checks.syllables import is_syllable
from crosswalks.text import nfc, word_key
from crosswalks.values import numerals, volumes
from crosswalks.values.abbreviations import in_full
from crosswalks.values.volumes import Numbering
from crosswalks.values.words import alternation, bare, listed, phrases, rewritings

_RESPONSIBILITY = re.compile(r"\s+/(?:\s+|$)")
_PARALLEL = re.compile(r"\s+=\s+")
_BRACKETS = re.compile(r"\s*\[([^\[\]]*)\]")
_SERIES_SHORT = re.compile(r"(?<=\d)\s*[-–—:(\[]\s*(?:bộ\s+)?(CD)\s*[)\]]?\s*$")
_TABLE = "vn-title-words.tsv"
_TONES = "FRXSJ"
_FEWEST_UNMARKED = 4
"""Words that a title without marks needs to be taken for one with marks."""
_FEWEST_IMPOSSIBLE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title: its words as word_keys, the volume taken out of them, and what stands beside."""

    words: tuple[str, ...]
    numbers: tuple[Numbering, ...] = ()
    responsibility: str = ""
    parallel: tuple[str, ...] = ()


@lru_cache(maxsize=1 << 12)
def read(text: str) -> Title:
    """Return what a title (245, dc:title) says, in the form in which titles are compared."""
    text = _without_material(nfc(text))
    proper, *said = _RESPONSIBILITY.split(text, maxsplit=1)
    first, *others = _PARALLEL.split(proper, maxsplit=1)
    counted = volumes.read(_without_number_word(_SERIES_SHORT.sub(" cánh diều", first)))
    words = _words(counted.rest)
    parallel = _words(others[0]) if others else ()
    numbers = counted.numbers
    if not words:
        words, numbers = _words(first), ()
    return Title(
        words=words, numbers=numbers, responsibility=said[0] if said else "", parallel=parallel
    )


def same_words(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two rows of words are one, foreign words written apart or together."""
    return one == other or _is_joined(one, other)


def typed_without_marks(words: tuple[str, ...], marked: tuple[str, ...]) -> bool:
    """Tell whether words are the marked ones typed without marks, and cannot be anything else.

    Of enough words some must be impossible in Vietnamese as they stand (``nguyen``, ``xuat``).
    """
    impossible = sum(map(_needs_mark, words))
    return (
        len(words) >= _FEWEST_UNMARKED
        and impossible >= _FEWEST_IMPOSSIBLE
        and all(word.isascii() and word == word.lower() for word in words)
        and tuple(map(bare, words)) == tuple(map(bare, marked))
    )


def _needs_mark(word: str) -> bool:
    return word.isalpha() and (not is_syllable(word) or word.endswith(("p", "t", "c", "ch")))


def _without_material(text: str) -> str:
    """Return a title without its general material designation: ``[Tài liệu số]``."""
    known = phrases(_TABLE, "material")
    return _BRACKETS.sub(
        lambda found: "" if known.whole(tuple(word_key(found[1]).split())) else found[0], text
    )


def _without_number_word(text: str) -> str:
    """Return a law's title without ``số`` or zeros before its number: ``Nghị định số 08/2020``."""
    return _LAW_NUMBER.sub(r"\1 ", text)


_LAW_NUMBER = re.compile(
    rf"\b({alternation(listed(_TABLE, 'law'))})(?:\s+số)?\s*:?\s+0*(?=\d)", re.IGNORECASE
)


def _words(text: str) -> tuple[str, ...]:
    words = in_full(tuple(word_key(text.replace("&", " và ")).split()))
    return rewritings(_TABLE, "word").replace(_series(_counted(words)))


def _counted(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return numbers as digits behind words that count: ``lớp mười`` is ``10`` for short."""
    counting = phrases(_TABLE, "counting")
    written: list[str] = []
    start = 0
    while start < len(words):
        found = counting.at(words, start)
        length = found[0] if found else 1
        number = _number(words, start + length) if found else None
        if not (found and number and found[1] == "grade"):
            written += words[start : start + length]
        if number:
            written.append(number[1])
            length += number[0]
        start += length
    return tuple(written)


def _number(words: tuple[str, ...], start: int) -> tuple[int, str] | None:
    for length in range(min(3, len(words) - start), 0, -1):
        value = numerals.of_key(" ".join(words[start : start + length]))
        if value.isdecimal():
            return length, value
    return None


def _series(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a school book's title without ``bộ sách`` before the name of its series."""
    known = rewritings(_TABLE, "series")
    written: list[str] = []
    start = 0
    while start < len(words):
        found = known.at(words, start)
        if found:
            while written and (written[-1] in _SET_WORDS):
                written.pop()
            written += found[1].split()
        else:
            written.append(words[start])
        start += found[0] if found else 1
    return tuple(written)


_SET_WORDS = frozenset(word_key("bộ sách").split())


def _is_joined(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether words differ only in where a word that is no syllable is parted.

    ``Lênin``, ``Lê-nin``: pieces of one side have to be one word of the other, and that word no
    syllable of Vietnamese, for ``ban hành`` must never be ``banh anh``.
    """
    left = right = 0
    while left < len(one) and right < len(other):
        if one[left] == other[right]:
            left, right = left + 1, right + 1
        elif pieces := _pieces(one[left], other[right:]):
            left, right = left + 1, right + pieces
        elif pieces := _pieces(other[right], one[left:]):
            left, right = left + pieces, right + 1
        else:
            return False
    return (left, right) == (len(one), len(other))


def _pieces(word: str, parts: tuple[str, ...]) -> int:
    """Return how many parts together are this word, or 0."""
    letters, tones = _spread(word)
    if not letters.isalpha() or is_syllable(letters):
        return 0
    made = marks = ""
    for count, part in enumerate(parts, 1):
        more, tone = _spread(part)
        made, marks = made + more, marks + tone
        if made == letters:
            return count if marks == tones else 0
        if not letters.startswith(made):
            return 0
    return 0


def _spread(word: str) -> tuple[str, str]:
    letters = word.rstrip(_TONES)
    return letters, word[len(letters) :]
