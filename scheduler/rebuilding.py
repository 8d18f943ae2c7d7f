"""The whole partition worked out anew: after a policy was switched on, or when it is asked for.

While that is done nobody places: whatever else waits would be placed by what is found as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue import queue
from catalogue.database import Database
from catalogue.policies import REBUILD
from scheduler.errors import RebuildBusy
from scheduler.heartbeat import heartbeat, held
from scheduler.model import Line
from scheduler.placing import TURN

if TYPE_CHECKING:
    from catalogue.cluster.rebuild import Rebuilt


def is_due(database: Database) -> bool:
    """Tell whether a rebuild waits to be done."""
    return queue.next_due(database, REBUILD) is not None


def rebuild_due(line: Line) -> Rebuilt | None:
    """Do what switching a policy on queued, if there is any and nobody places just now."""
    if not is_due(line.db):
        return None
    with _alone(line.db) as ours:
        lease = queue.claim(line.db, REBUILD, REBUILD, anew=False) if ours else None
        if lease is None:
            return None
        with held(line.db, lease):
            return _rebuild(line.db, dry_run=False)


def rebuild_now(database: Database, *, dry_run: bool, result: Path | None = None) -> Rebuilt:
    """Do it here and now, or only say what it would do; perhaps by a ``result`` from elsewhere.

    Raises RebuildBusy while others place, or what ``catalogue.cluster.apart.arriving`` does.
    """
    if dry_run:
        return _rebuild(database, dry_run=True, result=result)
    with _alone(database) as ours:
        if not ours:
            raise RebuildBusy
        return _rebuild(database, dry_run=False, result=result)


@contextmanager
def _alone(database: Database) -> Iterator[bool]:
    """Take the turn at placing for as long as the block runs; give whether it was free."""
    turn = queue.claim(database, TURN, TURN)
    if turn is None:
        yield False
        return
    try:
        with heartbeat(database, turn):
            yield True
    finally:
        database.writing(lambda connection: queue.finish(connection, turn))


def _rebuild(database: Database, *, dry_run: bool, result: Path | None = None) -> Rebuilt:
    # Brings numpy, which nothing else needs.
    from catalogue.cluster.rebuild import rebuild, rebuild_from  # noqa: PLC0415

    if result is not None:
        return rebuild_from(database, result, dry_run=dry_run)
    return rebuild(database, dry_run=dry_run)
