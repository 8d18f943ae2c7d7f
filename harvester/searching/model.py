"""What a harvest needs of a server that is searched, whatever protocol it speaks.

Queries are ``protocols.rpn`` trees with Bib-1 attributes. A Target keeps one result: that of its
last search. It raises ``errors.SearchRefused`` where the server answers with a diagnostic, and
another HarvestError where there is no answer; after one of these that is ``transient`` it can be
opened anew, and its result is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from protocols.rpn.tree import Attribute, Query, Term

Index: TypeAlias = tuple[Attribute, ...]
"""The attributes by which an index is searched."""


class Way(StrEnum):
    """How the records of a server are come by, in the order in which the ways are tried."""

    SCAN = "scan"
    """By the list of its control numbers, cut into windows."""
    DATES = "dates"
    """By the dates of change, in windows that are halved where there is too much in one."""
    NUMBERS = "numbers"
    """By ranges of control numbers, halved likewise."""
    LIST = "list"
    """By a list of control numbers that somebody gave."""
    QUERY = "query"
    """By one query, from its first hit to its last."""


class Brought(NamedTuple):
    """A record of the result, or why it does not come."""

    position: int
    """In the result, from 1."""
    body: bytes = b""
    format: str = ""
    """Name of the format in ``crosswalks.formats``; empty = the bytes tell."""
    refused: str = ""
    """What the server says in place of the record: ``14: System error in presenting records``."""
    identifier: str = ""
    """What the protocol calls the record, where it does; empty = the record says it itself."""


class Entry(NamedTuple):
    """A term of an index, and how many records have it (None where the server does not say)."""

    term: str
    records: int | None


class Terms(NamedTuple):
    """Terms of an index in its order."""

    entries: tuple[Entry, ...]
    ended: bool
    """Whether the index ends with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexes:
    """What a protocol calls the indexes that a harvest goes by; of each kind, the likeliest first.

    ``date_forms`` are patterns of ``strftime`` in which dates may be written.
    """

    everything: tuple[Query, ...]
    numbers: tuple[Index, ...]
    changed: tuple[Index, ...]
    """When records were changed last."""
    entered: tuple[Index, ...] = ()
    """When records were made: says nothing of those that changed."""
    date_forms: tuple[str, ...] = ("%Y%m%d", "%Y-%m-%d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a server says of itself."""

    name: str
    software: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What else there is to tell, under names for people and programs."""
    scans: bool = True
    """Whether it may be asked for terms of an index."""


class Target(Protocol):
    """A server that is searched; closed by whoever opened it."""

    @property
    def url(self) -> str:
        """Its address, for messages."""

    @property
    def indexes(self) -> Indexes:
        """What to go by."""

    def open(self) -> Described:
        """Begin a session, anew if there was one; raise HarvestError."""

    def search(self, query: Query) -> int:
        """Search, and return how many hits the server says there are."""

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        """Return records of the result from ``start`` (from 1) on: at least one, perhaps fewer."""

    def scan(self, term: Term, count: int) -> Terms:
        """Return terms of the index that a term's attributes name, from that term on."""

    def use_format(self, name: str) -> None:
        """Ask for records in one of ``formats`` from now on."""

    @property
    def formats(self) -> tuple[str, ...]:
        """In which formats records can be asked for, the one wanted most first; never empty."""

    def close(self) -> None:
        """End the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """How a source that is searched is harvested."""

    way: Way | None = None
    """The way to go; None = the first that leads to everything."""
    query: str = ""
    """In the query language of the protocol: only what it finds is the source."""
    numbers: tuple[str, ...] = ()
    """Control numbers that somebody gave."""
