"""A page's records as the catalogue takes them: read, mapped to the pivot, checked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from catalogue.model import Source
from crosswalks import crosswalk, reading, suppression
from crosswalks.check import check
from crosswalks.errors import CrosswalkError
from crosswalks.model import Page, Problem, RawRecord, Record, Severity


@dataclass(slots=True)
class MappedPage:
    """The records of a page that could be mapped, and all problems, by position."""

    records: dict[int, Record] = field(default_factory=dict)
    problems: dict[int, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def found(self) -> int:
        """How many problems were found."""
        return sum(map(len, self.problems.values()))


def crosswalk_version(source: Source) -> str:
    """Return which versions a source's records are mapped by; another text = map them again."""
    name = source.crosswalk
    names = [name] if name else [each for each in crosswalk.known() if _leads_up(each)]
    versions = [f"{each}@{crosswalk.find(each).version}" for each in names]
    # Kept with each record, so short.
    told = "\n".join([*versions, *source.suppress])
    return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


def _leads_up(name: str) -> bool:
    return crosswalk.find(name).target is crosswalk.PIVOT


def map_page(page: Page, source: Source, known: Collection[int]) -> MappedPage:
    """Map a page by its source's crosswalk (if it has none: by each record's schema).

    ``known`` are positions that need no mapping, since their bytes are stored already.
    """
    mapped = MappedPage()
    for raw in page.records:
        if raw.deleted or raw.position in known:
            continue
        record, problems = map_record(raw, source)
        if record is not None:
            mapped.records[raw.position] = record
        if problems:
            mapped.problems[raw.position] = problems
    return mapped


def map_record(raw: RawRecord, source: Source) -> tuple[Record | None, tuple[Problem, ...]]:
    """Return the pivot of one record, or None with the error-level problem that keeps it out."""
    record, problems = reading.read(raw)
    if record is None:
        return None, problems
    try:
        pivot = crosswalk.to_pivot(record, source.crosswalk)
    except CrosswalkError as error:
        return None, (*problems, _refused(error))
    problems = (*problems, *check(pivot))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    mark = suppression.suppressed(pivot, source.suppress)
    return pivot, (*problems, mark) if mark else problems


def _refused(error: CrosswalkError) -> Problem:
    return Problem(code=error.code(), severity=Severity.ERROR, detail=str(error))
