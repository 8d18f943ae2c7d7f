"""How complete a library's records are, as a chart and tables: its own, and the mean of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.quality.reading import Day, Quality
from web.reports.lines import HEIGHT, WIDTH, Line, line

SHOWN = 31
"""Days in the table below the chart, the newest."""
_ALL = 1000
"""What the top of the drawing stands for: a hundred percent, by tenths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Two lines over the same days, from 0 to 100 percent."""

    own: Line
    average: Line | None
    size: tuple[int, int] = (WIDTH, HEIGHT)


def chart(found: Quality) -> Chart | None:
    """Return the lines; None where there is no day with records."""
    own = [each for each in found.days if each.score is not None]
    if not own:
        return None
    first, last = date.fromisoformat(own[0].day), date.fromisoformat(own[-1].day)
    places = [_place(each, first, last) for each in own]
    known = [at for at, each in enumerate(own) if each.average is not None]
    average = [own[at].average or 0.0 for at in known]
    return Chart(
        own=_line([each.score or 0.0 for each in own], places),
        average=_line(average, [places[at] for at in known]) if known else None,
    )


def _line(percents: Sequence[float], places: Sequence[float]) -> Line:
    return line([round(each * _ALL / 100) for each in percents], places, _ALL)


def _place(each: Day, first: date, last: date) -> float:
    long = (last - first).days
    return (date.fromisoformat(each.day) - first).days / long if long else 1.0
