"""What is told, to whom, and how a source stood when it was last looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from catalogue.watch import Watched
from crosswalks.model import Severity

LEVELS = (Severity.INFO, Severity.WARNING, Severity.ERROR)
"""The least first."""
MESSAGE = "message"
"""The kind of job that sends a message; its key is ``message:<number>``."""


class Kind(StrEnum):
    """What became otherwise."""

    FAILED = "failed"
    """A harvest did not get to its end, where the one before had."""
    RECOVERED = "recovered"
    """A harvest succeeded again."""
    SILENT = "silent"
    """No harvest has succeeded for too long."""
    SHRINKING = "shrinking"
    """The complete list holds fewer records than it did."""
    PROBLEMS = "problems"
    """Records have kinds of problems that none of the source had before."""
    WAITING = "waiting"
    """A guard stopped a run, which waits for a person."""
    CERTIFICATE = "certificate"
    """The certificate of the server is about to end."""
    UNDELIVERED = "undelivered"
    """A message could not be delivered for days and was given up."""
    JOINING = "joining"
    """An application to join waits for longer than it should."""
    TICKET = "ticket"
    """A reader reported an error in a record."""


class ChannelKind(StrEnum):
    """By what somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Rhythm(StrEnum):
    """How often somebody is sent a summary."""

    NEVER = ""
    DAILY = "daily"
    WEEKLY = "weekly"


class MessageKind(StrEnum):
    """What a message of the outbox is."""

    ALERTS = "alerts"
    DIGEST = "digest"
    JOINING = "joining"
    """Tells an applicant that something is awaited from it."""
    ANSWER = "answer"
    """Tells a reader what became of a report; the address stands with the ticket."""


class State(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    """Given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be told of a source, before it is kept."""

    kind: Kind
    severity: Severity
    run: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """What its sentence names; JSON."""


class Noted(NamedTuple):
    """A change that was just kept as an alert."""

    alert: int
    """Its key."""
    source: int | None
    """The key of its source, if it is of one."""
    kind: Kind
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that became otherwise, as it is listed."""

    id: int
    at: int
    """Epoch seconds."""
    kind: Kind
    severity: Severity
    source: str
    """Empty where it is of none."""
    library: str
    """The library's name, or its code where it has none."""
    run: int | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How a source stood when it was last looked at."""

    since: int
    """When that was first, in epoch seconds."""
    seen_run: int = 0
    """The newest run that was judged."""
    failing: bool = False
    silent: bool = False
    waiting: bool = False
    listed: int | None = None
    """How many records of a complete list the next is measured by."""
    expires: int = 0
    """End of the certificate that was told of, in epoch seconds."""
    probed: int = 0
    """When its certificate was last looked at, in epoch seconds."""


class Found(NamedTuple):
    """How many of a source's records have a kind of problem, and how grave it is."""

    code: str
    severity: Severity
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A source as it is found now, and as it stood before."""

    id: int
    library_id: int
    watched: Watched
    before: Stand | None
    """None where it was never looked at."""
    listed: tuple[int, bool] | None = None
    """How many records the newest complete list since then held, and whether a person approved."""
    problems: tuple[Found, ...] = ()
    """The kinds of problems of the runs since then that no record had before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Somebody who is told."""

    id: int = 0
    """0 until it is stored."""
    name: str
    kind: ChannelKind
    target: str
    """A mail address or the URL of a webhook."""
    language: str = "vi"
    severity: Severity | None = Severity.WARNING
    """From here on; None: no alerts."""
    kinds: tuple[Kind, ...] = ()
    """Of alerts only these; none: all."""
    sources: tuple[str, ...] = ()
    """Told of these alone; none: of all."""
    library: str = ""
    """Code of the library whose sources it is told of, and whose own summary it gets."""
    digest: Rhythm = Rhythm.NEVER
    salt: str = field(default="", repr=False)
    created: int = 0
    """Epoch seconds."""

    def wants(self, kind: Kind, severity: Severity) -> bool:
        """Tell whether alerts of a kind and severity are for it."""
        if self.severity is None or (self.kinds and kind not in self.kinds):
            return False
        return LEVELS.index(severity) >= LEVELS.index(self.severity)


class Post(NamedTuple):
    """How a channel's messages fare."""

    queued: int
    failed: int
    """Given up."""
    last_sent: int
    """Epoch seconds; 0: none ever was."""
    message: str
    """Why the newest that is not sent could not be, in English; empty where nothing failed."""
    code: str
    details: Mapping[str, Any]


class Draft(NamedTuple):
    """A message before it is written."""

    kind: MessageKind
    payload: Mapping[str, Any]
    period: str | None = None
    """Of a digest: no second one is written for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the outbox."""

    id: int
    channel: Channel
    kind: MessageKind
    token: str
    """Names it to the receiver, the same at each try."""
    payload: Mapping[str, Any]
    state: State
    created: int
    attempts: int
