"""The values of reports of errors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of thing is wrong."""

    DESCRIPTION = "description"
    """Title, author, year or another part of the description."""
    HOLDING = "holding"
    """A library does not have it, or its call number is another one."""
    LINK = "link"
    """An address leads nowhere, or elsewhere."""
    MIXED = "mixed"
    """Two publications are shown as one."""
    DOUBLE = "double"
    """The same publication is there a second time."""
    OTHER = "other"


class State(StrEnum):
    """How far a report is."""

    OPEN = "open"
    LOOKING = "looking"
    """Somebody looks into it."""
    MENDED = "mended"
    NO_ERROR = "no-error"

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing is to be done any more."""
        return self in (State.MENDED, State.NO_ERROR)


UNFINISHED = (State.OPEN, State.LOOKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a reader says."""

    kind: Kind
    text: str
    mail: str = ""
    """Where an answer is wanted; empty: nowhere."""
    language: str = "vi"
    """Of that answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A library that a ticket concerns."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A record as delivered of which the reported one is made today."""

    library: str
    source: str
    identifier: str
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was done about a ticket."""

    at: int
    """Epoch seconds."""
    person: str
    """Empty: the reader."""
    library: str
    """Code of the library on whose behalf; empty: staff of the hub, or the reader."""
    name: str
    """Of that library."""
    state: State
    """From then on."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A report, as it is listed."""

    id: int
    record: str
    """Public id of the record that it is about now: where that was merged away, of its heir."""
    title: str
    """Of the record, as it was when it was reported."""
    kind: Kind
    text: str
    state: State
    opened: int
    """Epoch seconds, as is ``changed``."""
    changed: int
    answerable: bool
    """Whether the reader left an address that is still kept."""
    language: str
    answer: str
    """What the reader is told at the end."""
    rev: int
    libraries: tuple[Owned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A ticket with what is to be known for it."""

    ticket: Ticket
    events: tuple[Event, ...]
    """The first one first."""
    parts: tuple[Part, ...]
    """By library, source and identifier; the first ``MOST_PARTS``."""


MOST_PARTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tickets are asked for."""

    state: State | None = None
    """None: those that are not finished, or all."""
    finished: bool = False
    """Without a state: those as well that are closed."""
    library: str = ""
    """Only those that concern this library."""
    before: int | None = None
    """Only those with a smaller number."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does something about a ticket, as that person saw it."""

    person: str
    library: str = ""
    """Code of the library on whose behalf; empty: staff of the hub."""
    seen: int | None = None
    """The revision that was seen; None where nobody looked at it before."""
