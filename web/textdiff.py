"""Two texts side by side by their lines: the same ones folded, in others the words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from web.sidebyside import Cell, Piece, pieces

Numbered = tuple[int, str]

AROUND = 3
"""Lines shown before and after what differs."""
_EXACT, _PAIRED = 4_000_000, 40_000
"""Pairs of lines up to which texts are compared exactly, and lines that are alike are paired."""


class Line(NamedTuple):
    """A line of one of the texts."""

    number: int
    """From 1."""
    pieces: Cell


class Row(NamedTuple):
    """Lines that stand for each other; or, with neither, so many that are the same."""

    kind: str
    """``same``, ``changed``, ``added``, ``removed`` or ``folded``."""
    before: Line | None = None
    after: Line | None = None
    hidden: int = 0


def rows(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Return two texts, by lines, as rows; none where they are the same."""
    # Exact as long as nobody waits for it.
    is_long = len(before) * len(after) > _EXACT
    matcher = SequenceMatcher(None, before, after, autojunk=is_long)
    codes = matcher.get_opcodes()
    if all(kind == "equal" for kind, *_ in codes):
        return []
    found: list[Row] = []
    for at, (kind, start, end, other, other_end) in enumerate(codes):
        if kind == "equal":
            same = [_same(before, number, other - start) for number in range(start, end)]
            found += _folded(same, is_first=at == 0, is_last=at == len(codes) - 1)
        else:
            found += _differing(
                list(enumerate(before[start:end], start + 1)),
                list(enumerate(after[other:other_end], other + 1)),
            )
    return found


def _same(texts: Sequence[str], at: int, shift: int) -> Row:
    cell = (Piece(texts[at], differs=False),)
    return Row("same", Line(at + 1, cell), Line(at + 1 + shift, cell))


def _folded(same: list[Row], *, is_first: bool, is_last: bool) -> list[Row]:
    head = 0 if is_first else AROUND
    tail = 0 if is_last else AROUND
    hidden = len(same) - head - tail
    if hidden <= 1:
        return same
    return [*same[:head], Row("folded", hidden=hidden), *same[len(same) - tail :]]


def _differing(before: Sequence[Numbered], after: Sequence[Numbered]) -> Iterator[Row]:
    """Yield lines that are alike beside each other, in their order, and the others alone."""
    left = list(after)
    is_long = len(before) * len(after) > _PAIRED
    for number, old in before:
        at = (
            None
            if is_long
            else next((at for at, (_, new) in enumerate(left) if _alike(old, new)), None)
        )
        if at is None:
            yield Row("removed", _whole(number, old), None)
            continue
        yield from (Row("added", None, _whole(*each)) for each in left[:at])
        other, new = left[at]
        one = Line(number, pieces(new, old))
        yield Row("changed", one, Line(other, pieces(old, new)))
        left = left[at + 1 :]
    yield from (Row("added", None, _whole(*each)) for each in left)


def _alike(one: str, other: str) -> bool:
    ours, theirs = set(one.split()), set(other.split())
    return 2 * len(ours & theirs) >= max(len(ours), len(theirs), 1)


def _whole(number: int, text: str) -> Line:
    return Line(number, (Piece(text, differs=True),) if text else ())
