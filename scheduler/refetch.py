"""One record fetched anew, by the same line as all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

from catalogue.model import Source
from crosswalks.model import Page
from harvester.readers import reader
from scheduler.model import HarvestOptions, HarvestOutcome, Kept, Line, Progress
from scheduler.outgoing import http_of, spec_of
from scheduler.pipeline import harvest


def refetch(
    line: Line,
    wanted: tuple[str, str],
    progress: Callable[[Progress], None] = lambda _: None,
    stopping: Event | None = None,
) -> HarvestOutcome:
    """Fetch one record, named by source and identifier, and store what came of it.

    It is a run of its own; the checkpoint stays. Raises NoSuchSource.
    """
    name, identifier = wanted

    def pages(source: Source) -> Iterator[Page]:
        asking = reader(source.protocol, http_of(line, source))
        yield asking.one(spec_of(line, source, HarvestOptions()), identifier)

    options = HarvestOptions(pages=Kept(pages=pages, told={"record": identifier}))
    return harvest(line, name, options, progress, stopping)
