"""When two fields of different members say the same: the normal form of each kind of field."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from catalogue.match.identifiers import isbn13
from catalogue.match.names import entry_key, order_free
from catalogue.match.words import has_marks
from crosswalks.model import Field
from crosswalks.text import word_key

Sameness: TypeAlias = tuple[str, ...]

_NOT_NUMBER = re.compile(r"[\s\-\u2010-\u2015]+")
_YEARS = re.compile(r"\d{4}")
_CONTROL_CODES = frozenset("0123456789uw")
"""Subfields that hold links and codes, not words."""

# Names and subjects come again and again: with each copy of a book, and in other books.
_remembered = lru_cache(maxsize=1 << 12)


def _words(field: Field) -> str:
    said = [value for code, value in field.subfields if code not in _CONTROL_CODES]
    return word_key(" ".join(said))


def _isbn(field: Field) -> Sameness:
    number = isbn13(field.first("a"))
    return ("020", number) if number else ("020", "", *map(_squeezed, field.all("az")))


def _number(field: Field) -> Sameness:
    kind = field.indicators[:1] if field.tag in ("024", "028") else ""
    told = (part for part in field.subfields if part[0] != "6")
    return (field.tag, kind, *(f"{code}{_squeezed(value)}" for code, value in told))


def _squeezed(text: str) -> str:
    return _NOT_NUMBER.sub("", text).casefold()


@_remembered
def _subject(field: Field) -> Sameness:
    vocabulary = field.first("2").strip().casefold() if field.indicators[1:] == "7" else ""
    return (field.tag, field.indicators[1:], vocabulary, _words(field))


def _note(field: Field) -> Sameness:
    return (field.tag, _words(field))


def _link(field: Field) -> Sameness:
    addresses = [address.strip().rstrip("/") for address in field.all("u")]
    return ("856", *sorted(addresses)) if addresses else ("856", "", _words(field))


def _title(field: Field) -> Sameness:
    return ("title", field.tag[1:], _words(field))


@_remembered
def _name(field: Field) -> Sameness:
    """Return a bare name, order-free, with the work it stands for; ``same_name`` decides."""
    work = word_key(" ".join(field.all("tknpmors")) if field.first("t") else "")
    return ("name", field.tag[1:], order_free(entry_key(field)), work)


_FORMS: dict[str, Callable[[Field], Sameness]] = {
    "isbn": _isbn,
    "number": _number,
    "subject": _subject,
    "note": _note,
    "link": _link,
    "title": _title,
    "name": _name,
}


def sameness(kind: str, field: Field) -> Sameness:
    """Return the normal form of a field of a kind that is united."""
    return _FORMS[kind](field)


def same_name(a: Field, b: Field) -> bool:
    """Say whether two entries with the same bare name are one person or body.

    Marks tell people apart where both names have marks (Hoa, Hòa), years of life where both do.
    """
    ours, theirs = entry_key(a), entry_key(b)
    if ours != theirs and has_marks(ours) and has_marks(theirs):
        return False
    lived, also = (set(_YEARS.findall(field.first("d"))) for field in (a, b))
    return not lived or not also or not lived.isdisjoint(also)
