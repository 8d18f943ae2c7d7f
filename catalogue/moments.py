"""A moment of the catalogue as a repository gives it out: up to when, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from catalogue.clock import Clock
from catalogue.model import SetInfo


class Moment:
    """What was committed at one moment, as far as nothing can change in it any more."""

    def __init__(self, connection: Connection, at: Clock) -> None:
        self._connection = connection
        self._clock = at

    @property
    def horizon(self) -> int:
        """The responseDate, epoch seconds: all changes up to it are shown."""
        return self._clock.horizon

    @property
    def mark(self) -> tuple[int, int] | None:
        """Return what is another after each change that may be shown.

        None while more may change in the second of the last change: that would not show in it.
        """
        return self._clock.mark

    def earliest(self) -> int:
        """Return a lower limit of all stamps, epoch seconds (OAI-PMH 2.0 s4.2)."""
        return min(self._clock.created, self.horizon)


class MomentWithoutSets(Moment):
    """The same of a repository that has no sets."""

    def sets(self) -> Sequence[SetInfo]:
        """Return none."""
        return ()

    def has_set(self, _spec: str) -> bool:
        """Tell that there is no such set."""
        return False
