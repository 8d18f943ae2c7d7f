"""The ways in which a name is written, as words of the search index.

Of persons both orders are given, family name first and last: ``Nguyễn, Du``, ``Nguyễn Du`` and
``Du Nguyễn`` lead to each other. Dates and what stands in brackets are left away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from catalogue.search.tokens import folded, marked
from crosswalks import tables
from crosswalks.authorities.model import Kind

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_DATES = re.compile(r"[\s(]*\S*\d.*")
_DIGIT = re.compile(r"\d")
_SURNAMES = frozenset(folded(name)[0] for (name,) in tables.rows("surnames.tsv"))
_MOST_WORDS = 5
"""Syllables of a Vietnamese name that is written without a comma."""
_LEAST = 2
LONGEST = 200
"""Letters of a key that count: an index entry of PostgreSQL holds no more than 2,700 bytes."""
COLUMNS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.PERSON: ("person", "named", "subject"),
        Kind.CORPORATE: ("corporate", "person", "named", "subject"),
        Kind.MEETING: ("meeting", "named", "subject"),
        Kind.TITLE: ("variant",),
        Kind.TOPIC: ("subject", "genre"),
        Kind.PLACE: ("region", "subject"),
        Kind.GENRE: ("genre", "subject"),
    }
)
"""Where in the index headings of a kind stand."""


class Form(NamedTuple):
    """A way in which a name is written: words without marks, and with them."""

    words: tuple[str, ...]
    exact: tuple[str, ...]

    @property
    def key(self) -> str:
        """The words by which it is found."""
        return " ".join(self.words)[:LONGEST]


def forms(text: str, kind: Kind) -> tuple[Form, ...]:
    """Return the ways in which a name of a kind is written, as it stands first."""
    found = (Form(folded(each), marked(each)) for each in _written(text, kind))
    return tuple(dict.fromkeys(each for each in found if each.words))


def _written(text: str, kind: Kind) -> Iterator[str]:
    bare = _BRACKETS.sub("", text).strip()
    if kind is Kind.PERSON:
        parts = _parts(bare)
        yield " ".join(parts[:2])
        yield from _turned(parts)
        return
    yield text
    if bare:
        yield bare


def _parts(name: str) -> list[str]:
    """Return family name and given name, or a name in one part; without its dates."""
    first, *rest = name.split(",")
    found = [_DATES.sub("", first), *(part for part in rest if not _DIGIT.search(part))]
    return [part.strip() for part in found if part.strip()]


def undated(text: str, kind: Kind) -> str:
    """Return a heading as people type it: of a person without dates."""
    return ", ".join(_parts(_BRACKETS.sub("", text))[:2]) if kind is Kind.PERSON else text


def _turned(parts: list[str]) -> Iterator[str]:
    """Yield a person's name in other orders: by its comma, else by a Vietnamese family name."""
    if len(parts) > 1:
        family, given = parts[:2]
        yield f"{given} {family}"
        words = f"{family} {given}".split()
    else:
        words = " ".join(parts).split()
    if _LEAST <= len(words) <= _MOST_WORDS and folded(words[0])[:1] and _is_family(words[0]):
        # As a western catalogue inverts it, and as it is written abroad.
        yield " ".join((words[-1], *words[:-1]))
        yield " ".join((*words[1:], words[0]))


def _is_family(word: str) -> bool:
    return folded(word)[0] in _SURNAMES
