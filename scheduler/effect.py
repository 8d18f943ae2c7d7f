"""What publishing a crosswalk would do to the records that are stored; nothing of them is changed.

Goes through all records that it maps, some hundred at a time, and notes how far it is, so that a
million need no more memory than a page and an hour's work is not lost with the process.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from threading import Event
from typing import Any

from catalogue import queue, sources
from catalogue.database import Database
from catalogue.model import Lease, Mapped, Source
from catalogue.store import remap
from catalogue.store.prepare import content_hash
from catalogue.store.remap import Held
from crosswalks import trials
from crosswalks.encodings import Evidence
from crosswalks.model import Record
from crosswalks.shelf import Shelf
from scheduler.errors import EffectBusy
from scheduler.heartbeat import heartbeat
from scheduler.mapping import MappedPage, current_versions, map_page

KIND = "effect"
SAMPLES = 10
_EACH_FIELD = 5
_LONGEST = 40
"""Lines of a sample: a record may be a book's worth."""
_FAILED = "mapping-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One record that would come out otherwise."""

    name: str
    """As ``source/identifier``."""
    fields: tuple[str, ...]
    difference: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Effect:
    """What would become of the records."""

    records: int = 0
    changed: int = 0
    unchanged: int = 0
    appearing: int = 0
    """Set aside now, and mapped then."""
    vanishing: int = 0
    """Mapped now; then they could not be, and would stay as they were."""
    failing: int = 0
    """On which a rule would fail, whether one does now or not."""
    fields: dict[str, int] = field(default_factory=dict)
    """In how many records a field, or element, would be another."""
    samples: list[Sample] = field(default_factory=list)
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which crosswalk is asked about, by what is now and by what would be."""

    name: str
    now: Shelf
    then: Shelf

    def names(self) -> frozenset[str]:
        """Return the crosswalks that would be others."""
        return frozenset(self.then.users(self.name)) | frozenset(
            self.now.users(self.name) if self.name in self.now.names() else ()
        )

    def key(self) -> str:
        """Return what tells this question from others of the same crosswalk."""
        told = [
            shelf.version(name)
            for shelf in (self.now, self.then)
            for name in sorted(self.names())
            if name in shelf.names()
        ]
        return "/".join(told)


def effect(
    database: Database,
    wanted: Wanted,
    tell: Callable[[Effect], None],
    stopping: Event,
    step: int = remap.STEP,
) -> Effect:
    """Return what would become of all records that a crosswalk maps; go on where it was left off.

    ``tell`` hears from time to time how far it is. Raises EffectBusy while another is at it.
    """
    lease = queue.claim(database, KIND, f"{KIND}:{wanted.name}")
    if lease is None:
        raise EffectBusy(name=wanted.name)
    with heartbeat(database, lease):
        work = _Work(database, wanted, lease, step)
        for source in sources.all(database):
            work.source(source, tell, stopping)
    if not stopping.is_set():
        work.found.complete = True
        database.writing(lambda connection: queue.finish(connection, lease))
    return work.found


class _Work:
    """The question, and what has been found so far."""

    def __init__(self, database: Database, wanted: Wanted, lease: Lease, step: int) -> None:
        self._database, self._wanted, self._lease = database, wanted, lease
        self._names, self._step = wanted.names(), step
        self.found = Effect()
        self._done: dict[str, int] = {}
        """Source to the last record that was looked at."""
        noted = json.loads(queue.payload(database, lease))
        if noted.get("key") == wanted.key():
            self._done = noted["done"]
            self.found = _from_note(noted["found"])

    def source(self, source: Source, tell: Callable[[Effect], None], stopping: Event) -> None:
        """Look at all records of a source that the crosswalk maps."""
        if not self._maps(source):
            return
        key = remap.configured(self._database, source.name).id
        others = current_versions(source, self._wanted.now) - self._mine(source)
        now, then = Evidence(), Evidence()
        while not stopping.is_set() and (
            held := remap.outdated(
                self._database, key, others, self._done.get(source.name, 0), self._step
            )
        ):
            self._page(source, held, (now, then))
            self._done[source.name] = held[-1].id
            self._note()
            tell(self.found)

    def _maps(self, source: Source) -> bool:
        used = {source.crosswalk} if source.crosswalk else set(self._wanted.then.up())
        return not used.isdisjoint(self._names)

    def _mine(self, source: Source) -> frozenset[str]:
        """Return by which versions records are mapped now that would be mapped otherwise."""
        kept = current_versions(source, self._wanted.then)
        return current_versions(source, self._wanted.now) - kept

    def _page(
        self, source: Source, held: Sequence[Held], pooled: tuple[Evidence, Evidence]
    ) -> None:
        page = remap.page_of(held)
        then = map_page(page, source, (), pooled[1], self._wanted.then)
        mine = self._mine(source)
        # What is stored is what the crosswalk in use made of it, where the version says so.
        known = {each.raw.position for each in held if each.parsed and each.version in mine}
        now = map_page(page, source, known, pooled[0], self._wanted.now)
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
            return
        found.changed += 1
        tags = _differing(before.record, after.record)
        for tag in tags:
            found.fields[tag] = found.fields.get(tag, 0) + 1
        if len(found.samples) < SAMPLES and any(found.fields[tag] <= _EACH_FIELD for tag in tags):
            told = trials.difference(trials.lines(before.record), trials.lines(after.record))
            found.samples.append(Sample(name=name, fields=tags, difference=told[:_LONGEST]))

    def _note(self) -> None:
        told = {"key": self._wanted.key(), "done": self._done, "found": asdict(self.found)}
        text = json.dumps(told, ensure_ascii=False)
        self._database.writing(lambda connection: queue.note(connection, self._lease, text))


def _fails(page: MappedPage, position: int) -> bool:
    return any(problem.code == _FAILED for problem in page.problems.get(position, ()))


def _differing(before: Record, after: Record) -> tuple[str, ...]:
    """Return the tags of the fields that only one of two records has, the leader's among them."""
    one, other = Counter(before.fields), Counter(after.fields)
    tags = {entry[0] for entry in ((one - other) + (other - one)) if entry[0] != "005"}
    leader = {"LDR"} if before.leader != after.leader else set()
    # Of fields that only changed their order none is another.
    return tuple(sorted(tags | leader)) or ("",)


def _from_note(noted: dict[str, Any]) -> Effect:
    samples = [
        Sample(
            name=each["name"], fields=tuple(each["fields"]), difference=tuple(each["difference"])
        )
        for each in noted["samples"]
    ]
    return Effect(**(noted | {"samples": samples}))
