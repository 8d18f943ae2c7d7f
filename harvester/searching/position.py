"""Where we are in a source that is searched: what is known of it, and how far its list is."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from crosswalks.model import Checkpoint
from harvester.searching.model import Way
from harvester.searching.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A list that was begun."""

    way: Way
    since: str = ""
    """Of what changed on this day or later; empty = everything."""
    begun: str = ""
    """On which day (UTC)."""
    state: dict[str, Any] = field(default_factory=dict)
    """Before the window at hand."""
    passed: int = 0
    """Records of that window."""
    hits: int = 0
    """What that window found; 0 = none is at hand."""
    page: int = 0
    sum: int = 0
    """What all windows before it found."""
    total: int = 0
    """What the server said at the beginning that there is in all; 0 = it did not say."""
    rest: bool = False
    """Whether what no window finds is being fetched."""
    tried: tuple[Way, ...] = ()
    """Ways that did not lead to everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a checkpoint of ours says."""

    recipe: Recipe | None = None
    since: str = ""
    """On which day the last list was begun that came to its end."""
    under_way: UnderWay | None = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """Return what a checkpoint says; of one that cannot be read, nothing."""
        try:
            told = checkpoint.get("list")
            return cls(
                recipe=Recipe.of(checkpoint["recipe"]) if checkpoint.get("recipe") else None,
                since=checkpoint.get("since", ""),
                under_way=_under_way(told) if told else None,
            )
        except (KeyError, TypeError, ValueError):
            return cls()

    def plain(self) -> dict[str, Any]:
        """Return the checkpoint that says this."""
        told: dict[str, Any] = {"since": self.since}
        if self.recipe is not None:
            told["recipe"] = self.recipe.plain()
        if self.under_way is not None:
            told["list"] = asdict(self.under_way) | {"tried": list(self.under_way.tried)}
        return told


def _under_way(told: dict[str, Any]) -> UnderWay:
    given = told | {"way": Way(told["way"]), "tried": tuple(map(Way, told["tried"]))}
    return UnderWay(**given)
