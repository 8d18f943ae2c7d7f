"""What a harvest is asked for, what a reader must offer, and what a repository says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, Protocol

from crosswalks.errors import Error, Said
from crosswalks.model import Checkpoint, Page, Problem, RawRecord
from harvester.searching.model import SearchSettings
from protocols.oai import Granularity

MEBIBYTE = 1024 * 1024


class Wait(NamedTuple):
    """That a server is waited for before it is asked again."""

    seconds: float
    cause: Error | Said
    """What failed, or what the server asks for."""


def _nobody(_wait: Wait) -> None:
    """Hear of a wait, and do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How we sign in; sent to the source's own server only, and never shown."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    user: str = field(default="", repr=False)
    """For protocols without headers."""
    password: str = field(default="", repr=False)


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
    min_rate: int = 20
    """Bytes a second: an answer that comes more slowly for ``read_timeout`` seconds is given up."""
    requests_per_minute: int = 0
    """At most so many; 0 = one after the other without a pause."""
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Sent to the source's own server only."""
    auth: Auth | None = None
    ca_bundle: str = ""
    """Certificates (PEM) trusted besides the usual authorities."""
    proxy: str = ""
    """``http://host:port``; empty = straight on."""
    user_agent: str = f"LienThong/{version('lienthong')} (union catalogue harvester)"
    from_email: str = ""
    hear: Callable[[Wait], None] = field(default=_nobody, repr=False, compare=False)
    """Told of each wait before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete answer, whatever its status; ``url`` is the one that was asked for."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    lost: int = 0
    """How many answers to the same request broke off before; the server may count them as given."""
    reached: str = ""
    """Where redirects led to; empty where that is not known."""
    packed: bool = False
    """Whether the body came compressed, whatever was announced."""


class Mode(StrEnum):
    """How the records of a source are asked for."""

    BOTH = ""
    """In lists; one by one where a list is broken."""
    RECORDS = "records"
    """In lists only."""
    IDENTIFIERS = "identifiers"
    """One by one, by a list of their identifiers: for servers whose lists of records are broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """What we put up with in files; beyond it they are refused."""

    file_bytes: int = 4096 * MEBIBYTE
    """Largest file as it lies there or is fetched."""
    inflated_bytes: int = 16_384 * MEBIBYTE
    """All that the members of one archive may unpack to."""
    times: int = 200
    """Times its size that an archive may unpack to; beyond the first ``free_bytes``."""
    free_bytes: int = 64 * MEBIBYTE
    members: int = 10_000
    """Files in one archive."""
    record_bytes: int = 16 * MEBIBYTE
    """Longest record, and longest line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """How the files of a source are taken (``catalogue.options.Files``)."""

    delivers: str = ""
    """``whole``, ``newest``, ``changes``; empty = as what lies there suggests."""
    deletions: str = "*delete*,*deleted*,*xoa*"
    """Patterns of the names of delete lists."""
    identifier: str = ""
    """Where a record's identifier stands, places with commas between them; empty = as usual."""
    columns: str = ""
    """What the columns of tables mean."""
    format: str = ""
    """Name of the format, where it cannot be told from the bytes."""
    encoding: str = ""
    """The source's encoding, for tables whose bytes do not tell it."""
    inbox: Path | None = None
    """The folder where what was uploaded and approved lies."""
    limits: FileLimits = field(default_factory=FileLimits)


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
    overlap_hours: float = 24
    """Ask again for what changed so long before the last harvest; at least one granule."""
    days_a_window: int = 0
    """List so many days at a time; 0 = all at once."""
    mode: Mode = Mode.BOTH
    files: FileSettings = field(default_factory=FileSettings)
    """For sources of files only."""
    search: SearchSettings = field(default_factory=SearchSettings)
    """For sources that are searched only."""


class Header(NamedTuple):
    """A record's header (OAI-PMH 2.0 s2.5), its values as delivered but for outer white space."""

    identifier: str = ""
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    deleted: bool = False


class Listed(NamedTuple):
    """Some headers of a list of identifiers."""

    headers: tuple[Header, ...]
    problems: tuple[Problem, ...] = ()
    """What was wrong with this part of the list."""


class Reader(Protocol):
    """Reads a source by one protocol, page by page."""

    def pages(self, spec: SourceSpec, checkpoint: Checkpoint) -> Iterator[Page]:
        """Yield the pages after ``checkpoint`` ({} = from the beginning); raise HarvestError."""

    def identifiers(self, spec: SourceSpec) -> Iterator[Listed]:
        """Yield the headers of everything the source has, some more than once.

        The list was complete only if the iterator comes to its end; otherwise it raises
        HarvestError.
        """

    def record(self, spec: SourceSpec, identifier: str) -> RawRecord:
        """Return one record as the source has it now; raise HarvestError."""

    def one(self, spec: SourceSpec, identifier: str) -> Page:
        """Return a page that holds one record as ``record`` returns it, with the answer kept."""

    def again(self, raw: bytes, number: int, url: str) -> Page:
        """Return the records of a page that was kept, without the network.

        Its checkpoint is empty and it is never the last. Raises HarvestError where the bytes are
        no such page.
        """

    def identify(self, spec: SourceSpec) -> RepositoryInfo:
        """Return what the source says of itself; raise HarvestError."""


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
    now: str = ""
    """Its clock, as it writes it."""


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
