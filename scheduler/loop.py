"""The edge of everything that runs by itself: it looks again and again, and outlives failures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from catalogue.errors import DatabaseUnreachable

_log = logging.getLogger(__name__)


def repeat(turn: Callable[[], bool], stopping: Event, rest_seconds: float) -> None:
    """Take turns until told to stop, resting after each that found nothing to do or failed."""
    while not stopping.is_set():
        if not _taken(turn):
            stopping.wait(rest_seconds)


def _taken(turn: Callable[[], bool]) -> bool:
    try:
        return turn()
    except DatabaseUnreachable as error:
        _log.warning("%s", error)
    except Exception:  # noqa: BLE001 - the edge: nobody is there to start us again
        _log.exception("This did not go through; it goes on.")
    return False
