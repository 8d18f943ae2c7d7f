"""Chance that falls the same way every time, on every machine and in any order of asking."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_SEED = "lienthong-demo-1"


def chance(*parts: object) -> float:
    """Return a number in [0, 1) that depends on the parts alone."""
    text = "\x1f".join((_SEED, *map(str, parts)))
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big") / (1 << 48)


def pick(options: Sequence[T], *parts: object) -> T:
    """Return one of the options; the same parts always pick the same."""
    return options[int(chance(*parts) * len(options))]


def number(low: int, high: int, *parts: object) -> int:
    """Return a whole number from ``low`` to ``high``, both possible."""
    return low + int(chance(*parts) * (high - low + 1))
