"""Stopping harvests and going on with them, by anyone and from any process."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from catalogue import queue, runs, stopping
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.model import Lease, Run, RunStatus
from catalogue.stopping import Stopping
from catalogue.store.run import KIND, job_key
from scheduler.errors import NothingToResume, NothingToStop, NotTheLatest
from scheduler.model import HarvestOptions

_UNFINISHED = (RunStatus.CANCELLED, RunStatus.INCOMPLETE, RunStatus.FAILED)


def find(database: Database, wanted: str) -> Run | None:
    """Return the run with a number, or the latest of the source with a name; None if it has none.

    Raises NoSuchRun or NoSuchSource.
    """
    if wanted.isascii() and wanted.isdigit():
        return runs.get(database, int(wanted))
    return next(iter(_latest(database, wanted)), None)


def stop(database: Database, wanted: str) -> Stopping:
    """Tell a run, or the run of a source, to end after its page, and take it out of the queue.

    Raises NoSuchRun, NoSuchSource, or NothingToStop.
    """
    run = find(database, wanted)
    if run is not None and wanted.isdigit() and run.status is not RunStatus.RUNNING:
        raise NothingToStop(source=run.source)
    name = run.source if run is not None else wanted
    stopped = stopping.stop(database, name)
    if stopped.run is None and not stopped.withdrawn:
        raise NothingToStop(source=name)
    return stopped


def to_resume(database: Database, wanted: str) -> tuple[str, HarvestOptions]:
    """Return the source and the options to go on by with a run that did not come to its end.

    It is that run, or the latest of the source with this name. Raises NoSuchRun, NoSuchSource,
    NothingToResume or NotTheLatest.
    """
    run = find(database, wanted)
    if run is None:
        raise NothingToResume(run="-", source=wanted)
    latest = next(iter(_latest(database, run.source)), run)
    if latest.id != run.id and not run.replays:
        raise NotTheLatest(run=run.id, source=run.source, latest=latest.id)
    if run.status not in _UNFINISHED or run.replays or "record" in run.options:
        raise NothingToResume(run=run.id, source=run.source)
    options = HarvestOptions.again(run.options)
    return run.source, options.rest(run.counts.pages)


def queue_resumed(
    database: Database, name: str, options: HarvestOptions, due: datetime | None = None
) -> bool:
    """Queue a harvest with these options for a worker; tell whether none was queued before.

    It is due when ``due`` says, or at once.
    """
    told, when = _payload(options), int(due.timestamp()) if due else wall_clock()
    return database.writing(
        lambda connection: queue.enqueue_within(connection, KIND, job_key(name), when, told)
    )


def ask_for(database: Database, name: str, options: HarvestOptions) -> bool:
    """Queue a harvest that a person asks for; tell whether none was queued before."""
    return queue.ask(database, KIND, job_key(name), _payload(options))


def _payload(options: HarvestOptions) -> str:
    return json.dumps(dict(options.asked().options), ensure_ascii=False)


def asked_for(database: Database, name: str, lease: Lease) -> HarvestOptions:
    """Return what a queued harvest was asked for; one that another began is gone on with."""
    options = HarvestOptions.again(json.loads(queue.payload(database, lease)))
    before = next(iter(runs.all(database, source=name, limit=1)), None) if options.full else None
    begun = before is not None and before.status is RunStatus.RUNNING and before.counts.pages
    return replace(options, full=options.full and not begun)


def to_replay(database: Database, lease: Lease) -> int | None:
    """Return the run whose kept pages a queued harvest is to read, or None."""
    number = json.loads(queue.payload(database, lease)).get("replay")
    return number if isinstance(number, int) else None


def _latest(database: Database, name: str) -> list[Run]:
    """Return the latest run of a source's own list, if there is one."""
    found = runs.all(database, source=name, limit=_LOOK_BACK)
    return [run for run in found if not run.replays and "record" not in run.options][:1]


_LOOK_BACK = 200
"""So many replays and single records may have come since."""
