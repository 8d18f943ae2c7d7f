"""Looks how all sources stand, again and again, and keeps what changed with whom to tell.

The look is a job of its own that is queued again each time: of many workers one looks.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime

from catalogue import queue
from catalogue.alerts import standing
from catalogue.alerts.model import Observed
from catalogue.alerts.standing import Judged
from catalogue.clock import wall_clock
from catalogue.model import Lease
from catalogue.tickets.telling import tell_due
from scheduler.alerts import certificates
from scheduler.alerts.judging import Moment, judge
from scheduler.alerts.model import Teller
from scheduler.heartbeat import heartbeat
from scheduler.joining.reminding import remind_due

KIND = "alerts"
EVERY_SECONDS = 60

_log = logging.getLogger(__name__)


def queue_look(teller: Teller) -> None:
    """Queue a look for now, unless one is queued."""
    queue.enqueue(teller.line.db, KIND, KIND, wall_clock())


def look_due(teller: Teller) -> int | None:
    """Look if that is due, and queue the next; return how many changes there were, or None."""
    database = teller.line.db
    if queue.next_due(database, KIND) is None:
        return None
    lease = queue.claim(database, KIND, KIND, anew=False)
    return None if lease is None else _look_and_queue(teller, lease)


def look_now(teller: Teller) -> int | None:
    """Look whether or not that is due; None while another looks."""
    lease = queue.claim(teller.line.db, KIND, KIND)
    return None if lease is None else _look_and_queue(teller, lease)


def _look_and_queue(teller: Teller, lease: Lease) -> int:
    database = teller.line.db
    try:
        with heartbeat(database, lease):
            return look(teller, lease)
    finally:
        queue.put_back(database, lease, wall_clock() + EVERY_SECONDS)


def look(teller: Teller, lease: Lease) -> int:
    """Look at all there is to tell of, and return how many changes there were. LeaseLost."""
    database, now = teller.line.db, datetime.now(UTC)
    moment = Moment(now=now, timetable=teller.line.timetable, rules=teller.rules)
    observed = standing.observe(database)
    probed = {each.id for each in certificates.due(observed, moment)}
    judged = [
        _probed(teller, each, moment) if each.id in probed else judge(each, moment)
        for each in observed
    ]
    found = standing.record(database, lease, judged, wall_clock())
    if found:
        _log.info("%d changes of sources were noted.", found)
    return found + remind_due(teller.line, now) + tell_due(database, wall_clock())


def _probed(teller: Teller, observed: Observed, moment: Moment) -> Judged:
    judged = judge(observed, moment, certificates.end(teller.line, observed))
    after = replace(judged.after, probed=int(moment.now.timestamp()))
    return judged._replace(after=after)
