"""One budget for each server: so many harvests at a time, whoever runs them and for which source.

A place is a lease like any other: it holds across processes and machines, and dies with whoever
held it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event

from catalogue import queue
from catalogue.database import Database
from catalogue.model import Lease, Source
from harvester.address import server_of
from scheduler.heartbeat import held

KIND = "server"
_LOOK_SECONDS = 0.5


@contextmanager
def place(database: Database, source: Source) -> Iterator[bool]:
    """Hold a place at a source's server for as long as the block; give False if none is free."""
    lease = _take(database, source)
    with _held(database, lease):
        yield lease is not None or not _places(source)


@contextmanager
def place_when_free(
    database: Database, source: Source, stopping: Event, busy: Callable[[str], None]
) -> Iterator[None]:
    """Hold a place as ``place`` does, once there is one or ``stopping`` is set.

    ``busy`` hears the server's name if it has to be waited for.
    """
    lease = _take(database, source)
    if lease is None and _places(source):
        busy(server_of(source.url))
        while lease is None and not stopping.wait(_LOOK_SECONDS):
            lease = _take(database, source)
    with _held(database, lease):
        yield


def is_free(source: Source, taken: Collection[str]) -> bool:
    """Tell whether there is a place at a source's server; ``taken`` are the keys of living jobs."""
    places = _places(source)
    return not places or not all(key in taken for key in places)


def _take(database: Database, source: Source) -> Lease | None:
    leases = (queue.claim(database, KIND, key) for key in _places(source))
    return next((lease for lease in leases if lease is not None), None)


def _held(database: Database, lease: Lease | None) -> AbstractContextManager[None]:
    # The place is free again, whatever became of the harvest.
    return nullcontext() if lease is None else held(database, lease, failed="done")


def _places(source: Source) -> list[str]:
    """Return the keys of the places at a source's server; none where it is not one."""
    server = server_of(source.url)
    count = source.connection.parallel if server else 0
    return [f"{KIND}:{server}:{number}" for number in range(count)]
