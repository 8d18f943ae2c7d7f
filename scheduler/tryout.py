"""What a source that is not kept yet would bring: its first records through the line, none stored.

A dry run for those who are just adding a source. A complete one is ``lienthong harvest --dry-run``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from catalogue import crosswalks
from catalogue.model import Source
from crosswalks.encodings import Evidence
from crosswalks.model import Page, Problem
from harvester.errors import HarvestError
from harvester.readers import reader
from scheduler.encodings import judged
from scheduler.mapping import MappedPage, map_page
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import http_of, spec_of

SAMPLES = 3
"""Records that are named for each kind of problem."""


@dataclass(slots=True, kw_only=True)
class Tried:
    """What came so far, and what would become of it."""

    pages: int = 0
    delivered: int = 0
    stored: int = 0
    """Records that would be stored."""
    deleted: int = 0
    """Records that are told to be deleted: nothing would be stored of them."""
    quarantined: int = 0
    """Records that could not be read or mapped."""
    total: int | None = None
    """How many there are, as the source says."""
    whole: bool = False
    """Whether that was all of the source."""
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By code and severity."""
    examples: dict[str, list[str]] = field(default_factory=dict)
    """By code: identifiers of records that have the problem."""

    def add(self, page: Page, mapped: MappedPage) -> None:
        """Count a page."""
        self.pages += 1
        self.total = self.total if page.total is None else page.total
        self.whole = page.last
        for raw in page.records:
            self.delivered += 1
            self.deleted += raw.deleted
            self.stored += raw.position in mapped.records
            self._note(mapped.problems.get(raw.position, ()), raw.identifier)
        self.quarantined = self.delivered - self.deleted - self.stored
        self._note(page.problems, "")

    def _note(self, problems: Sequence[Problem], identifier: str) -> None:
        for problem in problems:
            self.problems[problem.code, problem.severity.value] += 1
            named = self.examples.setdefault(problem.code, [])
            if identifier and identifier not in named and len(named) < SAMPLES:
                named.append(identifier)


def try_out(line: Line, source: Source, limit: int) -> Iterator[Tried]:
    """Yield what came after each page, until there are ``limit`` records or no more.

    It is the same object each time. Raises HarvestError; what was yielded before it holds.
    """
    shelf, pooled, tried = crosswalks.shelf(line.db), Evidence(), Tried()
    asking = reader(source.protocol, http_of(line, source))
    for page in asking.pages(spec_of(line, source, HarvestOptions()), {}):
        left = limit - tried.delivered
        some = replace(page, records=page.records[:left])
        source = judged(source, some, pooled)
        tried.add(some, map_page(some, source, (), None, shelf))
        tried.whole = page.last and len(page.records) <= left
        yield tried
        if tried.delivered >= limit:
            return


def set_sizes(line: Line, source: Source, specs: Sequence[str]) -> Iterator[tuple[str, int | None]]:
    """Yield how many records are in sets of a repository, None where it does not tell.

    From the first page of each: what it says of the whole list (OAI-PMH 2.0 s3.5.1), or all there
    is. A set that cannot be listed is one of which nothing is told.
    """
    asking = reader(source.protocol, replace(http_of(line, source), retries=0))
    for spec in specs:
        wanted = spec_of(line, source, HarvestOptions(sets=(spec,)))
        size = None
        with suppress(HarvestError):
            page = next(iter(asking.pages(wanted, {})), None)
            if page is not None:
                size = len(page.records) if page.last else page.total
        yield spec, size
