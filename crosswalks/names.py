"""What a name in Dublin Core is: a person's in direct or inverted order, or a body's."""

from __future__ import annotations

from crosswalks import tables
from crosswalks.text import word_key

_CORPORATE = [(where, word_key(words)) for where, words in tables.rows("corporate-names.tsv")]


def is_inverted(name: str) -> bool:
    """Tell whether a name has its family name first, set off by a comma."""
    return "," in name


def is_corporate(name: str) -> bool:
    """Tell whether a name is a body's: by a word at its beginning, or anywhere in it."""
    key = f" {word_key(name)} "
    return any(
        key.startswith(f" {words} ") if where == "begin" else f" {words} " in key
        for where, words in _CORPORATE
    )
