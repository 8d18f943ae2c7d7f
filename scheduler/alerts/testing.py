"""Messages sent at once, because somebody asked for them: a test, or a digest before it is due."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalogue.alerts import store
from catalogue.alerts.model import Alert, Channel, ChannelKind
from catalogue.clock import wall_clock
from scheduler.alerts.digests import figures_now
from scheduler.alerts.model import Letter, Teller
from scheduler.alerts.sending import call, heading, mail


def send_test(teller: Teller, channel: Channel) -> None:
    """Send a message that says nothing but that messages arrive. Raises why it does not."""
    _send(teller, channel, "test", teller.wording.test(channel), {})


def digest_letter(teller: Teller, channel: Channel) -> Letter:
    """Return what a channel's digest says now."""
    figures, alerts = _digest(teller, channel)
    return teller.wording.digest(figures, alerts, channel)


def send_digest(teller: Teller, channel: Channel) -> None:
    """Send a channel's digest now; the next that is due is sent all the same. Raises as above."""
    figures, alerts = _digest(teller, channel)
    letter = teller.wording.digest(figures, alerts, channel)
    _send(teller, channel, "digest", letter, {"digest": figures})


def _digest(teller: Teller, channel: Channel) -> tuple[Mapping[str, Any], list[Alert]]:
    figures = figures_now(teller.line.db, channel, datetime.now(teller.line.zone))
    return figures, store.of(teller.line.db, figures["alerts"])


def _send(
    teller: Teller, channel: Channel, kind: str, letter: Letter, more: Mapping[str, Any]
) -> None:
    token, now = secrets.token_hex(16), wall_clock()
    if channel.kind is ChannelKind.MAIL:
        mail(teller, channel, letter, token, now)
        return
    words = {"subject": letter.subject, "text": letter.text}
    call(teller, channel, {**heading(teller, kind, token, now), **words, **more})
