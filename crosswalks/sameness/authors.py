"""Persons compared by their words in direct order, bodies by their words written out."""

from __future__ import annotations

from functools import lru_cache

from crosswalks import names
from crosswalks.text import nfc, word_key
from crosswalks.values import persons
from crosswalks.values.abbreviations import in_full
from crosswalks.values.families import is_typed_without_marks
from crosswalks.values.persons import Person
from crosswalks.values.words import bare

_JOINING = frozenset((word_key("và"), "and", "&"))
_SCHOOL = tuple(word_key("trường đại học").split())
_FEWEST_UNMARKED = 3
"""Words that a name without marks needs to be taken for one with marks."""


def same(one: str, other: str) -> bool:
    """Tell whether two headings or statements of responsibility name the same."""
    if _is_body(one) or _is_body(other):
        return _body(one) == _body(other)
    first, second = persons.read(one), persons.read(other)
    return len(first.persons) == len(second.persons) > 0 and all(
        map(_same_person, first.persons, second.persons)
    )


def _same_person(one: Person, other: Person) -> bool:
    return one.is_same(other) or _unmarked(one, other) or _unmarked(other, one)


def _unmarked(one: Person, other: Person) -> bool:
    """Tell whether one is the other typed without marks: its family name shows that it was."""
    return (
        len(one.words) >= _FEWEST_UNMARKED
        and is_typed_without_marks(one.words)
        and not other.words[0].isascii()
        and one.words == tuple(map(bare, other.words))
        and one.agrees(other)
    )


def _is_body(text: str) -> bool:
    return names.is_corporate(nfc(text)) or _words(text) != in_full(_words(text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word_key(text.replace("&", " và ")).split())


@lru_cache(maxsize=1 << 12)
def _body(text: str) -> tuple[str, ...]:
    """Return a body's words in full, without ``và``, and without ``Trường`` before ``Đại học``."""
    words = in_full(_words(text))
    if words[: len(_SCHOOL)] == _SCHOOL:
        words = words[1:]
    return tuple(word for word in words if word not in _JOINING)
