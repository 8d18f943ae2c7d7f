"""What a harvest is asked for, what a reader must offer, and what a repository says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol

from crosswalks.model import Checkpoint, Page
from protocols.oai import Granularity

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How we behave towards servers, and what we put up with; times in seconds."""

    allow_networks: tuple[str, ...] = ()
    """Networks (CIDR) we may connect to although they are private or local."""
    connect_timeout: float = 30
    read_timeout: float = 120
    """Longest silence in the middle of an answer."""
    total_timeout: float = 900
    """Longest time for one answer, however steadily it drips."""
    max_page_bytes: int = 256 * MEBIBYTE
    """Largest answer, as sent and as inflated."""
    retries: int = 4
    first_wait: float = 1
    """Wait before the first retry; doubled each time."""
    longest_wait: float = 3600
    """Cap on what a server may ask for by Retry-After."""
    user_agent: str = f"LienThong/{version('lienthong')} (union catalogue harvester)"
    from_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """What to harvest."""

    url: str
    prefix: str = ""
    """OAI-PMH metadataPrefix; empty = the best that we can read."""
    sets: tuple[str, ...] = ()
    """Harvested one after the other; empty = everything."""
    start: str = ""
    """Go back to this date, where the checkpoint is later or there is none; never skips ahead."""
    until: str = ""


class Reader(Protocol):
    """Reads a source by one protocol, page by page."""

    def pages(self, spec: SourceSpec, checkpoint: Checkpoint) -> Iterator[Page]:
        """Yield the pages after ``checkpoint`` ({} = from the beginning); raise HarvestError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryInfo:
    """What a repository says of itself (OAI-PMH 2.0 s4.2); often wrong."""

    name: str
    base_url: str
    granularity: Granularity
    deleted_record: str
    """``no``, ``transient`` or ``persistent``."""
    earliest: str
    emails: tuple[str, ...] = ()
    compressions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataFormat:
    """A format a repository offers (OAI-PMH 2.0 s4.4)."""

    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSet:
    """A set of a repository (OAI-PMH 2.0 s4.6)."""

    spec: str
    name: str
