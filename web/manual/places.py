"""To which section of which page of help each screen leads."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from crosswalks.tables import parse


class Place(NamedTuple):
    """A section of a page of help."""

    page: str
    anchor: str
    """Of the English text; empty for the beginning of the page."""


@cache
def table() -> dict[str, Place]:
    """Return the table: a screen by its endpoint, or all of a blueprint's as ``name.*``."""
    rows = parse(files("web.manual"), "places.tsv")
    return {
        screen: Place(page, anchor)
        for screen, (page, _, anchor) in ((row[0], row[1].partition("#")) for row in rows)
    }


def place(endpoint: str) -> Place | None:
    """Return where the help for a screen is; ``None`` where the table has no line for it."""
    every = f"{endpoint.partition('.')[0]}.*"
    return table().get(endpoint) or table().get(every)
