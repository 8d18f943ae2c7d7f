"""Passwords that are guessed first: words that many choose, dates and numbers, rows of keys."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from crosswalks.tables import parse
from crosswalks.text import fold

_SWAPPED = str.maketrans("@$!013457", "asioleast")
"""What people write in place of letters."""
_ENOUGH = 6
"""Signs that have to be left without the words everybody takes, and without the user's name."""


def is_common(password: str, name: str) -> bool:
    """Tell whether a password is one of those that are tried first."""
    own, plain = _signs(name), _signs(password)
    if len(set(plain)) < _ENOUGH - 1 or plain.isdecimal():
        return True
    ways = (plain, _signs(password.translate(_SWAPPED)))
    return min(_left(_without(way, (own,))) for way in ways) < _ENOUGH


def _signs(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _left(text: str) -> int:
    """Return how many signs of a password are not of words everybody takes, nor numbers."""
    rest = _without(text, _words())
    return len(rest.strip("0123456789")) if rest != text else len(text)


def _without(text: str, words: tuple[str, ...]) -> str:
    for word in words:
        if word:
            text = text.replace(word, "")
    return text


@cache
def _words() -> tuple[str, ...]:
    """Return the words, the longest first."""
    words = {row[0] for row in parse(files("catalogue.accounts"), "common.tsv")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
