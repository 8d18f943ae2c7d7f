"""The line: fetch, map, store, place; the only place where the rooms are strung together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event

from catalogue import sources
from catalogue.cluster import newcomers
from catalogue.cluster.place import BATCH
from catalogue.errors import CatalogueError, CrosswalksChanged, NeedsDecision
from catalogue.guards import FIRST, judge_early
from catalogue.intake.rows import FILES
from catalogue.membership.model import Membership
from catalogue.model import Counts, RunHandle, RunStatus, Source
from catalogue.store import close_run, complete, foresee, open_run, put_page, unchanged
from catalogue.succession.errors import SourceSucceeded
from crosswalks.errors import Error
from crosswalks.model import Checkpoint, Page
from harvester.errors import HarvestError
from harvester.model import Reader, Wait
from harvester.readers import reader
from scheduler.about import working_at
from scheduler.arriving import last_run, lay_aside
from scheduler.encodings import Watched, judged
from scheduler.ending import Asking, conclude
from scheduler.errors import AlreadyRunning, LibraryLeft, UnexpectedFailure
from scheduler.heartbeat import heartbeat
from scheduler.logbook import Logbook
from scheduler.mapping import current_versions, map_page
from scheduler.model import HarvestOptions, HarvestOutcome, Line, Progress
from scheduler.outgoing import http_of, spec_of
from scheduler.placing import Placer
from scheduler.shelves import Shelves
from scheduler.stopping import Stop
from scheduler.takingin import inbox_only, is_checked_first, take_in

Tell = Callable[[Progress], None]
_TRIES = 5


@dataclass(slots=True)
class _Told:
    """The running figures of a harvest."""

    source: str
    tell: Tell
    options: HarvestOptions
    stopping: Stop
    shelves: Shelves
    counts: Counts = field(default_factory=Counts)
    text: Watched = field(default_factory=Watched)
    problems: int = 0
    dirty: int = 0
    alive: int = 0
    """Records that came and are no deletions."""
    complete: bool = False
    judged: bool = False
    gathers: bool = False
    """What comes is placed at the end."""
    log: Logbook | None = None
    """None where nothing is stored."""
    started: float = field(default_factory=time.monotonic)

    def page(self, page: Page, counts: Counts, problems: int) -> None:
        self.counts = self.counts.plus(counts)
        self.problems += problems + len(page.problems)
        self.alive += sum(not raw.deleted for raw in page.records)
        self.complete = page.last
        if self.log is not None:
            self.log.page(page, problems + len(page.problems))
        self._say("harvest", page.total)

    def rest(self, seconds: float) -> None:
        """Wait, as a busy server asks for, but no longer than until the harvest is stopped."""
        self.stopping.wait(seconds)

    def hear(self, wait: Wait) -> None:
        """Note why a server is waited for."""
        if self.log is not None:
            self.log.wait(wait)

    def waiting(self, left: int) -> None:
        self._say("place", left)

    def _say(self, stage: str, total: int | None) -> None:
        self.tell(
            Progress(
                source=self.source,
                stage=stage,
                records=self.counts.delivered,
                pages=self.counts.pages,
                problems=self.problems,
                total=total,
            )
        )

    def outcome(
        self, run: int | None, status: RunStatus, error: Error | None = None
    ) -> HarvestOutcome:
        return HarvestOutcome(
            run=run,
            source=self.source,
            status=status,
            counts=self.counts,
            seconds=time.monotonic() - self.started,
            message=str(error) if error else "",
            error=error,
        )


def harvest(
    line: Line,
    name: str,
    options: HarvestOptions,
    progress: Tell = lambda _: None,
    stopping: Event | None = None,
) -> HarvestOutcome:
    """Harvest a source from where its last run left off, and place what came.

    Returns what came of it, a failure of the source included; raises NoSuchSource and what the
    database raises. Once ``stopping`` is set it ends after the page at hand, as cancelled.
    """
    told = _Told(name, progress, options, Stop(stopping or Event()), Shelves(line.db))
    source = sources.get(line.db, name)
    if source.membership is Membership.WITHDRAWN:
        left = LibraryLeft(name=name, library=source.library)
        return told.outcome(None, RunStatus.FAILED, left)
    if told.stopping.is_set():
        return told.outcome(None, RunStatus.CANCELLED)
    if options.dry_run:
        return _dry_run(line, source, told)
    if source.protocol == FILES:
        # What a killed process could not say any more.
        lay_aside(line, name, last_run(line, name))
    run = _opened(line, name, options)
    if isinstance(run, Error):
        return told.outcome(None, RunStatus.FAILED, run)
    with working_at(source=name, run=run.run_id), Placer(line.db, line.identity) as placer:
        try:
            watch = partial(told.stopping.look, line.db, run)
            with heartbeat(line.db, run.lease, beaten=watch):
                outcome = _run(line, run, told, placer)
        except Exception as error:
            # Not on a KeyboardInterrupt: it may have come in the middle of a write, and a second
            # write would wait for the first for ever. The next run buries this one.
            reason = f"{type(error).__name__}: {error}"
            close_run(line.db, run, RunStatus.FAILED, UnexpectedFailure(reason=reason))
            raise
        # The harvest is over, whatever happens to the placing: anyone can go on with that.
        close_run(line.db, run, outcome.status, outcome.error)
        if source.protocol == FILES:
            lay_aside(line, name, run.run_id)
        if options.settle and not options.place_later:
            placer.drain(told.waiting, told.stopping)
    return replace(outcome, seconds=time.monotonic() - told.started)


def _opened(line: Line, name: str, options: HarvestOptions) -> RunHandle | Error:
    """Return a run that was begun, or why there cannot be one."""
    try:
        run = open_run(
            line.db,
            name,
            moves_checkpoint=not options.is_part,
            lease=options.lease,
            asked=options.asked(),
        )
    except SourceSucceeded as error:
        return error
    if run is None:
        return AlreadyRunning(name=name)
    return _begun(replace(run, hub=line.identity.code), options)


def settle(
    line: Line,
    told: Callable[[int], None] = lambda _: None,
    stopping: Event | None = None,
    result: Path | None = None,
) -> None:
    """Place all that waits, and wait for what another is placing: then every view is up to date.

    What is new is placed by a ``result`` of Spark's, where there is one.
    """
    stopping = stopping or Event()
    with Placer(line.db, line.identity) as placer:
        if result is not None:
            placer.place_result(result, told, stopping)
        placer.drain(told, stopping)


def _begun(run: RunHandle, options: HarvestOptions) -> RunHandle:
    """Return the run with where it begins, and whether it reads the source's complete list."""
    if options.anew:
        run = replace(run, checkpoint={}, began=0)
    if options.is_part:
        return replace(run, list_run=0)
    if not run.checkpoint:
        return replace(run, list_run=0 if options.start else run.run_id, list_done=False)
    # A list that was begun completely may end as one from a date.
    return replace(run, list_run=0) if options.start and not run.list_done else run


