"""A live search as the public is told of it: which libraries, and nothing of how they are reached.

Why a server failed names its address or its credentials, so readers learn only that it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from provider.federation.model import Publication, Sight, Status
from web.public import display
from web.public.facets import Naming
from web.staff.live.coming import Coming, Standing


class Shown(NamedTuple):
    """A publication as readers are shown it."""

    publication: Publication
    libraries: tuple[str, ...]
    """Those of the servers that have it."""
    lines: tuple[display.Line, ...]
    """The first server's record, where the union has none to lead to."""


class Arriving(Coming):
    """The lines of a search as they come, in the words that readers know libraries by."""

    def __init__(
        self, sights: Iterator[Sight], first: Sight, naming: Naming, labels: Mapping[str, str]
    ) -> None:
        super().__init__(sights, first, naming, lambda _: "")
        self._labels = labels

    @property
    def shown(self) -> list[Shown]:
        """Return the publications."""
        return [self._shown(each) for each in self._last.publications]

    def named(self, publication: Publication) -> tuple[str, ...]:
        """Return the libraries whose servers have a publication."""
        return tuple(self._labels[name] for name in publication.targets)

    def _shown(self, each: Publication) -> Shown:
        is_elsewhere = each.copies and not each.public_id
        lines = tuple(display.lines(each.copies[0].record)) if is_elsewhere else ()
        return Shown(each, self.named(each), lines)

    def _standing(self, status: Status) -> Standing:
        told = super()._standing(status)
        return told._replace(name=self._labels[status.target], why="")
