"""In which order the words of a name stood: told by family names, as far as they can tell it."""

from __future__ import annotations

from enum import StrEnum

from crosswalks import tables
from crosswalks.text import word_key
from crosswalks.values.words import bare


class Order(StrEnum):
    """How the words of a name stood."""

    DIRECT = "direct"
    FAMILY_FIRST = "family-first"
    """With a comma behind the family name, which Vietnamese order has first anyway."""
    INVERTED = "inverted"
    """The given name was put first (Vietnamese) or the family name (other languages)."""
    UNSURE = "unsure"
    """Both parts could be the family name."""


def order(first: tuple[str, ...], rest: tuple[str, ...]) -> Order:
    """Tell from the words (word_keys) on both sides of a comma what it separates.

    ``Nguyễn, Văn An`` and ``Nguyễn Văn, An`` begin with a family name. ``An, Nguyễn Văn`` has it
    behind the comma, and ends in a word that only stands in the middle of a name.
    """
    in_front = weight(first[0]) if first else 0
    behind = weight(rest[0]) if len(rest) > 1 else 0
    if len(first) == 1 and behind and (rest[-1] in _MIDDLE or not in_front):
        return Order.INVERTED
    if in_front and behind and len(first) == 1:
        return Order.UNSURE
    return Order.FAMILY_FIRST if in_front else Order.INVERTED


def weight(word: str) -> int:
    """Return how much a word looks like a family name: 3 a frequent one, 1 a rare one, 0 none."""
    return sum(word in names for names in _BY_FREQUENCY)


def is_typed_without_marks(words: tuple[str, ...]) -> bool:
    """Tell whether a name begins with a Vietnamese family name whose marks were left out."""
    return (
        all(word.isascii() and word.islower() for word in words)
        and weight(words[0]) > 0
        and words[0] not in _FAMILIES
    )


def _named(how: str) -> frozenset[str]:
    rows = tables.rows("vn-name-words.tsv")
    return frozenset(word_key(word) for word, kind in rows if kind == how)


def _with_plain(names: frozenset[str]) -> frozenset[str]:
    """Return names also as they are typed without marks, but not where that is another word."""
    return names | (frozenset(map(bare, names)) - _OTHER_WORDS)


_OTHER_WORDS = frozenset(("an", "la", "vi", "chu"))
_MIDDLE = _named("middle")
_COMMON = frozenset(word_key(name) for (name,) in tables.rows("surnames.tsv"))
_FAMILIES = _COMMON | _named("frequent") | _named("rare")
_BY_FREQUENCY = tuple(map(_with_plain, (_named("frequent"), _COMMON, _FAMILIES)))
