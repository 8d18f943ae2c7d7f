"""A page's records as the catalogue takes them: read, mapped to the pivot, checked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from catalogue.model import Mapped, Source
from crosswalks import columns, suppression
from crosswalks.check import check
from crosswalks.encodings import Encoding, Evidence
from crosswalks.encodings import records as encoded
from crosswalks.errors import CrosswalkError
from crosswalks.language.errors import MappingFailed
from crosswalks.model import Page, Problem, RawRecord, Record, Schema, Severity
from crosswalks.shelf import SHIPPED_ONLY, Shelf
from scheduler.encodings import encoding_of, judged, stops_of


@dataclass(slots=True)
class MappedPage:
    """The records of a page that could be mapped, and all problems, by position."""

    records: dict[int, Mapped] = field(default_factory=dict)
    problems: dict[int, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def found(self) -> int:
        """How many problems were found."""
        return sum(map(len, self.problems.values()))


def current_versions(source: Source, shelf: Shelf = SHIPPED_ONLY) -> frozenset[str]:
    """Return by which versions a source's records are mapped now, one for each schema they have.

    A record that was mapped by another has to be mapped again.
    """
    names = (source.crosswalk,) if source.crosswalk else shelf.up()
    return frozenset(_version(source, shelf.version(name)) for name in names)


def _version(source: Source, crosswalk: str) -> str:
    """Return a crosswalk's version with all else that decides how a source's records come out."""
    encoding = encoding_of(source)
    text = [f"encoding {encoding}"] if encoding else []
    if encoding is Encoding.VIQR:
        text.append(f"stops {stops_of(source)}")
    if source.files.columns:
        text.append(f"columns {source.files.columns}")
    # Kept with each record, so short.
    told = "\n".join([crosswalk, *source.suppress, *text])
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


def map_page(
    page: Page,
    source: Source,
    known: Collection[int],
    pooled: Evidence | None = None,
    shelf: Shelf = SHIPPED_ONLY,
) -> MappedPage:
    """Map a page by its source's crosswalk (if it has none: by each record's schema).

    ``known`` are positions that need no mapping, since their bytes are stored already; ``pooled``
    is what the pages before it showed of the source's encoding, and takes in what this one does;
    without it the encoding is what is known of the source already.
    """
    mapped = MappedPage()
    source = source if pooled is None else judged(source, page, pooled)
    encoding = encoding_of(source)
    for raw in page.records:
        if raw.deleted or raw.position in known:
            continue
        record, problems = map_record(raw, source, encoding, shelf)
        if record is not None:
            mapped.records[raw.position] = record
        if problems:
            mapped.problems[raw.position] = problems
    return mapped


def map_record(
    raw: RawRecord,
    source: Source,
    encoding: Encoding | None = None,
    shelf: Shelf = SHIPPED_ONLY,
) -> tuple[Mapped | None, tuple[Problem, ...]]:
    """Return the pivot of one record, or None with the error-level problem that keeps it out."""
    steps = map_steps(raw, source, encoding, shelf)
    return steps.mapped, steps.problems


class Steps(NamedTuple):
    """What each step made of a record; None from the step on that could not go on."""

    parsed: Record | None
    """In its own schema, its text repaired."""
    mapped: Mapped | None
    problems: tuple[Problem, ...]


def map_steps(
    raw: RawRecord,
    source: Source,
    encoding: Encoding | None = None,
    shelf: Shelf = SHIPPED_ONLY,
) -> Steps:
    """Return what each step makes of one record; an error-level problem keeps it out."""
    record, problems = encoded.read(raw, encoding)
    if record is None:
        return Steps(None, None, problems)
    if encoding is not None:
        record, repaired = encoded.repair_record(record, encoding, stops_of(source))
        problems = (*problems, *repaired)
    try:
        record = _named(record, source)
        pivot, version, failures = shelf.to_pivot(record, source.crosswalk)
    except CrosswalkError as error:
        return Steps(record, None, (*problems, _refused(error)))
    problems = (*problems, *map(_left_out, failures), *check(pivot))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Steps(record, None, problems)
    mark = suppression.suppressed(pivot, source.suppress)
    mapped = Mapped(pivot, _version(source, version))
    return Steps(record, mapped, (*problems, mark) if mark else problems)


def _named(record: Record, source: Source) -> Record:
    """Return a table's row named by its source's column map; any other record as it is."""
    if record.schema is not Schema.TABLE:
        return record
    return columns.named(record, source.files.columns)


def _left_out(failure: MappingFailed) -> Problem:
    """Return the Problem of a rule that failed on a record which was mapped by all others."""
    return Problem(code=failure.code(), severity=Severity.WARNING, detail=str(failure))


def _refused(error: CrosswalkError) -> Problem:
    return Problem(code=error.code(), severity=Severity.ERROR, detail=str(error))
