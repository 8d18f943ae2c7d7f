"""Which type of an answer a header Accept likes best (RFC 9110 s12.5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_MOST = 100
"""Ranges of a header that are looked at."""


class _Range(NamedTuple):
    """A range of types, ``*`` for any, and how much it is liked."""

    kind: str
    quality: float

    def fits(self, kind: str) -> int:
        """Return how exactly it names a type: 0 for not at all."""
        if self.kind == kind:
            return 3
        if self.kind == f"{kind.partition('/')[0]}/*":
            return 2
        return 1 if self.kind == "*/*" else 0


def best(accept: str, offered: Sequence[str]) -> str | None:
    """Return the type liked best, the first of those liked alike; None where none is liked.

    Without a header, or with one that says nothing, any is liked.
    """
    ranges = list(_ranges(accept))
    if not ranges:
        return offered[0]
    liked = {kind: _quality(ranges, kind) for kind in offered}
    found = max(offered, key=lambda kind: liked[kind])
    return found if liked[found] > 0 else None


def _quality(ranges: Sequence[_Range], kind: str) -> float:
    """Return how much a type is liked, by the range that names it most exactly."""
    fitting = [each for each in ranges if each.fits(kind)]
    return max(fitting, key=lambda each: each.fits(kind)).quality if fitting else 0.0


def _ranges(accept: str) -> Iterator[_Range]:
    for each in accept.split(",")[:_MOST]:
        kind, *parameters = (part.strip().lower() for part in each.split(";"))
        if kind.count("/") == 1:
            yield _Range(kind, _said(parameters))


def _said(parameters: Sequence[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 1.0
    return 1.0
