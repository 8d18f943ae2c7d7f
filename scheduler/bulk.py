"""Bulk corrections, by a worker or by the command that asks for one: looked at, made, taken off."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from catalogue import queue
from catalogue.audit import acting
from catalogue.cluster.place import place_first
from catalogue.model import Lease
from catalogue.overlays import bulk, bulksteps
from catalogue.overlays.bulk import KIND, Bulk, Phase
from catalogue.overlays.errors import Unanswerable
from crosswalks.errors import Error, Said
from protocols.errors import QueryError
from scheduler.heartbeat import heartbeat
from scheduler.model import Line

LOOK_AGAIN_SECONDS = 0.5

Tell = Callable[[Bulk], None]


def work_next(line: Line, stopping: Event) -> bool:
    """Go on with the bulk correction that is due next; tell whether there was any.

    Once ``stopping`` is set it ends after the step at hand and is queued again.
    """
    key = queue.next_due(line.db, KIND)
    if key is None:
        return False
    number = int(key.partition(":")[2])
    return _work(line, number, stopping, lambda _: None)


def carry_out(line: Line, number: int, stopping: Event, tell: Tell) -> Bulk:
    """Do what a bulk correction waits for, or wait for the worker that is at it; return it.

    ``tell`` hears how far it is. Raises NoSuchBulk.
    """
    while (found := bulk.get(line.db, number)).phase.is_busy and not stopping.is_set():
        if not _work(line, number, stopping, tell):
            tell(found)
            stopping.wait(LOOK_AGAIN_SECONDS)
    return found


def _work(line: Line, number: int, stopping: Event, tell: Tell) -> bool:
    lease = queue.claim(line.db, KIND, bulk.job_key(number), anew=False)
    if lease is None:
        return False
    # Each correction says whose it is; that somebody asked for them is written down already.
    with acting.during(None), heartbeat(line.db, lease):
        is_over = _steps(line, number, lease, (stopping, tell))
    if is_over:
        line.db.writing(lambda connection: queue.finish(connection, lease))
    else:
        queue.put_back(line.db, lease)
    return True


def _steps(line: Line, number: int, lease: Lease, until: tuple[Event, Tell]) -> bool:
    """Do step by step what there is to do; tell whether all of it was done."""
    stopping, tell = until
    told = 0.0
    while not stopping.is_set():
        found = bulk.get(line.db, number)
        if not found.phase.is_busy:
            return True
        if time.monotonic() - told > LOOK_AGAIN_SECONDS:
            tell(found)
            told = time.monotonic()
        _step(line, found, lease)
    return False


def _step(line: Line, found: Bulk, lease: Lease) -> None:
    database, number = line.db, found.id
    if found.phase is Phase.LOOKING:
        _look(line, found, lease)
        return
    if found.phase is Phase.APPLYING:
        # What waits of them would be another record than the one that is looked at.
        place_first(database, line.identity, bulksteps.next_records(database, number))
        placed = bulksteps.apply(database, lease, number)
    else:
        placed = bulksteps.take_off(database, lease, number)
    if placed:
        place_first(database, line.identity, placed)


def _look(line: Line, found: Bulk, lease: Lease) -> None:
    try:
        if not found.figures.gathered:
            bulksteps.gather(line.db, lease, found.id)
        else:
            bulksteps.look(line.db, lease, found.id)
    except QueryError as error:
        bulksteps.fail(line.db, found.id, _as_error(error))
    except Error as error:
        if not error.wrong_use:
            raise
        bulksteps.fail(line.db, found.id, error)


def _as_error(error: QueryError) -> Error:
    return Unanswerable(reason=Said(error.template(), error.details))
