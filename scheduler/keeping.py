"""While a backup is made, nothing that the database names is removed from the disk.

Both sides take their job first and then look for the other's: at least one of them sees the other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from catalogue import queue
from catalogue.backup.errors import BackupBusy
from catalogue.database import Database
from scheduler.heartbeat import held

BACKUP = "backup"
PRUNE = "prune"
_BY_HAND = "prune by hand"
_LOOK = 0.2


@contextmanager
def kept_from_going(database: Database) -> Iterator[None]:
    """Have nothing pruned for as long as the block; wait for what is going. Raises BackupBusy."""
    lease = queue.claim(database, BACKUP, BACKUP)
    if lease is None:
        raise BackupBusy
    with held(database, lease):
        while _any_lives(database, PRUNE, _BY_HAND):
            time.sleep(_LOOK)
        yield


@contextmanager
def pruning_by_hand(database: Database) -> Iterator[None]:
    """Have no backup made for as long as the block. Raises BackupBusy."""
    lease = queue.claim(database, PRUNE, _BY_HAND)
    if lease is None:
        raise BackupBusy
    with held(database, lease):
        if is_kept(database):
            raise BackupBusy
        yield


def is_kept(database: Database) -> bool:
    """Tell whether a backup is being made."""
    return _any_lives(database, BACKUP)


def _any_lives(database: Database, *keys: str) -> bool:
    with database.reading_primary() as connection:
        return not set(keys).isdisjoint(queue.living(connection))
