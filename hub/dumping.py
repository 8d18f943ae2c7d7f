"""Dumps of this hub, as its settings have them, for commands, workers and pages."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from catalogue.database import Database
from hub.instance import Hub
from provider.dumps.errors import DumpStopped
from provider.dumps.making import Pace, Wanted, make
from provider.dumps.model import Dumps, Kind, Series
from provider.dumps.rules import Rules
from scheduler.dumper import Asked


def dumps_of(hub: Hub, db: Database) -> Dumps:
    """Return where this hub makes dumps from, and where to."""
    said = hub.settings.dumps
    return Dumps(
        database=db,
        identity=hub.identity(),
        folder=hub.settings.dumps_folder,
        rules=Rules(part_records=said.part_records, keep=said.keep, full_days=said.full_days),
    )


class Dumping:
    """Makes the dumps that a worker is asked for."""

    def __init__(self, dumps: Dumps, scheduled: Sequence[str]) -> None:
        self._dumps = dumps
        self.scheduled = scheduled

    def make(self, asked: Asked, stopping: Event, resting: Event) -> bool:
        """Make a dump, or go on with what was begun; return whether it is complete."""
        kind = None if asked.full is None else Kind.FULL if asked.full else Kind.DELTA
        wanted = Wanted(series=Series.parse(asked.series), kind=kind, resume=True)
        try:
            make(self._dumps, wanted, Pace(stopping=stopping, resting=resting))
        except DumpStopped:
            return False
        return True
