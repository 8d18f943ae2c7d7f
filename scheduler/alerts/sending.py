"""Sends what waits in the outbox, a message at a time; what fails is tried again, ever later.

A message is the receiver's once its server has said so, and is noted as sent right after. A process
that dies between the two has another send it again, under the same Message-ID or delivery number,
by which receivers know it: nothing is lost, and nothing counts twice.
"""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from catalogue import credentials, queue
from catalogue.alerts import outbox, store
from catalogue.alerts.model import MESSAGE, Alert, Channel, ChannelKind, Message, MessageKind
from catalogue.clock import told, wall_clock
from catalogue.credentials import Kind
from catalogue.errors import LeaseLost
from catalogue.model import Lease
from catalogue.tickets import looking, working
from crosswalks.errors import Error
from harvester.errors import RecipientRefused, WebhookGone
from harvester.mailing import MailSettings, send
from harvester.posting import post
from scheduler.alerts.model import Letter, Teller
from scheduler.errors import MailNotSet, MailWithoutPassword, UnexpectedFailure
from scheduler.heartbeat import heartbeat

FIRST_WAIT = 60
LONGEST_WAIT = 6 * 3600
GIVEN_UP_SECONDS = 5 * 24 * 3600
"""As mail servers do themselves (RFC 5321 s4.5.4.1)."""
_FOR_GOOD = (RecipientRefused, WebhookGone)

_log = logging.getLogger(__name__)


def send_next(teller: Teller) -> bool:
    """Send the next message that is due; tell whether there was one."""
    database = teller.line.db
    key = queue.next_due(database, MESSAGE)
    lease = queue.claim(database, MESSAGE, key, anew=False) if key else None
    if key is None or lease is None:
        return False
    message = outbox.of_job(database, key)
    if message is None:
        database.writing(lambda connection: queue.finish(connection, lease))
        return True
    with heartbeat(database, lease):
        _try(teller, lease, message)
    return True


def deliver(teller: Teller, message: Message) -> None:
    """Send a message now. Raises what keeps it from being sent."""
    if message.kind is MessageKind.ANSWER:
        return _answer_reader(teller, message)
    channel = message.channel
    alerts = store.of(teller.line.db, message.payload.get("alerts", []))
    letter = _letter(teller, message, alerts)
    if channel.kind is ChannelKind.MAIL:
        mail(teller, channel, letter, message.token, message.created)
    else:
        call(teller, channel, _told(teller, message, alerts, letter))
    return None


def _answer_reader(teller: Teller, message: Message) -> None:
    """Tell a reader what became of a report; nothing where that has no end or no address now."""
    number = message.payload["ticket"]
    ticket = looking.get(teller.line.db, number).ticket
    address = working.address_of(teller.line.db, number)
    if address and ticket.state.is_closed:
        channel = replace(message.channel, target=address, language=ticket.language)
        letter = teller.wording.answer(ticket, ticket.language)
        mail(teller, channel, letter, message.token, message.created)


def mail(teller: Teller, channel: Channel, letter: Letter, token: str, created: int) -> None:
    """Send a letter by mail. Raises MailNotSet, and what ``harvester.mailing.send`` raises."""
    if teller.mail is None:
        raise MailNotSet
    identity = teller.line.identity
    made = EmailMessage()
    made["From"] = Address(identity.name, addr_spec=teller.sender or identity.admin_email)
    made["To"] = channel.target
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(datetime.fromtimestamp(created, teller.line.zone))
    made["Message-ID"] = f"<{token}@{identity.domain}>"
    # No answer by a machine is wanted (RFC 3834 s5).
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = channel.language
    send(_signed_in(teller, teller.mail), made)


