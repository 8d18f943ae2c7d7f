"""A run once more, from its pages as they are kept: read, mapped and stored without the network.

It is a run of its own, under its source's lease, by the crosswalks, settings and guards of now; the
checkpoint stays. What a later run delivered is left as it is: an old run never brings old versions
back. So replaying any run, in any order and as often as one likes, ends in the same content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import NamedTuple

from catalogue import runs, wishes
from catalogue.database import Database
from catalogue.errors import PagesGone
from catalogue.model import Run, Source
from catalogue.runs import KeptPage
from catalogue.store.naming import named
from catalogue.wishes import Came
from crosswalks.model import Page, Problem, Severity
from harvester.readers import reader
from scheduler.model import HarvestOptions, HarvestOutcome, Kept, Line, Progress
from scheduler.outgoing import http_of
from scheduler.pipeline import harvest


def replay(
    line: Line,
    number: int,
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    stopping: Event | None = None,
) -> HarvestOutcome:
    """Replay a run, and return what came of it. Raises NoSuchRun.

    Where pages are gone the others are replayed, and the outcome is incomplete with PagesGone.
    """
    source, options = again(line, number)
    return harvest(line, source, replace(options, dry_run=dry_run), progress, stopping)


def again(line: Line, number: int) -> tuple[str, HarvestOptions]:
    """Return the source of a run, and the options that replay it. Raises NoSuchRun."""
    run = runs.get(line.db, number)
    origin = run.replays or run.id
    pages = _Pages(line, run, origin)
    kept = Kept(pages=pages.of, told={"replay": number}, replays=origin)
    return run.source, HarvestOptions(pages=kept)


def ask(database: Database, number: int) -> Came:
    """Queue the replay of a run for a worker, once however often it is asked for.

    Raises NoSuchRun, or PagesGone where nothing of it is kept.
    """
    run = runs.get(database, number)
    if not has_pages(database, number):
        count = run.counts.pages
        raise PagesGone(missing=count, pages=count, run=number, source=run.source)
    return wishes.ask(database, run.source, {"replay": number}, includes=False)


def has_pages(database: Database, number: int) -> bool:
    """Tell whether pages of a run are kept, so that it can be replayed."""
    return next(runs.pages(database, number), None) is not None


class _Pages(NamedTuple):
    """The pages of one run."""

    line: Line
    run: Run
    origin: int
    """The run that its pages came in first."""

    def of(self, source: Source) -> Iterator[Page]:
        """Yield the pages again, without the records that a later run delivered."""
        # Only to read: nothing is asked of anyone.
        reading = reader(source.protocol, http_of(self.line, source))
        asked = max(self.run.counts.pages, 1)
        found = 0
        for kept, last in _with_last(runs.pages(self.line.db, self.run.id)):
            raw = self._bytes(kept)
            if raw is not None:
                found += 1
                page = reading.again(raw, kept.number, kept.url)
                yield replace(self._without_newer(page, source), last=last)
        if found < self.run.counts.pages:
            missing = self.run.counts.pages - found
            raise PagesGone(missing=missing, pages=asked, run=self.run.id, source=self.run.source)

    def _bytes(self, kept: KeptPage) -> bytes | None:
        try:
            return self.line.raw_store.get(kept.name)
        except KeyError:
            return None

    def _without_newer(self, page: Page, source: Source) -> Page:
        names = {raw.position: named(raw).raw.identifier for raw in page.records}
        newer = runs.delivered_later(self.line.db, source.name, self.origin, names.values())
        left = [raw for raw in page.records if names[raw.position] not in newer]
        records = tuple(replace(raw, position=at) for at, raw in enumerate(left))
        skipped = len(page.records) - len(records)
        notes = (*page.problems, _superseded(skipped)) if skipped else page.problems
        return replace(page, records=records, problems=notes)


def _superseded(records: int) -> Problem:
    return Problem(
        code="superseded",
        severity=Severity.INFO,
        detail=f"{records} records were left alone: a later run delivered them",
    )


def _with_last(pages: Iterator[KeptPage]) -> Iterator[tuple[KeptPage, bool]]:
    before = next(pages, None)
    while before is not None:
        after = next(pages, None)
        yield before, after is None
        before = after
