"""The code lists the crosswalks need, as TSV files a librarian can read and correct.

A first line names the columns; lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of this folder."""
    return parse(files(__package__), name)


def heading(name: str) -> tuple[str, ...]:
    """Return the names of the columns of a table of this folder."""
    return tuple(_lines(files(__package__), name)[0].split("\t"))


def exists(name: str) -> bool:
    """Tell whether there is a table of this name in this folder."""
    return files(__package__).joinpath(name).is_file()


def parse(folder: Traversable, name: str) -> tuple[tuple[str, ...], ...]:
    """Return a table's rows without its heading, each with as many cells as the heading."""
    return whole(folder.joinpath(name).read_text("utf-8"))[1:]


def whole(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table's text, its heading first; of an empty text, none."""
    lines = _lines_of(text)
    width = lines[0].count("\t") + 1 if lines else 0
    return tuple(_cells(line, width) for line in lines)


def _lines(folder: Traversable, name: str) -> list[str]:
    return _lines_of(folder.joinpath(name).read_text("utf-8"))


def _lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _cells(line: str, width: int) -> tuple[str, ...]:
    cells = line.split("\t")
    return (*cells, *[""] * (width - len(cells)))
