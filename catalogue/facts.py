"""Facts added up to one short text, in whatever order they come and in however many parts.

Each is hashed by itself and the hashes are added, so nothing is sorted or held in memory, and what
several machines counted is added up in the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

_MODULUS = 1 << 256
_BYTES = 32

Name = tuple[str, str]
"""Source name and identifier."""


def weight(fact: Sequence[Any]) -> int:
    """Return a fact, which begins with its kind, as a number."""
    line = json.dumps(fact, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(line).digest())


def added(weights: Iterable[int]) -> int:
    """Add up numbers that ``weight`` or this gave."""
    return sum(weights) % _MODULUS


def written(total: int) -> str:
    """Return such a number in hex."""
    return f"{total:064x}"


def packed(total: int) -> bytes:
    """Return such a number as bytes."""
    return total.to_bytes(_BYTES)


def unpacked(total: bytes) -> int:
    """Return what ``packed`` was given."""
    return int.from_bytes(total)


def cluster(names: Iterable[Name]) -> list[Any]:
    """Return the fact that records, by their names, are one cluster."""
    return ["cluster", *sorted([source, identifier] for source, identifier in names)]


def link(names: Iterable[Name], decision: str, score: float, reasons: str) -> list[Any]:
    """Return the fact that two records are linked, and why: a JSON list of texts."""
    ends = sorted([source, identifier] for source, identifier in names)
    return ["link", *ends, decision, score, reasons]
