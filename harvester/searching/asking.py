"""What the ways to a server's records have in common: the server, what it found, the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeAlias

from harvester.searching import queries
from harvester.searching.errors import SearchRefused, WayClosed
from harvester.searching.model import SearchSettings, Target, Way
from harvester.searching.probing import TOO_MANY
from harvester.searching.recipe import Recipe
from protocols.rpn.tree import Node, Query

State: TypeAlias = dict[str, Any]


class Window(NamedTuple):
    """A part of the records: what finds it, how much that is, what it is called."""

    query: Query
    hits: int
    name: str
    wanted: int | None = None
    """How many records it should be, where that is known otherwise."""


class Windows(Protocol):
    """The windows of one way; iterated once."""

    apart: bool
    """Whether records of one identifier are always in the same window."""

    def __iter__(self) -> Iterator[Window]:
        """Yield what has something in it; raise HarvestError, WayClosed where the way is none."""

    @property
    def state(self) -> State:
        """Where to go on after the window yielded last."""


@dataclass(slots=True)
class Asking:
    """What all ways need: the server, what is known of it, and what alone is wanted."""

    target: Target
    recipe: Recipe
    settings: SearchSettings
    query: Query | None = None
    largest: int = 1
    """The most that any query found: where much is found, it may be all that the server tells."""
    missing: list[str] = field(default_factory=list)
    """Numbers of a list that nothing has, and that nobody was told of yet."""

    def hits(self, node: Node) -> tuple[Query, int | None]:
        """Return a query and how much it finds; None where the server says that it is too much."""
        query = queries.both(self.query, node)
        try:
            found = self.target.search(query)
        except SearchRefused as wrong:
            if wrong.bib1 in TOO_MANY:
                return query, None
            raise
        self.largest = max(self.largest, found)
        return query, found

    def closed(self, way: Way, reason: str) -> WayClosed:
        """Return the error that a way leads nowhere."""
        return WayClosed(url=self.target.url, way=way.value, reason=reason)
