"""A page's records as the catalogue takes them: read, mapped to the pivot, checked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from crosswalks import crosswalk, reading
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


def crosswalk_version(name: str) -> str:
    """Return which versions a source's records are mapped by; another text = map them again."""
    names = [name] if name else [each for each in crosswalk.known() if _leads_up(each)]
    return " ".join(f"{each}@{crosswalk.find(each).version}" for each in names)


def _leads_up(name: str) -> bool:
    return crosswalk.find(name).target is crosswalk.PIVOT


def map_page(page: Page, name: str, known: Collection[int]) -> MappedPage:
    """Map a page by the crosswalk of this name (empty: by each record's schema).

    ``known`` are positions that need no mapping, since their bytes are stored already.
    """
    mapped = MappedPage()
    for raw in page.records:
        if raw.deleted or raw.position in known:
            continue
        record, problems = map_record(raw, name)
        if record is not None:
            mapped.records[raw.position] = record
        if problems:
            mapped.problems[raw.position] = problems
    return mapped


def map_record(raw: RawRecord, name: str) -> tuple[Record | None, tuple[Problem, ...]]:
    """Return the pivot of one record, or None with the error-level problem that keeps it out."""
    record, problems = reading.read(raw)
    if record is None:
        return None, problems
    try:
        pivot = crosswalk.to_pivot(record, name)
    except CrosswalkError as error:
        return None, (*problems, _refused(error))
    problems = (*problems, *check(pivot))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    return pivot, problems


def _refused(error: CrosswalkError) -> Problem:
    return Problem(code=error.code(), severity=Severity.ERROR, detail=str(error))
