"""What the union would make of sources that are tried out, worked out by a worker.

Makes way for harvests and placing, and is gone on with where it was left off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Event

from catalogue import crosswalks, queue, sources
from catalogue.errors import NoSuchSource
from catalogue.model import Lease
from catalogue.previews import store
from catalogue.previews.counting import step
from catalogue.previews.model import Basis, Figures
from catalogue.previews.store import KIND
from scheduler.heartbeat import failing, heartbeat
from scheduler.mapping import current_versions
from scheduler.model import Line


@dataclass(slots=True)
class _Way:
    """How far a preview is, as its job notes it."""

    on: Basis
    after: int = 0
    figures: Figures = field(default_factory=Figures)

    def noted(self) -> str:
        """Return it as JSON."""
        told = {"on": self.on, "after": self.after, "figures": self.figures.plain()}
        return json.dumps(told)


def work_out_next(line: Line, stopping: Event) -> bool:
    """Make the preview that was asked for next, if any; tell whether there was one.

    Once ``stopping`` is set it ends after the records at hand and is queued again.
    """
    key = queue.next_due(line.db, KIND)
    lease = queue.claim(line.db, KIND, key, anew=False) if key is not None else None
    if key is None or lease is None:
        return False
    name = key.removeprefix(f"{KIND}:")
    with failing(line.db, lease), heartbeat(line.db, lease):
        try:
            _work_out(line, name, lease, stopping)
        except NoSuchSource:
            line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))
    return True


def _work_out(line: Line, name: str, lease: Lease, stopping: Event) -> None:
    database = line.db
    way = _begun(line, name, lease)
    versions = current_versions(sources.get(database, name), crosswalks.shelf(database))
    while (last := step(database, name, way.after, way.figures, versions)) is not None:
        way.after = last
        store.note(database, lease, way.noted())
        if stopping.is_set():
            queue.put_back(database, lease)
            return
    store.keep(database, lease, name, way.on, way.figures)


def _begun(line: Line, name: str, lease: Lease) -> _Way:
    """Return how far somebody came, if it is still about the same records; else the beginning."""
    on = store.basis(line.db, name)
    noted = json.loads(queue.payload(line.db, lease))
    if noted.get("on") != list(on):
        return _Way(on)
    return _Way(on, noted["after"], Figures(**noted["figures"]))
