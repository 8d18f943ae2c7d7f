"""The two forms in which values are compared, and tables whose spellings are found in those forms.

A word_key tells words apart; its bare form (no marks) only answers text typed without any mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from crosswalks import tables
from crosswalks.text import fold, word_key

_TONES = str.maketrans("", "", "FRXSJ")


def bare(key: str) -> str:
    """Return a word_key without tones and marks."""
    return fold(key.translate(_TONES))


def spellings(cell: str) -> list[str]:
    """Return what a table's cell lists: spellings with a bar between them."""
    return [spelling for spelling in cell.split("|") if spelling]


class Spellings:
    """A table of names and their other spellings: every one is found by its word_key."""

    def __init__(self, table: str) -> None:
        marked: dict[str, str] = {}
        plain: dict[str, set[str]] = {}
        self._labels: dict[str, str] = {}
        for name, also in (row[:2] for row in tables.rows(table)):
            key = word_key(name)
            self._labels[key] = name
            for spelling in (name, *spellings(also)):
                marked[word_key(spelling)] = key
                plain.setdefault(fold(spelling), set()).add(key)
        self._marked = marked
        self._plain = {form: min(keys) for form, keys in plain.items() if len(keys) == 1}

    def label(self, key: str) -> str:
        """Return the name as people read it, of a key that ``of`` returned."""
        return self._labels[key]

    def of(self, key: str) -> str:
        """Return the key of the name that a word_key spells, or an empty string.

        A key without any mark may also be a name typed without marks, if only one name folds so.
        """
        found = self._marked.get(key, "")
        return found if found or not key.isascii() else self._plain.get(key.lower(), "")


class Phrases:
    """A table of phrases, the longest of which is found at a place of a row of words."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._meanings = {tuple(word_key(phrase).split()): to for phrase, to in meanings.items()}
        self._longest = max(map(len, self._meanings), default=0)

    def at(self, words: tuple[str, ...], start: int = 0) -> tuple[int, str] | None:
        """Return how many words from here are a phrase, and what it means."""
        for length in range(min(self._longest, len(words) - start), 0, -1):
            meaning = self._meanings.get(words[start : start + length])
            if meaning is not None:
                return length, meaning
        return None

    def ending(self, words: tuple[str, ...]) -> tuple[int, str] | None:
        """Return how many words at the end are a phrase, and what it means."""
        for length in range(min(self._longest, len(words)), 0, -1):
            meaning = self._meanings.get(words[len(words) - length :])
            if meaning is not None:
                return length, meaning
        return None

    def whole(self, words: tuple[str, ...]) -> str | None:
        """Return what the words mean if they are one phrase and no more."""
        return self._meanings.get(words)

    def replace(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words with every phrase written as what it means."""
        written: list[str] = []
        start = 0
        while start < len(words):
            found = self.at(words, start)
            length, meaning = found or (1, words[start])
            written += meaning.split()
            start += length
        return tuple(written)


@lru_cache(maxsize=64)
def phrases(table: str, kind: str = "") -> Phrases:
    """Return a table of (meaning, spellings[, kind]) as Phrases: all of it, or one kind of row."""
    return Phrases(
        {
            spelling: row[0]
            for row in tables.rows(table)
            if not kind or row[2] == kind
            for spelling in spellings(row[1])
        }
    )


def listed(table: str, kind: str) -> list[str]:
    """Return all spellings in the rows of one kind."""
    return [each for row in tables.rows(table) if row[2] == kind for each in spellings(row[1])]


@lru_cache(maxsize=64)
def rewritings(table: str, kind: str = "") -> Phrases:
    """Return a table as phrases does, each meaning a word_key to be written in their place."""
    return Phrases(
        {
            spelling: word_key(row[0])
            for row in tables.rows(table)
            if not kind or row[2] == kind
            for spelling in spellings(row[1])
        }
    )


def alternation(words: Iterable[str]) -> str:
    """Return a pattern for any of these, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
