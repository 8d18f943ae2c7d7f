"""What a federated search asks and finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from catalogue.match import Features
from catalogue.search.model import FacetCount, FacetName
from crosswalks.errors import Error
from crosswalks.model import Record
from harvester.searching.model import Brought, Described
from protocols.rpn.tree import Query


class State(StrEnum):
    """How it stands with a server."""

    ASKING = "asking"
    ANSWERED = "answered"
    REFUSED = "refused"
    """It answered that it cannot do this."""
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    """Nothing, or not all, came within the time it was given."""
    BUSY = "busy"
    """It was not asked: others are asking it, or it is left alone at this hour."""
    FAILED = "failed"
    """What it said was no answer, or broke off."""


class Server(Protocol):
    """What is asked of a server: a part of ``harvester.searching.model.Target``."""

    def open(self) -> Described:
        """Begin a session; raise HarvestError."""

    def search(self, query: Query) -> int:
        """Return how many hits there are."""

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        """Return records of the result, at least one."""

    def use_format(self, name: str) -> None:
        """Ask for records in one of ``formats`` from now on."""

    @property
    def formats(self) -> tuple[str, ...]:
        """In which formats records can be asked for."""

    def close(self) -> None:
        """End the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTarget:
    """A server to be asked live."""

    name: str
    """The source's, or the address of a server that is none."""
    open: Callable[[], Server]
    """Makes what is asked; it waits no longer than the search's time limit."""
    crosswalk: str = ""
    """By which the source's records are mapped, where it is not their schema's own."""
    fields: str = ""
    """That its library shares (``catalogue.membership.fields``); empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long, and how much."""

    seconds: float = 5.0
    """That a server is given for all of its answer."""
    records: int = 50
    """That are fetched of a server, and shown of the union."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for, and how."""

    query: Query
    limits: Limits = Limits()
    view: str = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How it stands with one server."""

    target: str
    state: State = State.ASKING
    hits: int = 0
    """As it says."""
    came: int = 0
    unreadable: int = 0
    """Records that it did not give, or gave in a form that nobody reads here."""
    simpler: bool = False
    """Whether it was asked less than was wanted, since it knows no better."""
    seconds: float = 0.0
    why: Error | None = None


class Copy(NamedTuple):
    """A record of a server in a publication that was found."""

    target: str
    position: int
    """In the server's result, from 1."""
    identifier: str
    record: Record
    """In MARC 21."""
    features: Features
    """What matching makes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One publication that was found, wherever it is."""

    public_id: str
    """Of the union's record, where the union has it."""
    title: str
    author: str
    year: str
    copies: tuple[Copy, ...]
    is_hit: bool
    """Whether the union's own search found it too."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Return the servers that have it, each once."""
        return tuple(dict.fromkeys(each.target for each in self.copies))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that is known at a moment."""

    statuses: tuple[Status, ...]
    publications: tuple[Publication, ...]
    total: int
    """Hits in the union."""
    facets: tuple[tuple[FacetName, tuple[FacetCount, ...]], ...] = ()
    """Of the publications shown; only with the last sight."""
    is_last: bool = False
