"""What looking and telling need beside the harvest line, and how the front door has a say in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from catalogue.alerts.model import Alert, Channel
from catalogue.tickets.model import Ticket
from harvester.mailing import MailSettings
from scheduler.alerts.rules import Rules
from scheduler.model import Line


class Letter(NamedTuple):
    """A message in somebody's language."""

    subject: str
    """One line."""
    text: str
    """Plain text, its lines ended by a line feed."""


class Wording(Protocol):
    """Says things in the language of a channel."""

    def alerts(self, alerts: Sequence[Alert], channel: Channel) -> Letter:
        """Return what tells of some alerts, the gravest first."""

    def digest(
        self, figures: Mapping[str, Any], alerts: Sequence[Alert], channel: Channel
    ) -> Letter:
        """Return a summary of the figures of ``scheduler.alerts.digests`` and of what was told."""

    def joining(self, details: Mapping[str, Any], channel: Channel) -> Letter:
        """Return what tells an applicant that something is awaited from it."""

    def answer(self, ticket: Ticket, language: str) -> Letter:
        """Return what tells a reader what became of a report."""

    def test(self, channel: Channel) -> Letter:
        """Return what tells that messages arrive."""

    def said(self, alert: Alert, language: str) -> str:
        """Return an alert in a sentence or two."""

    def address(self, alert: Alert) -> str:
        """Return where on the staff pages more is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What it takes to tell people."""

    line: Line
    wording: Wording
    rules: Rules = field(default_factory=Rules)
    mail: MailSettings | None = None
    """None where no mail server is known."""
    sender: str = ""
    """The address that mail comes from."""
    credentials: str = ""
    """The name of what the hub signs in to the mail server with."""
