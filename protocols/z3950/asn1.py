"""The part of ASN.1 (X.208) that ``schema.asn`` is written in, read into types as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from protocols.z3950.ber import APPLICATION, CONTEXT, PRIVATE, UNIVERSAL

_SPOKEN = re.compile(r"--[^\n]*")
_WORD = re.compile(
    r"OBJECT IDENTIFIER|OCTET STRING|BIT STRING|SEQUENCE OF|::=|[{}\[\],]|[\w-]+", re.ASCII
)
_CLASSES = {"UNIVERSAL": UNIVERSAL, "APPLICATION": APPLICATION, "PRIVATE": PRIVATE}


@dataclass(frozen=True, slots=True)
class Named:
    """A type by its name: one of ASN.1's own, or one that the schema tells elsewhere."""

    name: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A type with a tag before it, or (implicit) in place of its own."""

    kind: int
    number: int
    implicit: bool
    type: Type


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a sequence or an alternative of a choice."""

    name: str
    type: Type
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A SEQUENCE of elements, each of a type of its own."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SequenceOf:
    """Any number of elements of one type."""

    type: Type


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several alternatives."""

    parts: tuple[Part, ...]


Type: TypeAlias = Named | Tagged | Sequence | SequenceOf | Choice


@cache
def schema() -> Mapping[str, Type]:
    """Return the types of ``schema.asn`` by their names."""
    return read(files("protocols.z3950").joinpath("schema.asn").read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Type]:
    """Return the types of a text by their names; ValueError for what is not understood."""
    words = _Words(_WORD.findall(_SPOKEN.sub("", text)))
    found: dict[str, Type] = {}
    while words.more():
        name = words.next()
        words.expect("::=")
        if name in found:
            raise ValueError(name)
        found[name] = _type(words)
    return found


class _Words:
    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def more(self) -> bool:
        return self._at < len(self._words)

    def next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def expect(self, word: str) -> None:
        if (found := self.next()) != word:
            raise ValueError(found, word)

    def take(self, word: str) -> bool:
        """Pass a word if it is the next one, and tell whether it is."""
        taken = self.more() and self._words[self._at] == word
        self._at += taken
        return taken


def _type(words: _Words) -> Type:
    word = words.next()
    if word == "[":
        return _tagged(words)
    if word == "SEQUENCE OF":
        return SequenceOf(_type(words))
    if word == "SEQUENCE":
        return Sequence(_parts(words))
    if word == "CHOICE":
        return Choice(_parts(words))
    return Named(word)


def _tagged(words: _Words) -> Tagged:
    kind, word = CONTEXT, words.next()
    if word in _CLASSES:
        kind, word = _CLASSES[word], words.next()
    words.expect("]")
    return Tagged(kind, int(word), words.take("IMPLICIT"), _type(words))


def _parts(words: _Words) -> tuple[Part, ...]:
    words.expect("{")
    found = [_part(words)]
    while words.take(","):
        found.append(_part(words))
    words.expect("}")
    return tuple(found)


def _part(words: _Words) -> Part:
    name = words.next()
    return Part(name, _type(words), words.take("OPTIONAL"))
