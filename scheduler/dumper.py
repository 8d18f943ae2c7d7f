"""What makes dumps, as a worker sees it: this room does not know what is given out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which dump a worker is to make."""

    series: str
    full: bool | None = None
    """None: whichever is due."""


class Dumper(Protocol):
    """Makes dumps; the front door hands it in."""

    @property
    def scheduled(self) -> Sequence[str]:
        """Return the names of the series that are made by the clock."""

    def make(self, asked: Asked, stopping: Event, resting: Event) -> bool:
        """Make a dump, or go on with it; return whether it is complete. Raises Error.

        ``stopping`` ends it soon, ``resting`` where it loses nothing by it.
        """
