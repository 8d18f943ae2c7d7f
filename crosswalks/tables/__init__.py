"""The code lists the crosswalks need, as TSV files a librarian can read and correct.

A first line names the columns; lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of this folder."""
    return parse(files(__package__), name)


def parse(folder: Traversable, name: str) -> tuple[tuple[str, ...], ...]:
    """Return a table's rows without its heading, each with as many cells as the heading."""
    text = folder.joinpath(name).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    width = lines[0].count("\t") + 1
    return tuple(_cells(line, width) for line in lines[1:])


def _cells(line: str, width: int) -> tuple[str, ...]:
    cells = line.split("\t")
    return (*cells, *[""] * (width - len(cells)))
