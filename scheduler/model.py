"""What a harvest needs, what it tells while it runs, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Self

from catalogue.database import Database
from catalogue.model import Asked, Counts, HubIdentity, Lease, RunStatus, Source
from catalogue.raw import RawStore
from crosswalks.errors import Error
from crosswalks.model import Page
from harvester.model import HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the rooms are strung together with."""

    db: Database
    raw_store: RawStore
    identity: HubIdentity
    http: HttpSettings
    key: bytes = field(default=b"", repr=False)
    """Opens stored credentials."""
    zone: tzinfo = UTC
    """In which the hours of schedules are meant."""


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
    limit: int | None = None
    """Stop after this many records, leaving the checkpoint where it was."""
    dry_run: bool = False
    """Fetch and map, store nothing."""
    lease: Lease | None = None
    """The queued job that this harvest is; without one it starts its own."""
    settle: bool = True
    """Go on until all that waits is placed; a worker has other things to do as well."""


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
