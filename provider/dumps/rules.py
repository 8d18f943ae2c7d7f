"""How dumps are made, as the settings say: a module of its own, for settings are read often."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How dumps are made and for how long they are kept."""

    part_records: int = 100_000
    """Records and deletions in a part."""
    keep: int = 2
    """Full dumps of a series that are kept, with the deltas after the oldest of them."""
    full_days: int = 7
    """The age from which on a full dump is followed by another one, not by a delta."""
