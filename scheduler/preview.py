"""What a source would bring, step by step for a few records: the line without the store."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from catalogue import crosswalks
from catalogue.model import Source
from crosswalks.encodings import Evidence
from crosswalks.model import Problem, RawRecord, Record
from harvester.readers import reader
from scheduler.encodings import encoding_of, judged
from scheduler.mapping import map_steps
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import http_of, spec_of


class Preview(NamedTuple):
    """One record: as it came, and what each step made of it."""

    raw: RawRecord
    parsed: Record | None
    """In its own schema; None where it is deleted or cannot be read."""
    mapped: Record | None
    """In MARC 21; None where it would be quarantined, or is deleted."""
    problems: tuple[Problem, ...]


def preview(line: Line, source: Source, limit: int) -> Iterator[Preview]:
    """Yield the first records of a source, as settings and crosswalks of now would take them.

    Nothing is stored, and the source need not be either. Raises HarvestError; what was yielded
    before it holds.
    """
    shelf = crosswalks.shelf(line.db)
    pooled = Evidence()
    asking = reader(source.protocol, http_of(line, source))
    left = limit
    for page in asking.pages(spec_of(line, source, HarvestOptions()), {}):
        source = judged(source, page, pooled)
        for raw in islice(page.records, left):
            if raw.deleted:
                yield Preview(raw, None, None, ())
                continue
            steps = map_steps(raw, source, encoding_of(source), shelf)
            mapped = steps.mapped.record if steps.mapped else None
            yield Preview(raw, steps.parsed, mapped, steps.problems)
        left -= len(page.records)
        if left <= 0:
            return
