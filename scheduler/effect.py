"""What publishing a crosswalk would do to the records of the hub; nothing of them is changed.

Goes through all records that it maps, some hundred at a time, and notes how far it is, so that a
million need no more memory than a page and an hour's work is not lost with the process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from threading import Event
from typing import NamedTuple

from catalogue import queue, shown, sources
from catalogue.database import Database
from catalogue.model import Lease, Mapped, Source
from catalogue.store import remap
from catalogue.store.prepare import content_hash
from catalogue.store.remap import Held
from scheduler.effect_out import look_at
from scheduler.errors import EffectBusy
from scheduler.heartbeat import heartbeat
from scheduler.mapping import MappedPage, current_versions, map_page
from scheduler.tally import Effect, Sample, Wanted

__all__ = ["KIND", "Effect", "Sample", "Wanted", "effect"]

KIND = "effect"
_FAILED = "mapping-failed"


def effect(
    database: Database,
    wanted: Wanted,
    tell: Callable[[Effect], None],
    stopping: Event,
    step: int = remap.STEP,
) -> Effect:
    """Return what would become of all records that a crosswalk maps; go on where it was left off.

    Those it maps into MARC 21 are the stored ones, those it maps out of it are given out.
    ``tell`` hears from time to time how far it is. Raises EffectBusy while another is at it.
    """
    lease = queue.claim(database, KIND, f"{KIND}:{wanted.name}")
    if lease is None:
        raise EffectBusy(name=wanted.name)
    with heartbeat(database, lease):
        found = worked_out(Asked(database, wanted, lease, step), tell, stopping)
    if found.complete:
        database.writing(lambda connection: queue.finish(connection, lease))
    return found


class Asked(NamedTuple):
    """A question, and the job under which how far its answer is gets noted."""

    database: Database
    wanted: Wanted
    lease: Lease
    step: int = remap.STEP


def worked_out(asked: Asked, tell: Callable[[Effect], None], stopping: Event) -> Effect:
    """Return an effect as ``effect`` does, for who holds the job and ends it."""
    work = _Work(*asked)
    for source in sources.all(asked.database):
        work.source(source, tell, stopping)
    work.given_out(tell, stopping)
    work.found.complete = not stopping.is_set()
    return work.found


class _Work:
    """The question, and what has been found so far."""

    def __init__(self, database: Database, wanted: Wanted, lease: Lease, step: int) -> None:
        self._database, self._wanted, self._lease = database, wanted, lease
        self._names, self._step = wanted.names(), step
        self.found = Effect()
        self._done: dict[str, int] = {}
        """Source to the last record that was looked at."""
        self._shown: shown.Content | None = None
        """The last master that was looked at."""
        noted = json.loads(queue.payload(database, lease))
        if noted.get("key") == wanted.key():
            self._done = noted["done"]
            self._shown = tuple(noted["shown"]) if noted.get("shown") else None
            self.found = Effect.noted(noted["found"])

    def source(self, source: Source, tell: Callable[[Effect], None], stopping: Event) -> None:
        """Look at all records of a source that the crosswalk maps."""
        if not self._maps(source):
            return
        key = remap.configured(self._database, source.name).id
        others = current_versions(source, self._wanted.now) - self._mine(source)
        while not stopping.is_set() and (
            held := remap.outdated(
                self._database, key, others, self._done.get(source.name, 0), self._step
            )
        ):
            self._page(source, held)
            self._done[source.name] = held[-1].id
            self._note()
            tell(self.found)

    def given_out(self, tell: Callable[[Effect], None], stopping: Event) -> None:
        """Look at all that is given out by the crosswalk."""
        names = self._wanted.then.out_of_pivot(self._wanted.name)
        while names and not stopping.is_set():
            masters = shown.masters(self._database, self._shown, self._step)
            if not masters:
                return
            for each in masters:
                for name in names:
                    look_at(self.found, self._wanted, name, each)
            self._shown = masters[-1].content
            self._note()
            tell(self.found)

    def _maps(self, source: Source) -> bool:
        used = {source.crosswalk} if source.crosswalk else set(self._wanted.then.up())
        return not used.isdisjoint(self._names)

    def _mine(self, source: Source) -> frozenset[str]:
        """Return by which versions records are mapped now that would be mapped otherwise."""
        kept = current_versions(source, self._wanted.then)
        return current_versions(source, self._wanted.now) - kept

    def _page(self, source: Source, held: Sequence[Held]) -> None:
        page = remap.page_of(held)
        then = map_page(page, source, (), None, self._wanted.then)
        mine = self._mine(source)
        # What is stored is what the crosswalk in use made of it, where the version says so.
        known = {each.raw.position for each in held if each.parsed and each.version in mine}
        now = map_page(page, source, known, None, self._wanted.now)
        for each in held:
            at = each.raw.position
            self.found.records += 1
            self.found.failing += _fails(then, at)
            after = then.records.get(at)
            if at in known and after and content_hash(after.record) == each.hash:
                self.found.unchanged += 1
                continue
            stored = each.record() if at in known else None
            before = Mapped(stored) if stored else now.records.get(at)
            self._count(f"{source.name}/{each.raw.identifier}", before, after)

    def _count(self, name: str, before: Mapped | None, after: Mapped | None) -> None:
        found = self.found
        if before is None or after is None:
            found.appearing += before is None and after is not None
            found.vanishing += after is None and before is not None
            found.unchanged += after is None and before is None
            return
        if content_hash(before.record) == content_hash(after.record):
            found.unchanged += 1
        else:
            found.count_changed(name, (before.record, after.record))

    def _note(self) -> None:
        told = {
            "key": self._wanted.key(),
            "done": self._done,
            "shown": self._shown,
            "found": asdict(self.found),
        }
        text = json.dumps(told, ensure_ascii=False)
        self._database.writing(lambda connection: queue.note(connection, self._lease, text))


def _fails(page: MappedPage, position: int) -> bool:
    return any(problem.code == _FAILED for problem in page.problems.get(position, ()))
