"""Where the headings of a table stand, and its rows under them.

Librarians' tables begin with titles, have headings in two rows with merged cells, a row of numbers
below them, and their headings again on each printed page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from crosswalks.columns import Target, is_heading, letter, parse, recognise
from crosswalks.formats.delimited import Row

TOO_WIDE = "row-too-long"
"""The code of a row with cells beyond the last heading."""
MOST_COLUMNS = 1000

_LOOKED_AT = 40
"""Rows with something in them, among which the headings are looked for."""
_ENOUGH = 0.6
"""Of the most headings known in a row: the first row with so many of them is the one."""
_NUMBERING = " ()[]."
_BROKEN = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


class Headings(NamedTuple):
    """The headings of a table, a column each."""

    texts: tuple[str, ...]
    targets: Mapping[int, Target]
    """What the columns hold, by their places from 0."""


class Entry(NamedTuple):
    """A row under its headings: only cells that have something in them, in the table's order."""

    number: int
    offset: int
    cells: tuple[tuple[str, str], ...]
    """Headings with texts; a heading may come several times. Columns to be ignored are left out."""
    targets: tuple[Target | None, ...]
    """What each of these cells holds."""
    problem: str = ""
    """The code of what was wrong with it."""
    sheet: str = ""
    headings: Headings = Headings((), {})
    """Of its whole table."""

    def all(self, target: Target) -> list[str]:
        """Return the texts of the cells that hold this."""
        found = zip(self.cells, self.targets, strict=True)
        return [text for (_, text), each in found if each is target]

    def first(self, target: Target) -> str:
        """Return the first of them, or an empty string."""
        return next(iter(self.all(target)), "")


def entries(
    rows: Iterable[Row], columns_text: str = "", needed: Sequence[Target] = ()
) -> Iterator[Entry]:
    """Yield the rows of a table under its headings; raise ColumnMapError where these do not fit.

    ``needed`` are targets of which a column must hold one.
    """
    rows = iter(rows)
    first = list(islice(rows, _LOOKED_AT))
    if not first:
        return
    begin, texts = _headings(first, columns_text)
    found = Headings(texts, recognise(texts, columns_text, needed))
    repeated = {_bare(row.cells) for row in first[:begin]} if begin else set()
    for row in chain(first[begin:], rows):
        entry = _entry(row, found)
        # Numbered in advance and never filled in, or the headings of another printed page.
        if entry.cells and _bare(row.cells) not in repeated:
            yield entry


def is_table(rows: Iterable[Row], columns_text: str = "") -> bool:
    """Tell whether rows have headings of which at least two are known, or one that is alone."""
    best = max((_score(row, columns_text) for row in islice(rows, _LOOKED_AT)), default=(0, 0))
    return best[0] > 1 or best == (1, -1)


def _headings(first: list[Row], columns_text: str) -> tuple[int, tuple[str, ...]]:
    """Return which row the data begin with, and the headings above it."""
    scores = [_score(row, columns_text)[0] for row in first]
    best = max(scores)
    if not best and _has_letters(columns_text):
        width = max(len(row.cells) for row in first)
        return 0, tuple(map(letter, range(width)))
    if best:
        fit = [at for at, score in enumerate(scores) if score >= best * _ENOUGH]
        # What stands alone in its row is more likely a title above the table.
        at = next((at for at in fit if len(_bare(first[at].cells)) > 1), fit[0])
    else:
        at = max(range(len(first)), key=lambda each: (len(_bare(first[each].cells)), -each))
    top, end = at, at + 1
    while end < len(first) and _is_all_known(first[end], columns_text):
        end += 1
    if top and scores[top - 1] and any(not cell.strip() for cell in first[top].cells):
        top -= 1
    texts = _merged([row.cells for row in first[top:end]])
    if end < len(first) and _is_numbering(first[end].cells):
        end += 1
    return end, texts


def _score(row: Row, columns_text: str) -> tuple[int, int]:
    """Return how many headings of a row are known, and less the fewer cells stand beside them."""
    cells = [cell for cell in row.cells[:MOST_COLUMNS] if cell.strip()]
    known = sum(is_heading(cell, columns_text) for cell in cells)
    return known, -len(cells)


def _is_all_known(row: Row, columns_text: str) -> bool:
    known, cells = _score(row, columns_text)
    return known > 1 and known == -cells


def _has_letters(columns_text: str) -> bool:
    return any(entry.heading.startswith("[") for entry in parse(columns_text))


def _merged(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return one heading for each column: the lowest that stands in it, else its letter."""
    width = min(max(map(len, rows)), MOST_COLUMNS)
    return tuple(_lowest(rows, place) or letter(place) for place in range(width))


def _lowest(rows: Sequence[tuple[str, ...]], place: int) -> str:
    cells = (" ".join(row[place].split()) for row in reversed(rows) if place < len(row))
    return next(filter(None, cells), "")


def _is_numbering(cells: tuple[str, ...]) -> bool:
    """Tell whether a row only counts the columns: 1, 2, 3 or (1), (2) or A, B, C."""
    bare = [(place, cell.strip(_NUMBERING)) for place, cell in enumerate(cells) if cell.strip()]
    if len(bare) < 2:  # noqa: PLR2004 - one alone may be the first row's own number
        return False
    return _counts(bare, lambda place: str(place + 1)) or _counts(
        bare, lambda place: letter(place)[1:-1]
    )


def _counts(bare: Sequence[tuple[int, str]], name: Callable[[int], str]) -> bool:
    return all(cell == name(at) for at, (_, cell) in enumerate(bare)) or all(
        cell == name(place) for place, cell in bare
    )


def _bare(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for cell in cells if (text := cell.strip()))


def _entry(row: Row, headings: Headings) -> Entry:
    cells, targets = [], []
    width = len(headings.texts)
    for place, cell in enumerate(row.cells):
        text, target = cell.strip(), headings.targets.get(place)
        if not text or text in _BROKEN or target is Target.IGNORE:
            continue
        cells.append((headings.texts[place] if place < width else letter(place), text))
        targets.append(target)
    beyond = any(cell.strip() for cell in row.cells[width:])
    problem = row.problem or (TOO_WIDE if beyond else "")
    return Entry(row.number, row.offset, tuple(cells), tuple(targets), problem, row.sheet, headings)
