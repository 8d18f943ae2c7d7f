"""From when on something is told; what the settings of a hub may say otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """From when on something is told."""

    silent_days: int = 30
    """A source without a schedule is silent after so many days."""
    silent_rounds: int = 3
    """One with a schedule once it came round so often, but never within a day."""
    shrink_percent: int = 5
    certificate_days: int = 21
