"""Would these words be Vietnamese? What detection and repair judge every reading of a text by."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from crosswalks import tables
from crosswalks.checks.syllables import is_syllable

_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_GLUED = re.compile(r"[^\W\d_][^\w\s.,;:!?()\[\]{}<>/\"'’\\|=+*&%$#@~^–—-]+[^\W\d_]")
_FRACTIONS = re.compile(r"[^\W\d_][¼½¾]")
_MARK = re.compile("[A-ZĐ]+|[A-ZĐ]{2,}[a-z]{1,2}")
"""Letters of VISCII and TCVN3 where a fraction stands after none."""
_TONED_CONSONANT = re.compile("[ñÑńŃǹǸḿḾṕṔŕŔśŚẃẂḍḌḷḶṃṂṇṆṛṚṣṢṭṬ]")
_NAMES = frozenset(row[0] for row in tables.rows("vn-names.tsv"))


class Shape(IntEnum):
    """How well a piece of text stands as it is, from worst to best."""

    BROKEN = 0
    """Signs or capitals in the middle of a word: no language writes so."""
    FOREIGN = 1
    """It may be words of some other language."""
    PLAIN = 2
    """There are no marks to judge."""
    LEGAL = 3
    """Every word with marks is a Vietnamese syllable."""


@lru_cache(maxsize=1 << 15)
def shape(piece: str) -> Shape:
    """Return how a piece of text between blanks stands."""
    if _GLUED.search(piece) or _FRACTIONS.search(piece):
        return Shape.BROKEN
    words = [word for word in _WORD.findall(piece) if not word.isascii() and not _is_initials(word)]
    if not words:
        return Shape.PLAIN
    if all(map(is_legal, words)):
        return Shape.LEGAL
    return Shape.FOREIGN if all(map(_has_common_case, words)) else Shape.BROKEN


def is_legal(word: str) -> bool:
    """Tell whether a word is a Vietnamese syllable in a common case, or part of a known name."""
    if not _has_common_case(word) or _TONED_CONSONANT.search(word):
        return False
    return is_syllable(word) or word.lower() in _NAMES


def _is_initials(word: str) -> bool:
    """Tell whether a word is of plain letters and Đ as class marks and abbreviations are: ĐTr."""
    return _MARK.fullmatch(word) is not None


def _has_common_case(word: str) -> bool:
    return word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())
