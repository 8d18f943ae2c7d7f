"""What goes into a master record and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from catalogue.model import Holding
from crosswalks.model import Record

Name: TypeAlias = tuple[str, str]
"""Source name and identifier."""

PLACEHOLDER_ID = "000000000"
"""001 of a master before its cluster's id is known; no cluster has this one."""

PLACEHOLDER_STAMP = "00000000000000.0"
"""005 of a master before the change is stamped, as wide as a real one (MARC 21 005)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A record of a cluster, with what its source and library add to it."""

    name: Name
    library: str
    """Code of the library that holds it."""
    source: str
    weight: int
    """The source's: higher is preferred as the base."""
    record: Record
    """The pivot: MARC 21, NFC."""
    local_number: str
    """The library's own number of it, without prefix."""
    datestamp: str = ""
    held: Record | None = None
    """What came back from the hub in its stead: of it the holdings count, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a library says in a list that it holds of a cluster: a holding without a record."""

    library: str
    """Code."""
    list: str
    identity: str
    """Of the row within its list."""
    local_number: str = ""
    call_number: str = ""
    location: str = ""
    copies: int = 0
    """0 = not said."""
    summary: str = ""
    """Which volumes or years, in words."""

    @property
    def name(self) -> Name:
        """Return what stands for source and identifier, in the form of no source's name."""
        return (f"holdings:{self.library}:{self.list}", self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """The merged record of a cluster, where each of its fields comes from, and who has it."""

    record: Record
    provenance: tuple[tuple[str, ...], ...]
    """For each field of the record the members (``source/identifier``) that have it, the one it
    was taken from first; empty for what the hub says itself."""
    holdings: tuple[Holding, ...]


def origin(member: Member | Listed) -> str:
    """Return a member's or row's name as provenance shows it: ``source/identifier``."""
    return "/".join(member.name)
