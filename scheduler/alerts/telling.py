"""Tells people what changed for as long as a worker runs: looks, then sends what waits."""

from __future__ import annotations

from datetime import datetime
from threading import Event

from scheduler.alerts.digests import queue_digests
from scheduler.alerts.looking import look_due, look_now, queue_look
from scheduler.alerts.model import Teller
from scheduler.alerts.sending import send_next
from scheduler.loop import repeat

REST_SECONDS = 2.0


def keep_telling(teller: Teller, stopping: Event, rest_seconds: float = REST_SECONDS) -> None:
    """Look and send until told to stop."""
    is_queued = False

    def turn() -> bool:
        nonlocal is_queued
        if not is_queued:
            queue_look(teller)
            is_queued = True
        look_due(teller)
        return send_next(teller)

    repeat(turn, stopping, rest_seconds)


def tell_now(teller: Teller) -> tuple[int, int]:
    """Look once, write the digests that are due, and send all that waits.

    Return how many changes there were and how many messages were tried. For hubs whose harvests
    are begun by hand or by cron, with no clock and worker that stay.
    """
    changes = look_now(teller) or 0
    queue_digests(teller.line.db, datetime.now(teller.line.zone))
    messages = 0
    while send_next(teller):
        messages += 1
    return changes, messages
