"""The values the catalogue gives to other rooms: no ORM object ever leaves this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from catalogue.manifestation import Manifestation
from catalogue.membership.model import Membership
from catalogue.observed import Decided, Stage, Standing
from catalogue.options import Connection, Files, Guards, Listing, Search
from crosswalks.model import Checkpoint, Record


class Sharing(StrEnum):
    """With whom a library shares what it delivers; each level includes those before it."""

    HUB = "hub"
    MEMBERS = "members"
    PUBLIC = "public"
    INTERNATIONAL = "international"


class RunStatus(StrEnum):
    """How a harvest stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    """The source's list was complete to its last page."""
    INCOMPLETE = "incomplete"
    """Something arrived, the list was not completed; the checkpoint stays."""
    FAILED = "failed"
    WAITING = "waiting"
    """A person has to decide."""
    CANCELLED = "cancelled"
    LIMITED = "limited"
    """Stopped by --limit; the checkpoint was not moved."""


class RecordState(StrEnum):
    """How a stored record stands."""

    ACTIVE = "active"
    DELETED = "deleted"
    QUARANTINED = "quarantined"
    """It could not be read and there is no earlier version."""
    SUPPRESSED = "suppressed"
    """Its library keeps it from readers: it is kept, and in no cluster."""
    WAITING = "waiting"
    """It waits for its source to take over from another: it is kept, and in no cluster yet."""

    @property
    def is_kept(self) -> bool:
        """Tell whether its last readable version is what the source has now."""
        return self in (RecordState.ACTIVE, RecordState.SUPPRESSED, RecordState.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A member library."""

    code: str
    name: str = ""
    kind: str = ""
    region: str = ""
    sharing: Sharing = Sharing.PUBLIC
    aliases: tuple[str, ...] = ()
    valid_from: str = ""
    """ISO date, or empty."""
    valid_to: str = ""
    successor: str = ""
    """Code of the library that took over."""
    standing: Membership = Membership.MEMBER
    """Changed by ``catalogue.membership`` only."""
    fields: str = ""
    """Fields it shares beyond the hub's staff (``catalogue.membership.fields``); empty = all."""
    licence: str = ""
    """Code of the licence of its records; empty = none was stated."""
    rights: str = ""
    """Its rights statement, in its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configured endpoint of a library: what is needed to harvest it again."""

    name: str
    library: str
    protocol: str
    url: str
    prefix: str = ""
    sets: tuple[str, ...] = ()
    crosswalk: str = ""
    encoding: str = ""
    weight: int = 0
    """Higher is preferred as the base of master records."""
    schedule: str = ""
    """When to harvest, in the words of ``scheduler.schedule``; empty = by hand."""
    suppress: tuple[str, ...] = ()
    """Conditions of the crosswalk language that mark suppressed records; empty = the usual ones."""
    paused: bool = False
    """Left alone by clock and workers; harvested by hand only."""
    succeeds: str = ""
    """Name of the source that it takes over from, of the same library; empty = from none."""
    connection: Connection = field(default_factory=Connection)
    listing: Listing = field(default_factory=Listing)
    guards: Guards = field(default_factory=Guards)
    files: Files = field(default_factory=Files)
    search: Search = field(default_factory=Search)
    decided: Decided | None = field(default=None, compare=False)
    """No setting: what its records showed, kept beside them; only for ``encoding`` auto."""
    standing: Standing | None = field(default=None, compare=False)
    """No setting: how it stands to others, where one takes over from the other."""
    stage: Stage = field(default=Stage.LIVE, compare=False)
    """No setting: changed by ``catalogue.membership`` only."""
    membership: Membership = field(default=Membership.MEMBER, compare=False)
    """No setting: how its library stands."""

    @property
    def rests(self) -> bool:
        """Tell whether clock and workers leave it alone: it is paused, or its library is not here.

        Its library is suspended or has left.
        """
        return self.paused or self.membership in (Membership.SUSPENDED, Membership.WITHDRAWN)

    @property
    def waits(self) -> bool:
        """Tell whether its new records wait until it takes over from another source."""
        return self.standing is not None and self.standing.waits

    @property
    def successor(self) -> str:
        """Return the name of the source that took over from it, or an empty string."""
        return self.standing.successor if self.standing else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the records of a run.

    Delivered is the sum of the five after it and of what is held; of a record found absent the
    deletion is held as well, beside that sum.
    """

    delivered: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    held: int = 0
    absent: int = 0
    pages: int = 0

    def plus(self, other: Counts) -> Counts:
        """Return the sum, name by name."""
        names = self.__slots__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to write for a job, until another takes it: every write checks ``token``."""

    job_id: int
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHandle:
    """An open run: what put_page needs to know; ``hub`` is the hub's own code."""

    run_id: int
    source_id: int
    source: Source
    generation: int
    """Of the source's settings: with others the run may not go on."""
    lease: Lease
    checkpoint: Checkpoint
    versions: frozenset[str] = frozenset({""})
    """Of the crosswalks, and whatever else decides how this source's records are mapped now."""
    edition: int | None = None
    """How often crosswalks had been published when these were read; None: it does not matter."""
    moves_checkpoint: bool = True
    """False for a limited run: the next one starts where this one did."""
    list_run: int = 0
    """The run that began the complete list under way, this one perhaps; 0 where none is."""
    began: int = 0
    """The run that began the list under way, complete or not; 0 where this one does."""
    list_done: bool = False
    """Whether that list came whole before this run, and what it lacks is still to be looked for."""
    accepts: bool = False
    """Whether a person said to go on although many records cannot be mapped."""
    replays: int | None = None
    """The run whose pages it reads again."""
    hub: str = "LIENTHONG"

    @property
    def told_by(self) -> int:
        """The run that its records are told by: what is read again is no news."""
        return self.replays or self.run_id


class Asked(NamedTuple):
    """What a run was asked for besides the usual, kept for those who look back."""

    options: Mapping[str, Any] = {}
    """As ``lienthong harvest`` calls them; JSON values only."""
    replays: int | None = None
    """The run whose pages are read again."""


class Mapped(NamedTuple):
    """A record in MARC 21, and by which version of which crosswalk."""

    record: Record
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What put_page did with one page."""

    counts: Counts
    dirty: int
    """How many records now wait to be placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One harvest, as history."""

    id: int
    source: str
    status: RunStatus
    started: str
    """UTC, ISO 8601."""
    finished: str
    counts: Counts
    seconds: float
    message: str
    """In English; in other words by ``code`` and ``details``."""
    code: str = ""
    """Which kind of error the message is of; empty where there is none."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the message names."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What it was asked for besides the usual."""
    replays: int | None = None
    """The run whose pages it read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """One record of a source as the catalogue keeps it."""

    id: int
    source: str
    library: str
    identifier: str
    datestamp: str
    state: RecordState
    format: str
    raw: bytes
    record: Record | None
    """The pivot (MARC 21), or None where it could not be read."""
    cluster: str
    """Public id, or empty while it is not placed."""
    problems: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """That a library has it, under which number of its own; ``summary``: which volumes or years."""

    library: str
    source: str
    identifier: str
    local_number: str = ""
    call_number: str = ""
    location: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Why two records are one: an edge of the cluster."""

    a: str
    """``source/identifier``."""
    b: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A manifestation as staff see it."""

    public_id: str
    state: str
    """``live`` or ``gone``."""
    successor: str
    members: tuple[StoredRecord, ...]
    links: tuple[Link, ...]
    master: Record | None
    provenance: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Field position in the master -> the ``source/identifier`` it came from."""
    holdings: tuple[Holding, ...] = ()
    work: tuple[Manifestation, ...] = ()
    """The other manifestations of its work that the public sees; the first ones of very many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A cluster as one view gives it out: OAI-PMH's item, with one form of it."""

    key: int
    """The second half of the list position (stamp, key)."""
    public_id: str
    stamp: int
    """Epoch seconds: the datestamp."""
    deleted: bool
    sets: tuple[str, ...]
    body: bytes
    """The form asked for, a complete XML element; empty when deleted."""
    about: bytes = b""
    """Its <about> containers, one after the other; empty where nothing is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items of a view a list wants: keyset, never offsets."""

    prefix: str
    """The stored form: ``marc21``, or the prefix of one of ``catalogue.forms.KINDS``."""
    only: str = ""
    """The set outside of which there is no such form; what leaves it is deleted in the list."""
    start: int | None = None
    """Inclusive, epoch seconds."""
    end: int
    """Inclusive, epoch seconds, at most the snapshot's horizon."""
    set_spec: str = ""
    after: tuple[int, int] | None = None
    """(stamp, key) of the last item already given."""
    limit: int = 100
    bodies: bool = True
    """False for headers only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInfo:
    """A set as ListSets gives it."""

    spec: str
    name: str
    about: tuple[str, ...] = ()
    """What it holds, in paragraphs for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubIdentity:
    """How this hub names itself in what it gives out."""

    code: str = "LIENTHONG"
    """MARC 003 and 040 $d."""
    name: str = "Liên Thông"
    cataloguing_language: str = "vie"
    """In which language descriptions are wanted (MARC 21 040 $b, ISO 639-2)."""
    domain: str = "lienthong.localhost"
    """The namespace part of OAI identifiers."""
    base_url: str = "http://127.0.0.1:8080"
    admin_email: str = "admin@lienthong.localhost"
    rights: str = ""
    """The address of what may be done with the records given out; empty: nothing is said."""
    icon: str = ""
    """The address of a picture for the collection, for those who show where records are from."""
    icon_link: str = ""
    """Where a click on it leads."""
    friends: bool = False
    """Whether to name the members' own repositories."""
