"""What a hub does for itself once a day: what need not be kept goes, and digests are written."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from catalogue import queue
from catalogue.alerts import outbox as alerts
from catalogue.audit import store as audit
from catalogue.consumers import usage
from catalogue.database import Database
from catalogue.retention import DAY, Pruned, prune
from scheduler.alerts.digests import queue_digests
from scheduler.arriving import tidy
from scheduler.heartbeat import held_if_due
from scheduler.keeping import PRUNE, is_kept
from scheduler.model import Line

KIND = PRUNE
AT = "daily 03:15"
"""In the words of a schedule: few people are at work then, and few harvests are due."""

_log = logging.getLogger(__name__)


def queue_prune(database: Database) -> bool:
    """Queue the removal of pages, unless one is queued already."""
    return queue.enqueue(database, KIND, KIND, 0)


def prune_due(line: Line) -> Pruned | None:
    """Remove what need not be kept if that was queued; return what it came to."""
    with held_if_due(line.db, KIND) as is_ours:
        if not is_ours or is_kept(line.db):
            # While a backup is made: it is due again tomorrow.
            return None
        done = prune(line.db, line.raw_store, line.retention, time.time())
        tidy(line)
        usage.forget(line.db)
        alerts.forget(line.db)
        forget_audit(line)
        queue_digests(line.db, datetime.now(line.zone))
    _log.info("%d pages were removed, %d bytes.", done.pages, done.bytes)
    return done


def forget_audit(line: Line) -> int:
    """Remove what people changed longer ago than is wanted, and return how much that was."""
    days = line.retention.audit_days
    return audit.forget(line.db, int(time.time()) - days * DAY) if days else 0