def _at(run: RunHandle, page: Page, options: HarvestOptions) -> RunHandle:
    """Return the run as a page finds it: it may begin another list than the run did."""
    if page.whole is None or options.is_part:
        return run
    return replace(run, list_run=run.run_id if page.whole else 0, list_done=False)


def _run(line: Line, run: RunHandle, told: _Told, placer: Placer) -> HarvestOutcome:
    error: Error | None = None
    told.log = Logbook(line.db, run)
    try:
        told.text.begin(line.db, run)
        run = _from_inbox(line, run, told)
        run, error = _read(line, run, told, placer)
        told.text.end(line.db, run)
        if error is None:
            _conclude(line, run, told, placer)
    except (HarvestError, CatalogueError) as failure:
        error = failure
    if error is not None:
        told.log.fault(error)
    told.log.close()
    told.counts = complete.counts(line.db, run)
    status = _status(told, error)
    if status is RunStatus.CANCELLED:
        error = told.stopping.reason() or error
    return told.outcome(run.run_id, status, error)


def _from_inbox(line: Line, run: RunHandle, told: _Told) -> RunHandle:
    """Return the run as it is where files are checked first: what is new only waits from now on."""
    if not is_checked_first(run.source) or told.options.pages is not None:
        return run
    if not told.options.is_part:
        take_in(line, run.source, told.rest)
    return replace(run, source=inbox_only(run.source))


def _read(
    line: Line, run: RunHandle, told: _Told, placer: Placer
) -> tuple[RunHandle, HarvestError | None]:
    """Store the pages as they come; return the run as they left it, and what kept others away."""
    try:
        for page in _pages(line, run.source, run.checkpoint, told):
            run = _at(run, page, told.options)
            told.gathers = told.gathers or _gathers(line, run, page, told.options)
            _store(line, run, page, told)
            _place(told, placer)
            _judge_early(run, told)
            if told.stopping.look(line.db, run):
                break
    except HarvestError as failure:
        return run, failure
    return run, None


