"""The technical check of what an applicant offers: is it there, can it be read, is it sound?

It stands on what harvests stand on: the connection step by step, the reader of the protocol, the
mapping and the checks of records. Nothing is stored.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from catalogue import crosswalks
from catalogue.model import Source
from crosswalks.checks.tally import Tally
from crosswalks.encodings import Evidence
from crosswalks.errors import Error
from crosswalks.model import Page, Severity
from harvester.errors import HarvestError
from harvester.readers import reader
from scheduler import connection
from scheduler.encodings import encoding_of, judged
from scheduler.joining.report import Finding, Report, of_error, of_records, of_steps, step_told
from scheduler.mapping import map_steps
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import SEARCHED, http_of, spec_of

OAI = "oai-pmh"
NO_RECORDS = "no-records"
ONE_PAGE = "only-one-page"
SAME_IDENTIFIER = "identifier-repeated"
FROM_IGNORED = "from-ignored"
NO_DELETIONS = "deletions-not-kept"
UNREADABLE = "records-unreadable"
_BAD_SHARE = 0.1
"""Of records that cannot be read: more keep a library from being connected."""
_AHEAD = timedelta(days=2)


class _Sample:
    """What a few pages of records show."""

    def __init__(self, line: Line, source: Source, most: int) -> None:
        self._line, self._source, self._most = line, source, most
        self.tally = Tally()
        self.pages = self.deleted = self.read = 0
        self.identifiers: Counter[str] = Counter()
        self.error: Error | None = None
        self.seconds = 0.0

    def take(self) -> None:
        """Read and map records, until there are enough; a failure is kept."""
        begun = time.monotonic()
        try:
            for page in self._pages():
                self.pages += 1
                self._page(page)
                # A second page shows whether lists go on at all, however large pages are.
                if self.read >= self._most and self.pages > 1:
                    break
        except HarvestError as error:
            self.error = error
        self.seconds = time.monotonic() - begun

    def _pages(self) -> Iterator[Page]:
        asking = reader(self._source.protocol, http_of(self._line, self._source))
        yield from asking.pages(spec_of(self._line, self._source, HarvestOptions()), {})

    def _page(self, page: Page) -> None:
        shelf, pooled = crosswalks.shelf(self._line.db), Evidence()
        self._source = judged(self._source, page, pooled)
        for raw in islice(page.records, max(self._most - self.read, 0)):
            self.read += 1
            self.identifiers[raw.identifier] += 1
            if raw.deleted:
                self.deleted += 1
                continue
            steps = map_steps(raw, self._source, encoding_of(self._source), shelf)
            record = steps.mapped.record if steps.mapped else None
            self.tally.add(self.read, record, steps.problems)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was measured."""
        rate = self.read / self.seconds if self.seconds else 0.0
        score = self.tally.completeness()
        return {
            "records": self.read,
            "pages": self.pages,
            "deleted": self.deleted,
            "unreadable": self.tally.unreadable,
            "faulty": self.tally.faulty,
            "completeness": None if score is None else round(score, 1),
            "records_a_second": round(rate, 1),
            "encoding": encoding_of(self._source) if self.read else "",
        }

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with how they come, and with what they say."""
        if self.error is not None:
            yield of_error(self.error)
        elif not self.read:
            yield Finding(code=NO_RECORDS, severity=Severity.ERROR)
        again = [name for name, times in self.identifiers.items() if times > 1]
        if again:
            yield Finding(
                code=SAME_IDENTIFIER,
                severity=Severity.ERROR,
                records=len(again),
                example=again[0],
            )
        unreadable = self.tally.unreadable
        if unreadable > _BAD_SHARE * max(self.read - self.deleted, 1):
            yield Finding(code=UNREADABLE, severity=Severity.ERROR, records=unreadable)
        for each in of_records(self.tally):
            # One record's error is that record's: it goes into quarantine, and keeps nobody out.
            grave = each.severity is Severity.ERROR
            yield replace(each, severity=Severity.WARNING) if grave else each


def check(line: Line, source: Source, most: int) -> Report:
    """Return what a technical check of a source finds, by a sample of ``most`` records."""
    steps = list(connection.check(line, source))
    found = of_steps(steps)
    sample = _Sample(line, source, most)
    facts: dict[str, Any] = {}
    if not found:
        sample.take()
        found += sample.findings()
        facts = sample.facts
        if source.protocol == OAI and sample.read:
            found += _of_lists(line, source, steps, sample)
    return Report(findings=found, steps=[step_told(each) for each in steps], facts=facts)


def _of_lists(
    line: Line, source: Source, steps: list[connection.Step], sample: _Sample
) -> Iterator[Finding]:
    """Yield what is wrong with how an OAI-PMH server gives changes (2.0 s2.5.1, s3.5)."""
    told = {key: value for step in steps for key, value in step.found.items()}
    if told.get("deleted_record") != "persistent":
        example = str(told.get("deleted_record") or "-")
        yield Finding(code=NO_DELETIONS, severity=Severity.WARNING, example=example)
    if sample.pages == 1 and not sample.error:
        yield Finding(code=ONE_PAGE, severity=Severity.INFO, records=sample.read)
    if source.protocol not in SEARCHED and _answers_later(line, source):
        yield Finding(code=FROM_IGNORED, severity=Severity.ERROR)


def _answers_later(line: Line, source: Source) -> bool:
    """Tell whether records come where only later ones than there can be were asked for."""
    start = (datetime.now(UTC) + _AHEAD).date().isoformat()
    http = replace(http_of(line, source), retries=0)
    spec = spec_of(line, source, HarvestOptions(start=start))
    try:
        pages = reader(source.protocol, http).pages(spec, {})
        return any(page.records for page in islice(pages, 1))
    except HarvestError:
        # Some servers refuse such a date: they look at it, which is what was to be found out.
        return False
