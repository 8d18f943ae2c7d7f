"""The words of matching policies: where one stands, and by which figures two differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from catalogue.policies import Version
from web.language import mark

STATES = {
    "live": mark("in use"),
    "earlier": mark("was in use"),
    "shipped": mark("came with the program"),
    "draft": mark("to be tried"),
}
"""Where a policy stands."""


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


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return the figures that differ, by name."""
    names = sorted(before.keys() | after.keys())
    return [
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    ]
