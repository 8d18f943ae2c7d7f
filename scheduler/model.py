"""What a harvest needs, what it tells while it runs, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, Self

from catalogue.database import Database
from catalogue.model import Asked, Counts, HubIdentity, Lease, RunStatus, Source
from catalogue.raw import RawStore
from catalogue.retention import Retention
from crosswalks.errors import Error
from crosswalks.model import Page
from harvester.model import FileLimits, HttpSettings
from scheduler.dumper import Dumper
from scheduler.joining.rules import Rules
from scheduler.timetable import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the rooms are strung together with."""

    db: Database
    raw_store: RawStore
    identity: HubIdentity
    http: HttpSettings
    key: bytes = field(default=b"", repr=False)
    """Opens stored credentials."""
    timetable: Timetable = field(default_factory=Timetable)
    """How schedules are meant."""
    retention: Retention = field(default_factory=Retention)
    """For how long pages are kept."""
    incoming: Path | None = None
    """The folder with an inbox for each source; None where nothing is uploaded."""
    file_limits: FileLimits = field(default_factory=FileLimits)
    """What files may be, at most."""
    joining: Rules = field(default_factory=Rules)
    """How libraries are taken in."""
    dumper: Dumper | None = None
    """Makes dumps; None where none are made."""

    @property
    def zone(self) -> tzinfo:
        """In which the hours of schedules are meant."""
        return self.timetable.zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Pages that come from elsewhere than a source's list, as a harvest takes them."""

    pages: Callable[[Source], Iterator[Page]]
    """Gives them; may raise HarvestError or CatalogueError as the network would."""
    told: Mapping[str, Any]
    """What the history of runs says of them."""
    replays: int | None = None
    """The run that they came in first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestOptions:
    """How one harvest differs from the usual."""

    start: str = ""
    """Go back to this date."""
    until: str = ""
    """Nothing after this date; the checkpoint stays where it was."""
    sets: tuple[str, ...] = ()
    """These sets instead of the source's own; the checkpoint stays where it was."""
    full: bool = False
    """Everything from the beginning, whatever the checkpoint says; it moves as always."""
    reconcile: bool = False
    """Compare with the complete list afterwards; what it lacks is deleted, if the guards agree."""
    limit: int | None = None
    """Stop after this many records, leaving the checkpoint where it was."""
    pages: Kept | None = None
    """Pages that are there already, instead of the server's."""
    dry_run: bool = False
    """Fetch and map, store nothing."""
    lease: Lease | None = None
    """The queued job that this harvest is; without one it starts its own."""
    settle: bool = True
    """Go on until all that waits is placed; a worker has other things to do as well."""

    place_later: bool = False
    """Place nothing of what comes, nor anything else that waits."""

    @property
    def is_part(self) -> bool:
        """Tell whether only a part of the source is asked for: its list says nothing of the rest.

        Such a run leaves the checkpoint alone, and is no measure of how large the source is.
        """
        return bool(self.until or self.sets or self.limit is not None or self.pages)

    @property
    def anew(self) -> bool:
        """Tell whether it begins at the beginning, whatever the checkpoint says."""
        return self.full or bool(self.until or self.sets or self.pages)

    def rest(self, pages: int) -> HarvestOptions:
        """Return the options to go on by with a harvest that broke off after so many pages.

        A list begun anew is gone on with; to begin it again would never come to its end.
        """
        return replace(self, full=self.full and not pages)

    def asked(self) -> Asked:
        """Return what the history of runs keeps of this."""
        told: dict[str, Any] = {
            "from": self.start,
            "until": self.until,
            "sets": list(self.sets),
            "full": self.full,
            "reconcile": self.reconcile,
            "limit": self.limit,
            **(self.pages.told if self.pages else {}),
        }
        replays = self.pages.replays if self.pages else None
        return Asked({name: value for name, value in told.items() if value}, replays)

    @classmethod
    def again(cls, told: Mapping[str, Any]) -> Self:
        """Return the options that the history tells of."""
        return cls(
            start=told.get("from", ""),
            until=told.get("until", ""),
            sets=tuple(told.get("sets", ())),
            full=told.get("full", False),
            reconcile=told.get("reconcile", False),
            limit=told.get("limit"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a harvest is."""

    source: str
    stage: str
    """``harvest`` or ``place``."""
    records: int
    pages: int
    problems: int
    total: int | None
    """How many records the source said it has, or how many wait to be placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestOutcome:
    """What came of a harvest."""

    run: int | None
    """None where nothing was stored."""
    source: str
    status: RunStatus
    counts: Counts
    seconds: float
    message: str = ""
    error: Error | None = None
    """Why it ended early, for those who show it in another language than English."""
