"""What applying a delivery would do to the catalogue, worked out without writing anything.

The same judgement as T1's, on what is stored and on what the pages before would have left, so that
a record that comes again is no news; and the same guards as at the end of a harvest.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection

from catalogue import guards, sources
from catalogue.database import Database
from catalogue.errors import NeedsDecision
from catalogue.guards import Figures
from catalogue.intake import missing
from catalogue.intake.missing import SAMPLES, Missing, Sample, title_of
from catalogue.intake.overlay import Overlay, Stood
from catalogue.match import FEATURES_VERSION
from catalogue.model import Counts, Mapped, RecordState, Source
from catalogue.sources import Configured
from catalogue.store import complete, held
from catalogue.store.apply import Applied, Known, Writer, judge
from catalogue.store.page import known_records
from catalogue.store.prepare import Incoming, prepare
from crosswalks.model import Page, Problem

_COUNTED = ("added", "changed", "unchanged", "held", "quarantined")


class Change(NamedTuple):
    """A record that would be another."""

    identifier: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would have become of all of it."""

    counts: Counts
    doubt: NeedsDecision | None
    """Why the run would wait for a person."""
    whole: bool
    """Whether the pages were the complete list, so that what they lack is gone."""
    samples: Mapping[str, Sequence[Change]]
    """Some of the records by what would become of them: added, changed, deleted, absent."""


@dataclass(slots=True)
class _Sums:
    """What was counted so far."""

    actions: Counter[str] = field(default_factory=Counter)
    delivered: int = 0
    pages: int = 0
    alive: int = 0
    declared_live: int = 0
    """Live records that the delivery says are gone."""
    dropped: int = 0
    """Deletions held by earlier runs, of records that come alive."""
    dropped_live: int = 0
    told_again: int = 0
    """Live records with a deletion held by earlier runs, that is told once more."""
    holes: bool = False
    stops: NeedsDecision | None = None
    """Why the run would end early."""


