"""Reading again what is in quarantine: by command, and after what decides it was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Event

from catalogue import queue
from catalogue.errors import CrosswalksChanged, SourceChanged
from catalogue.model import Lease
from catalogue.sources import Configured
from catalogue.store import remap, retry
from catalogue.store.remap import Writer
from catalogue.store.retry import Retried, Waiting
from scheduler.errors import RetryBusy
from scheduler.heartbeat import held
from scheduler.mapping import map_page
from scheduler.model import Line
from scheduler.shelves import Shelves

RETRY = "retry"

Tell = Callable[[Retried], None]
"""Hears what has been done so far."""


def retry_now(
    line: Line,
    names: list[str],
    stopping: Event,
    tell: Tell = lambda _: None,
    key: int | None = None,
) -> Retried:
    """Read again what is in quarantine of these sources, or one record by its key.

    Raises NoSuchSource; RetryBusy while another process does the same.
    """
    lease = queue.claim(line.db, RETRY, RETRY)
    if lease is None:
        raise RetryBusy
    done = Retried(0, 0, 0)
    with held(line.db, lease):
        for name in names:
            for step in _Work(line, lease, Shelves(line.db), name).all(stopping, key=key):
                done = _sum(done, step)
                tell(done)
    return done


def retry_beside_live(
    line: Line, lease: Lease, shelves: Shelves, name: str, stop: Event
) -> Retried:
    """Read again those versions of a source that were refused while an earlier one stays live."""
    done = Retried(0, 0, 0)
    for step in _Work(line, lease, shelves, name).all(stop, beside_live=True):
        done = _sum(done, step)
    return done


def _sum(done: Retried, step: Retried) -> Retried:
    return Retried(*map(sum, zip(done, step, strict=True)))


class _Work:
    """What there is to read again of one source."""

    def __init__(self, line: Line, lease: Lease, shelves: Shelves, name: str) -> None:
        self._line, self._lease, self._shelves, self._name = line, lease, shelves, name

    def all(
        self, stopping: Event, *, beside_live: bool = False, key: int | None = None
    ) -> Iterator[Retried]:
        """Yield what came of each step, each record once, until told to stop."""
        after = 0
        while not stopping.is_set():
            found = remap.configured(self._line.db, self._name)
            waiting = retry.due(self._line.db, found.id, after, beside_live=beside_live, key=key)
            if not waiting:
                return
            try:
                yield self._step(found, waiting)
            except (CrosswalksChanged, SourceChanged):
                # By what holds now, the same ones again.
                continue
            after = waiting[-1].key

    def _step(self, found: Configured, waiting: Sequence[Waiting]) -> Retried:
        shelf = self._shelves.now()
        mapped = map_page(retry.page_of(waiting), found.source, (), None, shelf)
        writer = Writer(self._lease, found, shelf.edition)
        return retry.put_retried(self._line.db, writer, waiting, mapped.records, mapped.problems)
