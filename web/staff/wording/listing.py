"""Which messages are looked for among all there are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from crosswalks.text import fold
from web.language import catalogue
from web.staff.wording.places import ELSEWHERE, WHERE, places, where

_PLACEHOLDER = re.compile(r"\{\w+\}")


class Show(StrEnum):
    """What messages may have to be looked at for."""

    ALL = ""
    SAME = "same"
    """The same in both languages: forgotten, or a name."""
    LACKING = "lacking"
    PLACEHOLDERS = "placeholders"
    """With something in braces that is filled in, and has to stay."""


class Line(NamedTuple):
    """A message in both languages."""

    english: str
    vietnamese: str
    """Empty where nobody has said it yet."""
    where: str
    """Where people meet it, as a message."""
    files: tuple[str, ...]
    folded: str
    """Both, as they are searched: without marks and capitals."""


class Asked(NamedTuple):
    """What is looked for; what is empty does not matter."""

    words: str = ""
    show: Show = Show.ALL
    where: str = ""


@cache
def lines() -> Sequence[Line]:
    """Return all messages of the catalogue in use, in the order of their English text."""
    told = catalogue("vi")
    found = places(frozenset(told))
    return [
        _line(english, told[english], found.get(english, ())) for english in sorted(told, key=fold)
    ]


def chosen(asked: Asked) -> list[Line]:
    """Return the messages that are looked for."""
    wanted = fold(asked.words).split()
    return [
        line
        for line in lines()
        if all(word in line.folded for word in wanted)
        and (not asked.where or line.where == asked.where)
        and fits(line, asked.show)
    ]


def _line(english: str, vietnamese: str, files: tuple[str, ...]) -> Line:
    place = min(map(where, files), key=WHERE.index, default=ELSEWHERE)
    return Line(english, vietnamese, place, files, fold(f"{english} {vietnamese}"))


def fits(line: Line, show: Show) -> bool:
    """Tell whether a message has to be looked at for something."""
    if show is Show.SAME:
        return line.english == line.vietnamese
    if show is Show.LACKING:
        return not line.vietnamese
    return show is Show.ALL or _PLACEHOLDER.search(line.english) is not None
