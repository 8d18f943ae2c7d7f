"""All that is wrong with a crosswalk's text, not only the first mistake.

Reading stops at the first one, so the line it is in is left out, with those below it, and the text
read again: what is then found would have to be mended as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.shelf import Shelf, Written

MOST = 10
"""Mistakes that are looked for: each costs reading everything once more."""
_LONG = 50_000
"""Characters of a text in which no further mistake is looked for."""


class Mistake(NamedTuple):
    """What is wrong at a place."""

    line: int
    """From 1; 0 where it is in another text, which the error names."""
    column: int
    error: CrosswalkSyntax


def mistakes(shelf: Shelf, name: str, written: Written) -> list[Mistake]:
    """Return what keeps a text from being used under a name, by line; nothing if it can be."""
    found: list[Mistake] = []
    lines = written.text.splitlines()
    while len(found) < (MOST if len(written.text) <= _LONG else 1):
        tried = replace(written, text="\n".join(lines))
        try:
            shelf.with_draft(name, tried).check(name)
        except CrosswalkSyntax as error:
            mistake = _mistake(error, name, len(lines))
            found.append(mistake)
            if not mistake.line or not _left_out(lines, mistake.line - 1):
                break
        else:
            break
    return sorted(found, key=lambda each: each.line)


def _mistake(error: CrosswalkSyntax, name: str, lines: int) -> Mistake:
    is_here = error.details["name"] == name and 0 < error.line <= lines
    line = error.line if is_here else 0
    return Mistake(line, error.column, error)


def _left_out(lines: list[str], at: int) -> bool:
    """Empty a line and those indented below it; tell whether it said anything."""
    line = lines[at]
    if not line.strip() or _is_heading(line):
        return False
    depth = len(line) - len(line.lstrip())
    lines[at] = ""
    for below in range(at + 1, len(lines)):
        text = lines[below]
        if text.strip() and len(text) - len(text.lstrip()) <= depth:
            break
        lines[below] = ""
    return True


def _is_heading(line: str) -> bool:
    """Tell whether all the rest is read by this line: without it everything would be wrong."""
    return line.split(maxsplit=1)[0] in ("crosswalk", "rules", "from", "xslt")
