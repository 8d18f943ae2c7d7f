"""The fields whose values are compared, each with what makes two of its values the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from crosswalks.sameness import authors, titles
from crosswalks.sameness.damage import readings
from crosswalks.text import nfc, word_key
from crosswalks.values import editions, extents, places, publishers, volumes, years

Judge = Callable[[str, str], bool]
Value = TypeVar("Value")
_LONGEST = 2000
"""Characters of a value that is taken apart; a longer one is prose, and compared by its words."""


def same(field: str, one: str, other: str) -> bool:
    """Tell whether two values of a field say the same; an empty value is like no other.

    Raises KeyError for a field that is not of FIELDS.
    """
    judge = _JUDGES[field]
    one, other = " ".join(nfc(one).split()), " ".join(nfc(other).split())
    first, second = word_key(one), word_key(other)
    if not first or not second:
        return False
    if one.casefold() == other.casefold():
        return True
    if max(len(one), len(other)) > _LONGEST:
        return first == second
    return (
        judge(one, other)
        or any(judge(reading, other) for reading in readings(one))
        or any(judge(one, reading) for reading in readings(other))
    )


def _title(one: str, other: str) -> bool:
    first, second = titles.read(one), titles.read(other)
    if first.numbers != second.numbers or not _agree_on_rest(first, second):
        return False
    return (
        titles.same_words(first.words, second.words)
        or titles.typed_without_marks(first.words, second.words)
        or titles.typed_without_marks(second.words, first.words)
    )


def _agree_on_rest(one: titles.Title, other: titles.Title) -> bool:
    """Tell whether parallel titles and statements of responsibility agree where both are told."""
    if one.parallel and other.parallel and one.parallel != other.parallel:
        return False
    said, heard = one.responsibility, other.responsibility
    return not word_key(said) or not word_key(heard) or authors.same(said, heard)


def _place(one: str, other: str) -> bool:
    first, second = places.read(one), places.read(other)
    return _all_same(first, second, lambda a, b: a.is_same(b))


def _publisher(one: str, other: str) -> bool:
    first, second = publishers.read(one), publishers.read(other)
    return _all_same(first, second, lambda a, b: a.is_same(b))


def _edition(one: str, other: str) -> bool:
    return editions.read(one) == editions.read(other)


def _volume(one: str, other: str) -> bool:
    first, second = volumes.alone(one), volumes.alone(other)
    if not first.numbers or not second.numbers:
        return word_key(one) == word_key(other)
    return word_key(first.rest) == word_key(second.rest) and _all_same(
        first.numbers, second.numbers, lambda a, b: a.is_same(b)
    )


def _extent(one: str, other: str) -> bool:
    return extents.read(one).is_same(extents.read(other))


def _date(one: str, other: str) -> bool:
    first, second = years.read(one), years.read(other)
    return first is not None and second is not None and first.is_same(second)


def _all_same(
    ones: tuple[Value, ...], others: tuple[Value, ...], judge: Callable[[Value, Value], bool]
) -> bool:
    """Tell whether there are as many on both sides, each the same as the one of its rank."""
    return len(ones) == len(others) > 0 and all(map(judge, ones, others))


_JUDGES: dict[str, Judge] = {
    "title": _title,
    "author": authors.same,
    "publisher": _publisher,
    "place": _place,
    "edition": _edition,
    "volume": _volume,
    "extent": _extent,
    "date": _date,
}

FIELDS = tuple(_JUDGES)
"""The names of the fields that same knows."""