def call(teller: Teller, channel: Channel, body: Mapping[str, Any]) -> None:
    """Post a value to a webhook, signed. Raises what ``harvester.posting.post`` raises."""
    octets = json.dumps(body, ensure_ascii=False).encode()
    moment = str(int(time.time()))
    signed = hmac.digest(
        signing_key(teller.line.key, channel).encode(), f"{moment}.".encode() + octets, "sha256"
    )
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Lienthong-Delivery": str(body["id"]),
        "X-Lienthong-Timestamp": moment,
        "X-Lienthong-Signature": f"sha256={signed.hex()}",
    }
    post(teller.line.http, channel.target, octets, headers)


def signing_key(key: bytes, channel: Channel) -> str:
    """Return what a channel's messages are signed with: made of the hub's key, kept nowhere."""
    return hmac.digest(key, f"webhook:{channel.salt}".encode(), "sha256").hex()


def wait_after(attempts: int) -> int:
    """Return how many seconds to wait after so many tries that failed."""
    return int(min(FIRST_WAIT * 2 ** min(attempts, 20), LONGEST_WAIT))


def _try(teller: Teller, lease: Lease, message: Message) -> None:
    database = teller.line.db
    try:
        deliver(teller, message)
    except Error as error:
        _failed(teller, lease, message, error)
    except Exception as error:  # noqa: BLE001 - the edge: one message must stop no other
        _log.exception("A message could not be made.")
        reason = f"{type(error).__name__}: {error}"
        _failed(teller, lease, message, UnexpectedFailure(reason=reason))
    else:
        outbox.sent(database, lease, message)


def _failed(teller: Teller, lease: Lease, message: Message, error: Error) -> None:
    _log.warning("%s: %s", message.channel.name, error)
    database, now = teller.line.db, wall_clock()
    try:
        if isinstance(error, _FOR_GOOD) or now - message.created > GIVEN_UP_SECONDS:
            outbox.give_up(database, lease, message, error)
        else:
            outbox.put_off(database, lease, message, error, now + wait_after(message.attempts))
    except LeaseLost:
        _log.warning("Another process has message %d in hand.", message.id)


def _letter(teller: Teller, message: Message, alerts: list[Alert]) -> Letter:
    if message.kind is MessageKind.DIGEST:
        return teller.wording.digest(message.payload, alerts, message.channel)
    if message.kind is MessageKind.JOINING:
        return teller.wording.joining(message.payload, message.channel)
    return teller.wording.alerts(alerts, message.channel)


def _told(
    teller: Teller, message: Message, alerts: list[Alert], letter: Letter
) -> Mapping[str, Any]:
    """Return what a webhook is told: for programs, and in words for those who show them."""
    head = heading(teller, message.kind.value, message.token, message.created)
    words = {"subject": letter.subject, "text": letter.text}
    if message.kind is MessageKind.DIGEST:
        return {**head, **words, "digest": dict(message.payload)}
    language = message.channel.language
    return {**head, **words, "alerts": [_plain(teller, each, language) for each in alerts]}


def heading(teller: Teller, kind: str, token: str, created: int) -> dict[str, Any]:
    """Return what all that is posted begins with."""
    identity = teller.line.identity
    hub = {"name": identity.name, "url": identity.base_url}
    return {"id": token, "kind": kind, "created": told(created), "hub": hub}


def _plain(teller: Teller, alert: Alert, language: str) -> dict[str, Any]:
    return {
        "id": alert.id,
        "at": told(alert.at),
        "kind": alert.kind.value,
        "severity": alert.severity.value,
        "source": alert.source,
        "library": alert.library,
        "run": alert.run,
        "text": teller.wording.said(alert, language),
        "url": teller.wording.address(alert),
        "details": dict(alert.details),
    }


def _signed_in(teller: Teller, settings: MailSettings) -> MailSettings:
    if not teller.credentials:
        return settings
    found = credentials.get(teller.line.db, teller.line.key, teller.credentials)
    if found.kind is not Kind.BASIC:
        raise MailWithoutPassword(name=teller.credentials)
    return replace(settings, user=found.user, password=found.secret)
