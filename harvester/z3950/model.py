"""How we behave towards Z39.50 servers, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from harvester.model import MEBIBYTE, Auth, HttpSettings
from protocols.z3950 import externals, oids
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.errors import PduError
from protocols.z3950.values.common import External, Option, SingleAsn1Type
from protocols.z3950.values.pdus import Pdu


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Who we are, where a server wants to know (idPass, Z39.50 s3.2.1.1.5)."""

    user: str
    password: str = field(default="", repr=False)
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How we behave towards a server, and what we put up with; times in seconds."""

    allow_networks: tuple[str, ...] = ()
    """Networks (CIDR) we may connect to although they are private or local."""
    connect_timeout: float = 30
    answer_timeout: float = 120
    """Longest time for one answer."""
    preferred: int = 4 * MEBIBYTE
    """The longest answer with several records that we ask for."""
    exceptional: int = 16 * MEBIBYTE
    """The longest record that we ask for."""
    most: int = 32 * MEBIBYTE
    """The longest message that is read: a longer one ends the session."""
    charset: str = ""
    """The character set that is proposed for terms; empty = none is: some servers fall over it."""
    encoding: str = "utf-8"
    """How terms are written where no character set is agreed on."""
    sign_in: SignIn | None = None
    ca_bundle: str = ""
    """Certificates (PEM) trusted besides the usual authorities."""

    @classmethod
    def of(cls, http: HttpSettings) -> Manners:
        """Return what the settings of a source, or of the hub, say; the rest as usual."""
        most = http.max_page_bytes
        made = cls(
            allow_networks=http.allow_networks,
            connect_timeout=http.connect_timeout,
            answer_timeout=http.read_timeout,
            ca_bundle=http.ca_bundle,
            sign_in=_sign_in(http.auth),
            most=min(most, 256 * MEBIBYTE),
        )
        return replace(
            made,
            exceptional=min(made.exceptional, made.most // 2),
            preferred=min(made.preferred, made.most // 2),
        )


def _sign_in(auth: Auth | None) -> SignIn | None:
    if auth is None or not auth.user:
        return None
    return SignIn(user=auth.user, password=auth.password)


class Traced(NamedTuple):
    """A message that went over the line."""

    sent: bool
    pdu: Pdu
    size: int
    seconds: float
    """Since the client began."""


Trace: TypeAlias = Callable[[Traced], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a server said when the session began (Z39.50 s3.2.1.1)."""

    version: int
    options: frozenset[int]
    preferred: int
    exceptional: int
    id: str = ""
    name: str = ""
    software: str = ""
    """The version of its implementation."""
    charset: str = ""
    """The character set agreed on for terms; empty = none."""

    def can(self, option: Option) -> bool:
        """Return whether it was agreed on."""
        return option in self.options


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """How records are wanted."""

    syntax: str = oids.USMARC
    """The object identifier of the record syntax, empty for whichever the server likes."""
    elements: str = "F"
    """The name of the element set, empty for none."""


class Piece(NamedTuple):
    """A record of a result, or the diagnostic in place of it."""

    position: int
    """In its result, from 1."""
    external: External | None
    said: Diagnosed | None = None
    database: str = ""

    @property
    def syntax(self) -> str:
        """The object identifier of the syntax it came in, which may be another than asked for."""
        if self.external is None:
            return ""
        return _bibliographic(self.external).direct_reference or ""

    @property
    def body(self) -> bytes:
        """The bytes of the record: of one with holdings, those of its bibliographic part."""
        if self.external is None:
            return b""
        inner = _bibliographic(self.external)
        try:
            return externals.payload(inner)
        except PduError:
            return inner.encoding.value if isinstance(inner.encoding, SingleAsn1Type) else b""


def _bibliographic(external: External) -> External:
    if external.direct_reference != oids.OPAC:
        return external
    try:
        return externals.read_opac(external).bibliographic_record or external
    except PduError:
        return external


class Found(NamedTuple):
    """What came of a search."""

    hits: int
    pieces: tuple[Piece, ...] = ()
    """The first records, where some were asked for at once."""
    partial: bool = False
    """Whether the server says that the result is not the whole one."""


class Answered(NamedTuple):
    """What came of one request for records."""

    pieces: tuple[Piece, ...]
    status: int
    """Of the response (Z39.50 s3.2.3.1.6): 0 success, 1 to 4 partial."""


class Entry(NamedTuple):
    """A term of a list."""

    term: str
    records: int | None
    """How many records have it, None where the server does not say."""
    display: str = ""
    said: Diagnosed | None = None


class Scanned(NamedTuple):
    """A part of a list of terms."""

    entries: tuple[Entry, ...]
    position: int
    """Where the term that was asked for stands, or would, from 1."""
    ended: bool
    """Whether the list ends with this part."""
