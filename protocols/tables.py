"""Tables of this room: tab-separated files in its packages, a comment line begins with #."""

from __future__ import annotations

from importlib.resources import files


def rows(package: str, name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table, without its heading; all have as many cells as that."""
    lines = files(package).joinpath(name).read_text(encoding="utf-8").splitlines()
    heading, *found = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(tuple(row + [""] * (len(heading) - len(row))) for row in found)
