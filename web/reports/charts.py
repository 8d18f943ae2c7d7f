"""Bars beside names, as shapes for SVG: what of a group's publications it alone has, and the rest.

Everything is in the units of the drawing; a template writes them. What a chart shows stands in a
table beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

WIDTH = 640
"""Units from left to right."""
_NAMES = 200
"""Of these the names take so many, and the figures behind the bars so many:"""
_FIGURES = 70
_STEP = 28
_BAR = 18
_LONGEST = 26
"""Letters of a name that fit."""
MOST = 20
"""Bars in a chart, the longest."""


class Amount(NamedTuple):
    """What one bar shows."""

    name: str
    unique: int
    overlapping: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, and its two parts from left to right."""

    name: str
    """Cut where it would not fit."""
    top: int
    """Where its box begins."""
    base: int
    """Where the line of its text stands."""
    unique: float
    """Widths of the parts."""
    overlapping: float
    total: int

    @property
    def middle(self) -> float:
        """Where the second part begins."""
        return _NAMES + self.unique

    @property
    def end(self) -> float:
        """Where the figure behind it begins."""
        return self.middle + self.overlapping + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars below each other."""

    bars: tuple[Bar, ...]
    left_out: int
    """How many more there would be."""

    start: int = _NAMES
    """Where all bars begin."""
    width: int = WIDTH
    thickness: int = _BAR

    @property
    def height(self) -> int:
        """Return how high the drawing is."""
        return len(self.bars) * _STEP


def chart(amounts: Iterable[Amount], *, as_given: bool = False) -> Chart:
    """Return the bars of those amounts that are any, the longest first or in their own order."""
    found = [each for each in amounts if each.unique + each.overlapping]
    if not as_given:
        found.sort(key=lambda each: -(each.unique + each.overlapping))
    shown = found[:MOST]
    most = max((each.unique + each.overlapping for each in shown), default=1)
    unit = (WIDTH - _NAMES - _FIGURES) / most
    bars = tuple(_bar(place, each, unit) for place, each in enumerate(shown))
    return Chart(bars=bars, left_out=len(found) - len(shown))


def _bar(place: int, amount: Amount, unit: float) -> Bar:
    top = place * _STEP + (_STEP - _BAR) // 2
    name = amount.name
    return Bar(
        name=name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…",
        top=top,
        base=top + _BAR - 4,
        unique=round(amount.unique * unit, 1),
        overlapping=round(amount.overlapping * unit, 1),
        total=amount.unique + amount.overlapping,
    )
