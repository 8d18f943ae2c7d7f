"""A report: a period, who had it made and when, and the figures, which never change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from catalogue.reports.periods import Period

NUMBERS = (
    *("records", "added", "changed", "deleted"),
    *("clusters", "unique", "overlapping", "avoided", "supplied"),
)
"""What is counted of each member, each group of members, and all of them, in order."""
BESIDE = (
    *("public", "waiting", "taken_others", "taken_nobody"),
    *("members", "joining", "suspended", "withdrawn"),
)
"""What is counted of the hub alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A library as it was when its figures were counted."""

    code: str
    name: str
    kind: str
    region: str
    standing: str
    numbers: Mapping[str, int]
    """By ``NUMBERS``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All libraries that have something in common: a type, a region; or all there are."""

    name: str
    """As staff wrote the type or region; empty where none is given, and for all."""
    libraries: int
    """How many of them were members."""
    numbers: Mapping[str, int]
    """By ``NUMBERS``; a cluster of several of them counts once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of a report, counted in one snapshot."""

    members: tuple[Member, ...]
    kinds: tuple[Group, ...]
    regions: tuple[Group, ...]
    total: Group
    beside: Mapping[str, int]
    """By ``BESIDE``."""

    def written(self) -> str:
        """Return them as they are kept: JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A report without its figures."""

    id: int = 0
    """The later a report was made, the higher; 0 until it is kept."""
    period: Period
    issue: int = 0
    """1 for the first of its period; 0 until it is kept."""
    made: int
    """Epoch seconds: the moment of the snapshot that was counted in."""
    author: str
    """Who had it made; empty: the clock."""
    program: str
    """The version of the hub that counted."""
    definitions: int
    """The version of what the figures mean."""
    zone: str
    """The time zone in which the days of the period begin."""

    @property
    def name(self) -> str:
        """Return what the report is called where it has to be told from others of its period."""
        return f"{self.period.name} {self.issue}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Listed):
    """A report as it is kept."""

    figures: Figures


def read(text: str) -> Figures:
    """Return figures as they are kept."""
    told = json.loads(text)
    return Figures(
        members=tuple(Member(**each) for each in told["members"]),
        kinds=tuple(Group(**each) for each in told["kinds"]),
        regions=tuple(Group(**each) for each in told["regions"]),
        total=Group(**told["total"]),
        beside=told["beside"],
    )
