"""Lines over days, as shapes for SVG; what they show stands in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 160
_TOP, _BOTTOM = 12, 148
_LEFT, _RIGHT = 8, 632


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line from left to right through one value a day, from 0 upwards."""

    points: str
    """As SVG's polyline wants them."""
    last: tuple[float, float]
    """Where it ends."""
    most: int
    """The value at the top of the drawing."""


def places(days: Sequence[str]) -> list[float]:
    """Return where days (ISO 8601, in order) stand between the first, 0, and the last, 1."""
    told = [date.fromisoformat(each) for each in days]
    long = max((told[-1] - told[0]).days, 1) if told else 1
    found = [(each - told[0]).days / long for each in told]
    return [*found[:-1], 1.0] if found else []


def line(values: Sequence[int], places: Sequence[float], most: int | None = None) -> Line:
    """Return the line through values at places from 0 to 1, the last of them the end.

    ``most`` is what the top stands for; without it that is the greatest value.
    """
    top = max(most if most is not None else max(values, default=0), 1)
    found = [
        (
            round(_LEFT + (_RIGHT - _LEFT) * place, 1),
            round(_BOTTOM - (_BOTTOM - _TOP) * value / top, 1),
        )
        for value, place in zip(values, places, strict=True)
    ]
    if len(found) == 1:
        # A line of one day would be no line.
        found.insert(0, (float(_LEFT), found[0][1]))
    points = " ".join(f"{x},{y}" for x, y in found)
    return Line(points=points, last=found[-1] if found else (0.0, 0.0), most=top)
