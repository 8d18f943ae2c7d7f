"""How the union catalogue has grown: lines over days, and the figures at the end of each month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.public_figures import PublicDay
from web.language import Translate, mark
from web.reports.lines import HEIGHT, WIDTH, Line, line, places

DAYS = 1100
"""Days that are looked at: three years."""
_POINTS = 200
"""Points of a line; more cannot be told apart."""
_MONTHS = 24
FIGURES = {
    "libraries": mark("Libraries"),
    "records": mark("Records of members"),
    "publications": mark("Publications"),
    "works": mark("Works"),
    "holdings": mark("Holdings"),
    "shared": mark("Publications of several libraries"),
}
"""What is counted, by the names of ``PublicDay``."""
MEANINGS = {
    "libraries": mark("Libraries that share their records with everybody."),
    "records": mark("What the libraries delivered, of which the publications are made."),
    "publications": mark("Editions, each once however many libraries have it."),
    "works": mark("Editions and translations of one work count once."),
    "holdings": mark("Publications of each library, added up."),
    "shared": mark("Catalogued once, used by all that have it."),
}
_DRAWN = (("records", "publications"), ("holdings", "shared"), ("libraries",))


class Chart(NamedTuple):
    """Up to two lines by one measure."""

    labels: tuple[str, ...]
    """What each line is of, in words."""
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT


def charts(days: Sequence[PublicDay], translate: Translate) -> list[Chart]:
    """Return the charts; of a single day there is nothing to draw."""
    if len(days) <= 1:
        return []
    step = -(-len(days) // _POINTS)
    # From the newest back, so that it is always among them.
    some = [*reversed(days[::-1][::step])]
    at = places([each.day for each in some])
    drawn = [(names, _lines(some, at, names)) for names in _DRAWN]
    return [Chart(tuple(translate(FIGURES[name]) for name in names), made) for names, made in drawn]


def months(days: Sequence[PublicDay]) -> list[PublicDay]:
    """Return the last day counted of each month, the newest first."""
    last = {each.day[:7]: each for each in days}
    return [*reversed(last.values())][:_MONTHS]


def _lines(
    days: Sequence[PublicDay], at: Sequence[float], names: tuple[str, ...]
) -> tuple[Line, ...]:
    values = [[int(getattr(each, name)) for each in days] for name in names]
    most = max(map(max, values))
    return tuple(line(each, at, most) for each in values)
