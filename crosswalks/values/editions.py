"""Edition statements: ``Tái bản lần thứ ba, có sửa chữa`` is reprint 3, revised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crosswalks.text import word_key
from crosswalks.values import numerals
from crosswalks.values.words import phrases

_LONGEST_NUMBER = 3
_WORDS = "vn-edition-words.tsv"


class Kind(StrEnum):
    """What an edition statement's number counts."""

    EDITION = "edition"
    REPRINT = "reprint"
    """Tái bản: may be reset, may be revised, has the year of its own."""
    IMPRESSION = "impression"
    """In lần thứ: printed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition statement: what its number counts, how it was changed, and words left over."""

    kind: Kind
    number: int = 0
    """0 where no number is told."""
    changes: tuple[str, ...] = ()
    """Of ``revised``, ``enlarged``, ``abridged``, in alphabetical order."""
    rest: tuple[str, ...] = ()
    """What else is told, as word_keys: ``student``, a year."""


def read(text: str) -> Edition | None:
    """Return what an edition statement (250 $a) says, or None if it has no words."""
    words = tuple(word_key(text).split())
    if not words:
        return None
    kinds: list[str] = []
    changes: set[str] = set()
    number = 0
    rest: list[str] = []
    start = 0
    while start < len(words):
        if not number and (counted := _number(words, start, kinds=kinds)):
            length, number = counted
        elif found := phrases(_WORDS, "kind").at(words, start):
            length = found[0]
            kinds.append(found[1])
        elif found := phrases(_WORDS, "change").at(words, start):
            length = found[0]
            changes.add(found[1])
        elif found := phrases(_WORDS, "nothing").at(words, start):
            length = found[0]
        else:
            length = 1
            rest.append(words[start])
        start += length
    return Edition(
        kind=Kind(kinds[0]) if kinds else Kind.EDITION,
        number=number,
        changes=tuple(sorted(changes)),
        rest=tuple(rest),
    )


def _number(words: tuple[str, ...], start: int, *, kinds: list[str]) -> tuple[int, int] | None:
    """Return how many words are a number, ``lần thứ`` before it counted, and its value.

    A number word counts only behind ``lần``, ``thứ`` or at the beginning (``Second edition``).
    """
    found = phrases(_WORDS, "times").at(words, start)
    before = found[0] if found else 0
    for length in range(min(_LONGEST_NUMBER, len(words) - start - before), 0, -1):
        said = words[start + before : start + before + length]
        value = numerals.of_key(" ".join(said))
        plain = said[0][0].isdigit()
        if value.isdecimal() and (before or plain or (start == 0 and not kinds)):
            return before + length, int(value)
    return None
