"""The words of matching policies: where one stands, and by which figures two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalogue.policies import Version
from web.language import mark

STATES = {
    "live": mark("in use"),
    "earlier": mark("was in use"),
    "shipped": mark("came with the program"),
    "draft": mark("to be tried"),
}
"""Where a policy stands."""

_FIGURES = {
    "records": mark("Records"),
    "clusters": mark("Clusters now"),
    "clusters_then": mark("Clusters by this policy"),
    "parted": mark("Clusters parted"),
    "merged": mark("Clusters joined from several"),
    "changed": mark("Clusters changed"),
}
"""What is told of an effect (catalogue.cluster.effect)."""


class Change(NamedTuple):
    """A figure that differs."""

    name: str
    before: str
    after: str


def state(each: Version) -> str:
    """Return where a policy stands, as a key of STATES."""
    if each.live:
        return "live"
    if each.used:
        return "earlier"
    return "shipped" if each.shipped else "draft"


def figures_told(effect: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the figures of an effect with their words.

    One that an earlier version of the program worked out lacks those that were added since.
    """
    return ((word, effect[name]) for name, word in _FIGURES.items() if name in effect)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return the figures that differ, by name."""
    names = sorted(before.keys() | after.keys())
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    ]
