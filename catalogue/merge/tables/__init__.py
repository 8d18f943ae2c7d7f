"""Which MARC 21 tags and codes the master record treats alike, as TSV files."""

from __future__ import annotations

from importlib.resources import files

from crosswalks.tables import parse


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of this folder."""
    return parse(files(__package__), name)
