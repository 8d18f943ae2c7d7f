"""What is looked for, in terms of the index: values that each engine puts into its own words.

Nothing here calls itself: a query may be a thousand operators deep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that stand side by side in one of the columns; or, instead, one of the codes.

    ``exact`` are the same words as they were written, empty where that is no matter, and
    ``has_marks`` tells whether they were written with marks. ``marked``: only what is written just
    so is wanted.
    """

    columns: tuple[str, ...]
    words: tuple[str, ...]
    prefix: bool = False
    marked: bool = False
    codes: tuple[tuple[str, str], ...] = ()
    exact: tuple[str, ...] = ()
    has_marks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Two runs of words of one column that stand at most ``distance`` words apart, in any order."""

    columns: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    distance: int
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """One token in a code column, given as pairs of column and token; any of them will do."""

    codes: tuple[tuple[str, str], ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Words that fit a pattern in which ``*`` is any letters and ``?`` one."""

    columns: tuple[str, ...]
    pattern: str
    at: int = -1


class Extent(StrEnum):
    """How much of a heading is given."""

    WHOLE = "whole"
    WORDS = "words"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """A heading of one of the columns: the whole, its first words, or its first letters."""

    columns: tuple[str, ...]
    text: str
    extent: Extent
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Headed:
    """Just these headings, by their numbers: any of them will do."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """What a document is counted as: its ``material`` or its first ``language``."""

    what: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A number of each document, ``year`` or ``changed`` (as 20261127), within bounds."""

    what: str
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Documents by their numbers: what a part of the query has found already."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """What all parts find; there are two of them at least."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What any part finds; there are two of them at least."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Except:
    """What the first finds and the second does not."""

    kept: Expression
    left_out: Expression


Leaf: TypeAlias = (
    Words | Near | Codes | Masked | Headings | Headed | Is | Between | Given | Everything | Nothing
)
Expression: TypeAlias = Leaf | AllOf | AnyOf | Except
TEXT_NODES = (Words, Near, Codes)
"""What a full-text index answers."""


def all_of(parts: Iterable[Expression]) -> Expression:
    """Return what all parts find, in as few values as say it."""
    found = [each for part in parts for each in _spread(part, AllOf)]
    if any(isinstance(each, Nothing) for each in found):
        return Nothing()
    kept = [each for each in found if not isinstance(each, Everything)]
    if len(kept) > 1:
        return AllOf(tuple(kept))
    return kept[0] if kept else Everything()


def any_of(parts: Iterable[Expression]) -> Expression:
    """Return what any part finds, in as few values as say it."""
    found = [each for part in parts for each in _spread(part, AnyOf)]
    if any(isinstance(each, Everything) for each in found):
        return Everything()
    kept = [each for each in found if not isinstance(each, Nothing)]
    if len(kept) > 1:
        return AnyOf(tuple(kept))
    return kept[0] if kept else Nothing()


def without(kept: Expression, left_out: Expression) -> Expression:
    """Return what the first finds and the second does not."""
    if isinstance(left_out, Nothing) or isinstance(kept, Nothing):
        return kept
    return Nothing() if isinstance(left_out, Everything) else Except(kept, left_out)


def _spread(part: Expression, kind: type[AllOf | AnyOf]) -> Iterator[Expression]:
    if isinstance(part, kind):
        yield from part.parts
    else:
        yield part


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """Return what a value is made of, nothing for a leaf."""
    if isinstance(node, AllOf | AnyOf):
        return node.parts
    return (node.kept, node.left_out) if isinstance(node, Except) else ()


def postorder(root: Expression) -> Iterator[Expression]:
    """Yield parts before what is made of them."""
    waiting: list[tuple[Expression, bool]] = [(root, False)]
    while waiting:
        node, opened = waiting.pop()
        parts = parts_of(node)
        if parts and not opened:
            waiting.append((node, True))
            waiting += [(part, False) for part in reversed(parts)]
        else:
            yield node


def preorder(root: Expression) -> Iterator[tuple[int, Expression]]:
    """Yield each value before its parts, with how many values it is a part of."""
    waiting: list[tuple[int, Expression]] = [(0, root)]
    while waiting:
        level, node = waiting.pop()
        yield level, node
        waiting += [(level + 1, part) for part in reversed(parts_of(node))]


def fold(root: Expression, make: Callable[[Expression, list[T]], T]) -> T:
    """Return what ``make`` makes of each value and of what was made of its parts."""
    made: list[T] = []
    for node in postorder(root):
        count = len(parts_of(node))
        parts = made[len(made) - count :]
        del made[len(made) - count :]
        made.append(make(node, parts))
    return made.pop()


def depth(root: Expression) -> int:
    """Return how many values stand above the deepest leaf."""
    return fold(root, lambda _, parts: 1 + max(parts) if parts else 0)


def is_text(root: Expression) -> bool:
    """Tell whether a full-text index answers all of it."""
    return all(parts_of(node) or isinstance(node, TEXT_NODES) for node in postorder(root))
