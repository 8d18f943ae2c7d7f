"""What each problem, pattern and kind of record is called, and what to do about problems.

It is English here, to be translated.

The words are a table, so that a librarian can correct them without knowing the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from crosswalks import tables


def meaning(name: str) -> str:
    """Return what a problem's code, a pattern or a kind of record means; the name if unknown."""
    return WORDS.get(name, name)


def next_step(code: str) -> str:
    """Return what to do about a problem, or nothing where nothing has to be done."""
    return STEPS.get(code, "")


_ROWS = tables.parse(files(__package__), "words.tsv")
WORDS: Mapping[str, str] = {name: label for name, label, _ in _ROWS}
"""Every name with its words."""
STEPS: Mapping[str, str] = {name: step for name, _, step in _ROWS if step}
"""Every problem's code with what to do about it."""