def _gathers(line: Line, run: RunHandle, page: Page, options: HarvestOptions) -> bool:
    """Tell whether to place at the end: much that is new costs less if it is placed at once.

    A worker may have more sources to bring in first, so it never places while it does that.
    """
    if options.place_later:
        return True
    if page.number > 1 or run.checkpoint or options.anew:
        return False
    return not options.settle or newcomers.would_be_many(line.db, page.total or 0)


def _judge_early(run: RunHandle, told: _Told) -> None:
    """Raise NeedsDecision where too many of the first records cannot be mapped."""
    if told.judged or told.options.is_part or run.accepts:
        return
    doubt = judge_early(run.run_id, told.alive, told.counts.quarantined, run.source.guards)
    told.judged = told.alive >= FIRST
    if doubt is not None and not told.complete:
        raise doubt


def _conclude(line: Line, run: RunHandle, told: _Told, placer: Placer) -> None:
    """Carry out what was held to the end of the list, if it was reached."""
    if not told.complete or told.options.limit is not None:
        return
    asking = None
    if not told.options.is_part:
        asking = Asking(
            reader=_reader(line, run.source, told),
            spec=spec_of(line, run.source, HarvestOptions()),
            compare=told.options.reconcile,
        )

    def placed(dirty: int) -> None:
        told.dirty += dirty
        _place(told, placer)

    told.complete = conclude(line, run, asking, placed, told.stopping)


def _place(told: _Told, placer: Placer) -> None:
    """Place what has gathered, so that little is left for the end; another may be at it."""
    if told.gathers:
        return
    while told.dirty >= BATCH and (placed := placer.step()):
        told.dirty -= placed
    placer.step_aside()


def _store(line: Line, run: RunHandle, page: Page, told: _Told) -> None:
    page = replace(page, kept=line.raw_store.put(page.raw))
    source, page = told.text.look(line.db, run, page)
    run = replace(run, source=source)
    for _ in range(_TRIES):
        shelf = told.shelves.now()
        run = replace(run, versions=current_versions(run.source, shelf), edition=shelf.edition)
        known = unchanged(line.db, run, page)
        mapped = map_page(page, run.source, known, None, shelf)
        try:
            result = put_page(line.db, run, page, mapped.records, mapped.problems)
        except CrosswalksChanged:
            # Published in between: what waits to be mapped again must not get more from us.
            continue
        told.dirty += result.dirty
        told.page(page, result.counts, mapped.found)
        return
    raise CrosswalksChanged


def _dry_run(line: Line, source: Source, told: _Told) -> HarvestOutcome:
    error: Error | None = None
    shelf = told.shelves.now()
    try:
        checkpoint = {} if told.options.anew else sources.checkpoint(line.db, source.name)
        for page in _pages(line, source, checkpoint, told):
            source = judged(source, page, told.text.pooled)
            versions = current_versions(source, shelf)
            mapped = map_page(page, source, (), None, shelf)
            counts = foresee(line.db, source.name, page, mapped.records, versions)
            told.page(page, counts, mapped.found)
    except (HarvestError, CatalogueError) as failure:
        error = failure
    return told.outcome(None, _status(told, error), error)


def _pages(line: Line, source: Source, checkpoint: Checkpoint, told: _Told) -> Iterator[Page]:
    options = told.options
    if options.pages is not None:
        pages = options.pages.pages(source)
    else:
        pages = _reader(line, source, told).pages(spec_of(line, source, options), checkpoint)
    for page in pages if options.limit is None else _first(pages, options.limit):
        yield page
        if told.stopping.is_set():
            return


def _reader(line: Line, source: Source, told: _Told) -> Reader:
    return reader(source.protocol, replace(http_of(line, source), hear=told.hear), told.rest)


def _first(pages: Iterable[Page], limit: int) -> Iterator[Page]:
    for page in pages:
        yield replace(page, records=page.records[:limit])
        limit -= len(page.records)
        if limit <= 0:
            return


def _status(told: _Told, error: Error | None) -> RunStatus:
    if isinstance(error, NeedsDecision):
        return RunStatus.WAITING
    if told.stopping.is_set() and not told.complete:
        return RunStatus.CANCELLED
    if error is not None:
        return RunStatus.INCOMPLETE if told.counts.pages else RunStatus.FAILED
    options = told.options
    if options.limit is not None or (told.complete and (options.until or options.sets)):
        return RunStatus.LIMITED
    return RunStatus.SUCCEEDED if told.complete else RunStatus.INCOMPLETE
