"""What each finding of the validator means, and what those who run the server may do about it.

It is English here, to be translated: a table, so that a librarian can correct the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from crosswalks import tables
from crosswalks.errors import Said

_ROWS = tables.parse(files(__package__), "words.tsv")
MEANINGS: Mapping[str, str] = {name: label for name, label, _ in _ROWS}
"""The sentence of every code, with ``{names}`` for the details of a finding."""
ADVICE: Mapping[str, str] = {name: step for name, _, step in _ROWS}
"""What to do about each; empty where nothing has to be done."""


def said_of(code: str, details: Mapping[str, object]) -> Said:
    """Return the sentence of a finding."""
    return Said(MEANINGS[code], details)
