"""Being the only one: a lease that one process at a time holds, hub-wide, while it lives."""

from __future__ import annotations

import time

from catalogue import queue
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable, LeaseLost
from catalogue.model import Lease

_left: dict[tuple[str, str], Lease] = {}
"""Turns that could not be given back, by database and kind."""
RENEW_SECONDS = 15
"""A quarter of the lease: three renewals may fail."""


class Turn:
    """This process's turn at one kind of work: taken when free, kept up, given back."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind
        self._lease: Lease | None = None
        self._renewed = 0.0

    def ours(self) -> bool:
        """Tell whether it is our turn, taking or prolonging it. To be called again and again."""
        if self._lease is None:
            self._let_go()
            self._lease = queue.claim(self._database, self._kind, self._kind)
            self._renewed = time.monotonic()
        elif time.monotonic() - self._renewed > RENEW_SECONDS:
            self._renew(self._lease)
        return self._lease is not None

    @property
    def lease(self) -> Lease:
        """What it is held by; to be asked for only while it is ours."""
        assert self._lease is not None
        return self._lease

    def give_up(self) -> None:
        """Let another have it at once.

        Where the database is away it is given back when this process next wants a turn of the kind:
        it lives, so nobody would take the lease from it before that ran out.
        """
        lease, self._lease = self._lease, None
        if lease is None:
            return
        try:
            self._database.writing(lambda connection: queue.finish(connection, lease))
        except DatabaseUnreachable:
            _left[self._database.url, self._kind] = lease

    def _let_go(self) -> None:
        key = self._database.url, self._kind
        if key in _left:
            queue.let_go(self._database, _left[key])
            _left.pop(key, None)

    def _renew(self, lease: Lease) -> None:
        try:
            self._database.writing(lambda connection: queue.renew(connection, lease))
            self._renewed = time.monotonic()
        except LeaseLost:
            self._lease = None
