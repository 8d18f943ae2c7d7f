"""What each problem, pattern and kind of record is called in words; English here, to be translated.

The words are a table, so that a librarian can correct them without knowing the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from crosswalks import tables


def meaning(name: str) -> str:
    """Return what a problem's code, a pattern or a kind of record means; the name if unknown."""
    return WORDS.get(name, name)


WORDS: Mapping[str, str] = {row[0]: row[1] for row in tables.parse(files(__package__), "words.tsv")}
"""Every name with its words."""
