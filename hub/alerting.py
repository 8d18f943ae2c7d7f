"""What this hub tells people with: its mail server, its words, and from when on it tells."""

from __future__ import annotations

from dataclasses import asdict

from catalogue.database import Database
from harvester.mailing import MailSettings
from hub.harvesting import line_of
from hub.instance import Hub
from scheduler.alerts.model import Teller
from scheduler.alerts.rules import Rules
from web.alerts.letters import Letters


def teller_of(hub: Hub, db: Database) -> Teller:
    """Return what it takes to tell people of this hub's sources."""
    line = line_of(hub, db)
    return Teller(
        line=line,
        wording=Letters(identity=line.identity, zone=line.zone),
        rules=Rules(**asdict(hub.settings.alerts)),
        mail=mail_settings(hub),
        sender=hub.settings.mail.sender or hub.settings.public.admin_email,
        credentials=hub.settings.mail.credentials,
    )


def mail_settings(hub: Hub) -> MailSettings | None:
    """Return how mail goes out, or None where no mail server is named."""
    mail = hub.settings.mail
    if not mail.host:
        return None
    return MailSettings(
        host=mail.host,
        port=mail.port,
        tls=mail.tls,
        ca_bundle=mail.ca_bundle,
        timeout=mail.timeout,
        name=hub.settings.public.domain,
    )
