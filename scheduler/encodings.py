"""Which encoding the records of a source are in: as its settings say, or by what they show.

Evidence is pooled over the pages of a run and over its runs; what it decides is kept with the
source, so that records are repaired alike whoever maps them. What is not sure is left as it came.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace

from catalogue import sourcetext
from catalogue.database import Database
from catalogue.model import RunHandle, Source
from catalogue.observed import Decided
from catalogue.sources import AUTO, Configured
from crosswalks import encodings
from crosswalks.encodings import LEGACY, USUAL, Encoding, Evidence, records
from crosswalks.model import Page, Problem, Severity

NAMES = (*Encoding, AUTO)
"""What the setting may say; empty is as good as utf-8."""
_MORE, _TWICE = 1.25, 2.0
"""How many times the fields have to be there for another look, and to turn a decision."""


def encoding_of(source: Source) -> Encoding | None:
    """Return the encoding to repair a source's records by, or None where nothing is to be."""
    name = source.encoding.strip().lower()
    if name == AUTO:
        name = source.decided.encoding if source.decided else ""
    return Encoding(name) if name and name != Encoding.UTF_8 else None


def stops_of(source: Source) -> tuple[float, ...]:
    """Return the source's habit of full stops, as far as it is known."""
    stops = source.decided.stops if source.decided else ()
    # A decision kept before all of them were told apart says nothing of the others.
    return stops + USUAL[len(stops) :]


def judged(source: Source, page: Page, pooled: Evidence) -> Source:
    """Return a source with what its records show of their encoding, those of a page among them.

    ``pooled`` takes in what the page shows. The same source if its settings name an encoding, or
    if there is nothing new to say.
    """
    if source.encoding.strip().lower() != AUTO:
        return source
    for raw in page.records:
        # Bytes that are not UTF-8 are evidence one by one, whichever legacy encoding they are in.
        record, _ = (None, ()) if raw.deleted else records.read(raw, LEGACY[0])
        if record is not None:
            pooled.add(records.texts(record))
    return replace(source, decided=_decided(source.decided, pooled))


def _decided(before: Decided | None, pooled: Evidence) -> Decided | None:
    """Return what is decided now: a decision for an old encoding turns only by twice the fields."""
    is_repairing = before is not None and before.encoding != Encoding.UTF_8
    if before is not None and pooled.fields < before.fields * (_TWICE if is_repairing else _MORE):
        return before
    found = encodings.decide(pooled)
    if found.encoding is None or (before is not None and found.encoding == before.encoding):
        return before
    return Decided(
        encoding=found.encoding.value,
        fields=found.fields,
        words=found.words,
        legal=found.legal,
        mended=found.mended,
        unicode=found.unicode,
        stops=tuple(round(stop, 1) for stop in found.stops),
        at=int(time.time()),
    )


def pooled_before(database: Database, found: Configured) -> Evidence:
    """Return what the next run of a source takes up of what earlier ones saw of its encoding."""
    if found.source.encoding.strip().lower() != AUTO or not found.checkpoint:
        return Evidence()
    return Evidence.of(json.loads(sourcetext.shown(database, found.id) or "{}"))


@dataclass(slots=True)
class Watched:
    """What a run sees of its source's encoding."""

    pooled: Evidence = field(default_factory=Evidence)
    kept: Decided | None = None
    """As it stands in the catalogue."""
    source: Source | None = None

    def begin(self, database: Database, run: RunHandle) -> None:
        """Take up what earlier runs saw; a list read from its beginning shows all of it again."""
        self.source, self.kept = run.source, run.source.decided
        is_fresh = run.moves_checkpoint and not run.checkpoint
        if self._is_auto() and not is_fresh:
            self.pooled = Evidence.of(json.loads(sourcetext.shown(database, run.source_id) or "{}"))

    def look(self, database: Database, run: RunHandle, page: Page) -> tuple[Source, Page]:
        """Return the source as its records show it to be, and the page with what is to be told."""
        if self.source is None or not self._is_auto():
            return run.source, page
        before = self.source.decided
        self.source = judged(self.source, page, self.pooled)
        if self.source.decided == before:
            return self.source, page
        self.end(database, run)
        return self.source, replace(page, problems=(*page.problems, *_told(before, self.source)))

    def end(self, database: Database, run: RunHandle) -> None:
        """Keep what was seen and decided."""
        if self.source is None or not self._is_auto():
            return
        values = json.dumps(self.pooled.plain_values())
        sourcetext.keep(database, run, values, (self.kept, self.source.decided))
        self.kept = self.source.decided

    def _is_auto(self) -> bool:
        return self.source is not None and self.source.encoding.strip().lower() == AUTO


def _told(before: Decided | None, source: Source) -> tuple[Problem, ...]:
    """Return the Problem of a source that is not in the encoding that it was taken for."""
    now = source.decided
    if before is None or now is None or before.encoding == Encoding.UTF_8:
        return ()
    detail = f"{before.encoding}: {now.encoding}"
    return (Problem(code="encoding-turned", severity=Severity.WARNING, detail=detail),)
