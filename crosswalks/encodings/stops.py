"""Where a text ends its sentences: VIQR's heavy tone is a full stop too, and only habit tells them.

Counted on words that cannot have the tone there, and pooled over a source, so that a catalogue
that ends its fields with a stop is read otherwise than one that never does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

_DASH = re.compile(r"\s+[-–]")
_CAPITAL = re.compile(r"\s+[A-Z\"'(\[]")
_NUMBER = re.compile(r"\s+[0-9]")
_END = re.compile(r"\s*$")
_WEIGHT = 20
"""How many words it takes to outweigh what is usual."""


_ESCAPED = 6
"""What a source that escapes its stops adds to a dot without a backslash, as a power of two."""
_FEW = 0.1


class After(IntEnum):
    """What follows a word, its stop left out."""

    INSIDE = 0
    """Small letters or another sign: hardly ever does a sentence end here."""
    NUMBER = 1
    CAPITAL = 2
    """A capital behind a capital: mostly a name goes on."""
    DASH = 3
    """ISBD has a full stop before it, between areas."""
    END = 4
    SENTENCE = 5
    """A capital behind a small letter: another sentence, or a name in this one."""


_USUAL = (0.004, 0.03, 0.05, 0.2, 0.1, 0.06)
"""The share of words with a full stop where nothing is known of a source, by what follows."""


@dataclass(slots=True)
class Stops:
    """How often words ended with a full stop, by what followed."""

    words: list[int] = field(default_factory=lambda: [0] * len(After))
    stopped: list[int] = field(default_factory=lambda: [0] * len(After))
    escaped: int = 0
    """Stops with the backslash that RFC 1456 wants before what is no tone."""

    def __post_init__(self) -> None:
        """Begin at nought what was not told apart yet when these were kept."""
        for counts in (self.words, self.stopped):
            counts.extend([0] * (len(After) - len(counts)))

    def add(self, after: After, *, is_stopped: bool) -> None:
        """Take in one word that cannot have the heavy tone at its end."""
        self.words[after] += 1
        self.stopped[after] += is_stopped

    def merge(self, other: Stops) -> None:
        """Take in what another part of the source showed."""
        self.words = _sum(self.words, other.words)
        self.stopped = _sum(self.stopped, other.stopped)
        self.escaped += other.escaped

    def against(self) -> tuple[float, ...]:
        """Return for each After how much rarer a stop is than none there, as a power of two."""
        seen = zip(_USUAL, self.stopped, self.words, strict=True)
        shares = [(stopped + _WEIGHT * usual) / (words + _WEIGHT) for usual, stopped, words in seen]
        sure = _ESCAPED if self.escaped > _FEW * sum(self.stopped) else 0
        return tuple(math.log2((1 - share) / share) + sure for share in shares)


def follows(text: str, start: int, end: int) -> After:
    """Return what follows a word in a text."""
    if _END.match(text, end):
        return After.END
    if _DASH.match(text, end):
        return After.DASH
    if _CAPITAL.match(text, end):
        return After.SENTENCE if text[start].islower() else After.CAPITAL
    return After.NUMBER if _NUMBER.match(text, end) else After.INSIDE


def _sum(one: Iterable[int], other: Iterable[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


USUAL = Stops().against()
"""What is taken for a source's habit where nothing is known of it."""
