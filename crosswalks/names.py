"""What a name in Dublin Core is: a person's in direct or inverted order, a body's, or a meeting's.

Names with commas are read with care: a family name alone before the comma is never a body's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from crosswalks import tables
from crosswalks.text import word_key

_BEGIN, _ANY, _MEETING = "begin", "any", "meeting"
_SURNAMES = frozenset(word_key(name) for (name,) in tables.rows("surnames.tsv"))
_BRACKETS = re.compile(r"\([^()]*\)")
_FEWEST, _MOST = 2, 5
"""Syllables of a Vietnamese name in full."""


def is_inverted(name: str) -> bool:
    """Tell whether a name has its family name first, set off by a comma."""
    return "," in name


@lru_cache(maxsize=1 << 12)
def is_corporate(name: str) -> bool:
    """Tell whether a name is a body's or a meeting's: by its first words, or any word in it."""
    key = word_key(_sure_part(name))
    return any(pattern.search(f" {key} ") for pattern in (_BEGIN_WORDS, _ANY_WORDS, _MEETING_WORDS))


@lru_cache(maxsize=1 << 12)
def is_meeting(name: str) -> bool:
    """Tell whether a name is that of a conference or another meeting."""
    return _MEETING_WORDS.search(f" {word_key(_sure_part(name))} ") is not None


def separate(names: str) -> list[str]:
    """Return the names that one value holds: cut at semicolons, and between Vietnamese names.

    "Nguyễn Văn A, Trần Thị B" are two persons: each begins with a family name and is whole.
    """
    parts = [part.strip() for part in names.split(";")]
    return [name for part in parts if part for name in _between_vietnamese(part)]


def _between_vietnamese(names: str) -> list[str]:
    parts = [part.strip() for part in names.split(",")]
    return parts if len(parts) > 1 and all(map(_is_whole, parts)) else [names]


def _is_whole(name: str) -> bool:
    syllables = word_key(name).split()
    return _FEWEST <= len(syllables) <= _MOST and syllables[0] in _SURNAMES


def _sure_part(name: str) -> str:
    """Return what can tell a body: not an affiliation in brackets, not a person's family name."""
    bare = _BRACKETS.sub("", name) or name
    family, comma, rest = bare.partition(",")
    return rest if comma and rest.strip() and " " not in family.strip() else bare


def _words(wanted: str) -> re.Pattern[str]:
    found = [
        word_key(words) for where, words in tables.rows("corporate-names.tsv") if where == wanted
    ]
    anchor = "^" if wanted == _BEGIN else ""
    return re.compile(f"{anchor} (?:{'|'.join(_longest_first(found))}) ")


def _longest_first(words: Iterable[str]) -> list[str]:
    return [re.escape(word) for word in sorted(words, key=len, reverse=True)]


_BEGIN_WORDS, _ANY_WORDS, _MEETING_WORDS = _words(_BEGIN), _words(_ANY), _words(_MEETING)
