"""What a library itself has to do about its records, where other words are for the hub's staff.

The words are a table, so that a librarian can correct them without knowing the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from crosswalks import tables
from web.language import mark
from web.quality.words import next_step

_OURS = mark("The staff of the union catalogue see to this")
_ROWS = tables.parse(files(__package__), "steps.tsv")
STEPS: Mapping[str, str] = {row[0]: row[1] for row in _ROWS}
"""What staff are told to do, with what the library is told in its place."""


def own_step(code: str) -> str:
    """Return what a library has to do about a problem of its records, or nothing."""
    step = next_step(code)
    return STEPS.get(step, _OURS) if step else ""