class Forecast:
    """What delivering pages would do to a source."""

    def __init__(self, database: Database, name: str, overlay: Overlay) -> None:
        self._database, self._overlay = database, overlay
        self._whole = False
        with database.reading_primary() as connection:
            self._of = sources.configured(connection, name)
            self._accepts = complete.standing(connection, self._of.id).accepts
        self._writer = Writer(0, self._of.id, waits=self._of.source.waits)
        self._sums = _Sums()
        self._samples: dict[str, list[Sample]] = {}
        self._new = itertools.count(-1, -1)
        self._is_judged = False

    @property
    def source(self) -> Source:
        """The source, by the settings that it is worked out by."""
        return self._of.source

    @property
    def configured(self) -> Configured:
        """The same with what only the catalogue knows of it."""
        return self._of

    @property
    def generation(self) -> int:
        """Of these settings."""
        return self._of.generation

    def page(
        self,
        page: Page,
        mapped: Mapping[int, Mapped],
        problems: Mapping[int, Sequence[Problem]],
        versions: Collection[str],
    ) -> None:
        """Take in one page, mapped as for ``put_page``."""
        self._whole = self._whole if page.whole is None else page.whole
        told = {raw.position: problems.get(raw.position, ()) for raw in page.records}
        incoming = prepare(page, mapped, told)
        before = self._before([each.raw.identifier for each in incoming])
        known = {name: each.known for name, each in before.items()}
        applied = judge(self._writer, incoming, known, versions)
        self._count(page, applied)
        self._note(applied, before)
        self._take_samples(applied, mapped)
        self._sums.holes |= any(each.code in complete.HOLES for each in _all(page, told))
        self._stop_early(page)

    def end(self) -> Foreseen:
        """Return what would have become of all of it."""
        with self._database.reading_primary() as connection:
            lacks = (
                missing.look(connection, self._of.id, self._overlay) if self._whole else Missing()
            )
            figures = self._figures(connection, lacks)
            samples = self._named(connection, lacks)
        guard = self._of.source.guards
        doubt = self._sums.stops or guards.judge(figures, guard)
        declared, absent = self._sums.actions["held"], lacks.count
        counts = Counts(
            delivered=self._sums.delivered,
            pages=self._sums.pages,
            **{name: self._sums.actions[name] for name in _COUNTED if name != "held"},
            deleted=0 if doubt else declared,
            held=declared + absent if doubt else 0,
            absent=absent,
        )
        return Foreseen(counts=counts, doubt=doubt, whole=self._whole, samples=samples)

    def _before(self, names: list[str]) -> dict[str, Stood]:
        with self._database.reading_primary() as connection:
            found = known_records(connection, self._of.id, names)
        self._overlay.see(known.id for known in found.values())
        kept = {name: Stood(known=known) for name, known in found.items()}
        return kept | self._overlay.stood(names)

    def _count(self, page: Page, applied: Applied) -> None:
        sums = self._sums
        sums.actions.update(action for _, action in applied.actions)
        # Earlier versions of an identifier on the same page change nothing.
        sums.actions["unchanged"] += len(page.records) - len(applied.actions)
        sums.delivered += len(page.records)
        sums.alive += sum(not raw.deleted for raw in page.records)
        sums.pages += 1

    def _note(self, applied: Applied, before: Mapping[str, Stood]) -> None:
        rows = _rows_of(applied)
        touched: dict[str, Stood] = {}
        for each, action in applied.actions:
            name = each.raw.identifier
            stood = before.get(name)
            if stood is not None:
                self._note_held(stood, each, action)
            now = _after(stood or next(self._new), each, action, rows.get(name))
            if now is not None and now != stood:
                touched[name] = now
        self._overlay.put(touched)

    def _note_held(self, stood: Stood, each: Incoming, action: str) -> None:
        """Count what becomes of the deletion that is held of a record, or is from now on."""
        sums, live = self._sums, stood.known.state.is_kept
        if action == "held":
            sums.declared_live += live
        elif not stood.known.held:
            return
        elif each.raw.deleted:
            sums.told_again += live and not stood.is_ours
        elif stood.is_ours:
            # The run's own: it comes to nothing.
            sums.actions["held"] -= 1
            sums.actions["unchanged"] += 1
            sums.declared_live -= live
        else:
            sums.dropped += 1
            sums.dropped_live += live

    def _take_samples(self, applied: Applied, mapped: Mapping[int, Mapped]) -> None:
        for each, action in applied.actions:
            kind = "deleted" if action == "held" else action
            if kind not in ("added", "changed", "deleted"):
                continue
            found = self._samples.setdefault(kind, [])
            if len(found) < SAMPLES:
                came, name = mapped.get(each.raw.position), each.raw.identifier
                title = title_of(came.record if came else None)
                found.append(Sample(name, title, applied.ids.get(name, 0)))

    def _stop_early(self, page: Page) -> None:
        sums = self._sums
        if sums.stops is None and not page.last and not self._accepts and not self._is_judged:
            quarantined = sums.actions["quarantined"]
            sums.stops = guards.judge_early(0, sums.alive, quarantined, self._of.source.guards)
            self._is_judged = sums.alive >= guards.FIRST

    def _named(self, connection: Connection, lacks: Missing) -> dict[str, Sequence[Change]]:
        """Return the samples; those that no longer come, by the title that is stored."""
        found = self._samples | ({"absent": lacks.samples} if lacks.samples else {})
        keys = [each.key for some in found.values() for each in some if not each.title]
        titles = missing.titles(connection, keys)
        return {
            kind: [Change(each.name, each.title or titles.get(each.key, "")) for each in some]
            for kind, some in found.items()
        }

    def _figures(self, connection: Connection, lacks: Missing) -> Figures:
        sums = self._sums
        before, before_live = held.count_held(connection, self._of.id)
        declared = sums.actions["held"]
        live = missing.live(connection, self._of.id) + sums.actions["added"]
        listed = live - lacks.unlisted - sums.declared_live - sums.told_again
        found = before - sums.dropped + declared + lacks.count
        return Figures(
            run=0,
            held=found,
            held_live=before_live - sums.dropped_live + sums.declared_live + lacks.live,
            live=live if found else 0,
            listed=listed if self._whole else None,
            listed_before=(
                complete.listed_before(connection, self._of.id, self._of.generation)
                if self._whole
                else None
            ),
            absent=missing.absent_held(connection, self._of.id) + lacks.count,
            holes=self._whole and sums.holes,
            tried=sums.delivered - declared,
            unmapped=sums.actions["quarantined"],
            accepts=self._accepts,
        )


def _all(page: Page, told: Mapping[int, Sequence[Problem]]) -> Iterator[Problem]:
    yield from page.problems
    for each in told.values():
        yield from each


def _rows_of(applied: Applied) -> dict[str, Mapping[str, Any]]:
    """Return what would be written of each record, by its name."""
    names = {key: name for name, key in applied.ids.items()}
    changed = {names[row["b_id"]]: row for row in applied.changed}
    added: dict[str, Mapping[str, Any]] = {row["identifier"]: row for row in applied.added}
    return added | changed


def _after(
    before: Stood | int, each: Incoming, action: str, row: Mapping[str, Any] | None
) -> Stood | None:
    """Return how a record would stand after a page, or None where there would be none.

    ``before`` is the key it gets where there is none yet.
    """
    if row is not None and "raw_hash" in row:
        return Stood(known=_known(before if isinstance(before, int) else before.known.id, row))
    if isinstance(before, int):
        return None
    if action == "held":
        return Stood(known=replace(before.known, held=True), is_ours=True)
    if each.raw.deleted:
        return before
    refused = before.known.refused or row is not None
    return Stood(known=replace(before.known, refused=refused, held=False))


def _known(key: int, row: Mapping[str, Any]) -> Known:
    return Known(
        id=key,
        state=RecordState(row["state"]),
        rev=row["rev"],
        raw_hash=row["raw_hash"],
        content_hash=row["content_hash"],
        crosswalk_version=row["crosswalk_version"],
        features_current=row["features_version"] == FEATURES_VERSION,
        refused=row["refused"],
    )
