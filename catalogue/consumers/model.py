"""A service that takes the catalogue, and what it took."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from catalogue.model import Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A service with a key of its own."""

    id: int = 0
    """0 until it is stored, and for all who name no key."""
    name: str
    title: str = ""
    view: Sharing = Sharing.PUBLIC
    """Whose eyes it sees the catalogue with."""
    sets: tuple[str, ...] = ()
    """The setSpecs it may harvest, with all below them; none: everything."""
    prefixes: tuple[str, ...] = ()
    """The formats it may harvest; none: all."""
    per_minute: int = 0
    """Requests a minute; 0: as many as anybody."""
    library: str = ""
    """Code of the member that it works for: what it takes was supplied to that one."""
    created: int = 0
    """In epoch seconds."""

    @property
    def fingerprint(self) -> str:
        """Return what tells these settings of the consumer from any others."""
        lists = (" ".join(self.sets), " ".join(self.prefixes))
        told = (self.name, self.title, self.view.value, *lists, str(self.per_minute), self.library)
        return sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:16]


EVERYBODY = Consumer(name="")
"""Those who name no key."""


class Taken(NamedTuple):
    """A page of a list of OAI-PMH that somebody was given."""

    verb: str
    prefix: str
    set_spec: str
    start: int
    """``from`` in epoch seconds, 0 for none."""
    horizon: int
    """The list's responseDate, in epoch seconds."""
    reached: int
    """How many records of the list were given with this page and those before it."""
    size: int
    """How many records the whole list has."""


class Served(NamedTuple):
    """One answer: to whom, when and what."""

    consumer: int
    at: int
    door: str
    records: int
    octets: int
    page: Taken | None = None


class Day(NamedTuple):
    """What a consumer took on a day through a door."""

    consumer: str
    day: str
    door: str
    requests: int
    records: int
    octets: int


class Sums(NamedTuple):
    """What was taken, added up."""

    requests: int = 0
    records: int = 0
    octets: int = 0


class Harvest(NamedTuple):
    """A list that a consumer harvested, or began to."""

    consumer: str
    page: Taken
    latest: int

    @property
    def is_complete(self) -> bool:
        """Tell whether it was given the last page."""
        return self.page.reached >= self.page.size
