"""Who waits too long for whom: looked at with the alerts, told once a day."""

from __future__ import annotations

import logging
from datetime import datetime

from catalogue.joining import reminding, store
from catalogue.joining.model import Application
from scheduler.model import Line

_log = logging.getLogger(__name__)


def remind_due(line: Line, now: datetime) -> int:
    """Remind of every application that is overdue; return how many there were.

    Nobody is reminded on a day on which nobody works.
    """
    today = now.astimezone(line.zone).date()
    if not line.joining.works_on(today):
        return 0
    late = [
        each
        for each in store.all(line.db)
        if each.reminded != today.isoformat() and line.joining.is_overdue(each, today, line.zone)
    ]
    told = sum(
        reminding.remind(line.db, each, today.isoformat(), _details(line, each)) for each in late
    )
    if told:
        _log.info("%d reminders of applications were written.", told)
    return told


def _details(line: Line, application: Application) -> dict[str, str]:
    due = line.joining.due(application, line.zone)
    assert due is not None
    return {
        "code": application.code,
        "name": application.name,
        "contact": application.contact,
        "state": application.state.value,
        "turn": application.turn.value,
        "due": due.isoformat(),
    }
