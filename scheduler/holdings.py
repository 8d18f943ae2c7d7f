"""A library's list out of its file: rows as the catalogue matches them, and what is wrong with any.

Nothing is put right here but what a column holds: whether a row means something in the union, the
catalogue decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from stdnum import issn

from catalogue.database import Database
from catalogue.holdings import listing
from catalogue.holdings.errors import TooManyRows
from catalogue.holdings.looking import foresee
from catalogue.holdings.model import Found, Line, Put, Row
from catalogue.holdings.put import MOST, Giving, put
from catalogue.match.identifiers import isbn13
from catalogue.model import HubIdentity
from crosswalks.columns import Target
from crosswalks.formats.delimited import Stream
from crosswalks.formats.headings import Entry
from crosswalks.model import Problem, Severity
from crosswalks.text import nfc, storable
from harvester.files import tables
from harvester.files.errors import FileEmpty

NEEDED = (Target.IDENTIFIER, Target.ACCESSION, Target.ISBN, Target.ISSN, Target.TITLE)
"""A table without any of these says nothing that could be matched."""
NOTHING_TO_GO_BY = "row-without-number"
BAD_ISBN = "bad-isbn"
BAD_ISSN = "bad-issn"
CUT = "cell-too-long"
MOST_PROBLEMS = 1000
"""Problems kept to be told; more are only counted."""

_LONGEST = 1000
_STEP = 200
_SEVERAL = re.compile(r"\s*[;|\n]\s*|,\s+")
_DIGITS = re.compile(r"\d{1,6}")
_NAMES_A_RECORD = re.compile(r"\(|oai:|https?://", re.IGNORECASE)
_PEOPLE = (Target.AUTHOR, Target.CORPORATE_AUTHOR)


class File(NamedTuple):
    """A library's file, and how its text is written."""

    stream: Stream
    name: str
    encoding: str = ""
    """An old one, for bytes that are not Unicode."""


class Told(NamedTuple):
    """What was wrong with a row, and where it stood."""

    line: int
    problem: Problem


@dataclass(slots=True)
class Problems:
    """What was wrong with rows, as far as it is told, and how often."""

    told: list[Told] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, line: int, problem: Problem) -> None:
        """Take note of a problem of a row."""
        self.counts[problem.code] += 1
        if len(self.told) < MOST_PROBLEMS:
            self.told.append(Told(line, problem))


def read(file: File, columns: str, problems: Problems) -> Iterator[Line]:
    """Yield the rows of a table of any kind; what is wrong with them goes to ``problems``.

    A row in which there is nothing to go by stays in the list: the library sees it there. Raises
    HarvestError for what is no table, and CrosswalkError where its columns do not fit.
    """
    entry = None
    for entry in tables.rows(file.stream, file.name, columns, NEEDED, file.encoding):
        row = _row(entry)
        for problem in _problems(entry, row):
            problems.add(entry.number, problem)
        yield Line(entry.number, row)
    if entry is None:
        raise FileEmpty(file=file.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of giving a list."""

    done: Put
    problems: Problems
    found: Mapping[Found, int]
    """How many rows would be found what; only of a dry run: others are matched by and by."""


def take(database: Database, hub: HubIdentity, file: File, giving: Giving) -> Taken:
    """Make a library's list what a file says.

    Columns are read as the list was read last, where nothing else is said. Raises HarvestError for
    a file that cannot be taken, and what ``put`` does.
    """
    columns = giving.columns or listing.columns_of(database, giving.library, giving.list)
    giving = replace(giving, columns=columns)
    problems = Problems()
    lines = list(_bounded(read(file, columns, problems)))
    done = put(database, giving, lines)
    rows = [line.row for line in lines] if giving.dry_run else []
    return Taken(done=done, problems=problems, found=_would_find(database, hub, done.library, rows))


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count == MOST:
            raise TooManyRows(most=MOST)
        yield line


def _would_find(
    database: Database, hub: HubIdentity, library: str, rows: Sequence[Row]
) -> Mapping[Found, int]:
    counts: Counter[Found] = Counter()
    for at in range(0, len(rows), _STEP):
        counts.update(each.found for each in foresee(database, hub, library, rows[at : at + _STEP]))
    return counts


def _row(entry: Entry) -> Row:
    named, numbered = _numbers(entry)
    return Row(
        identifier=named,
        isbn="; ".join(_all(entry, Target.ISBN)),
        issn="; ".join(_all(entry, Target.ISSN)),
        title=" : ".join([*_all(entry, Target.TITLE)[:1], *_all(entry, Target.SUBTITLE)[:1]]),
        author="; ".join(_authors(entry)),
        year=_first(entry, Target.YEAR, Target.IMPRINT),
        publisher=_first(entry, Target.PUBLISHER),
        volume=_first(entry, Target.VOLUME),
        edition=_first(entry, Target.EDITION),
        local_number="; ".join(numbered),
        call_number=_call_number(entry),
        location=_first(entry, Target.LOCATION),
        copies=max(_copies(entry), len(numbered) if len(numbered) > 1 else 0),
    )


def _numbers(entry: Entry) -> tuple[str, list[str]]:
    """Return the record of the union that a row names, and the library's own numbers of it."""
    told = _all(entry, Target.IDENTIFIER)
    named = [text for text in told if _NAMES_A_RECORD.match(text)]
    own = [part for text in _all(entry, Target.ACCESSION) for part in _SEVERAL.split(text) if part]
    return next(iter(named), ""), own or [text for text in told if text not in named]


def _authors(entry: Entry) -> list[str]:
    said = [text for target in _PEOPLE for text in _all(entry, target)]
    return said or _all(entry, Target.RESPONSIBILITY)[:1]


def _call_number(entry: Entry) -> str:
    cutter = _first(entry, Target.CUTTER)
    number = _first(entry, Target.DDC, Target.CLASSIFICATION) if cutter else ""
    return _first(entry, Target.CALL_NUMBER) or f"{number} {cutter}".strip()


def _copies(entry: Entry) -> int:
    found = _DIGITS.search(_first(entry, Target.COPIES))
    return int(found[0]) if found else 0


def _first(entry: Entry, *targets: Target) -> str:
    return next((text for target in targets for text in _all(entry, target)), "")


def _all(entry: Entry, target: Target) -> list[str]:
    cleaned = (" ".join(nfc(storable(text)).split())[:_LONGEST] for text in entry.all(target))
    return [text for text in cleaned if text]


def _problems(entry: Entry, row: Row) -> Iterator[Problem]:
    if entry.problem:
        yield _problem(entry.problem, "")
    for heading, text in entry.cells:
        if len(text) > _LONGEST:
            yield _problem(CUT, text, heading)
    for number in filter(None, _SEVERAL.split(row.isbn)):
        if not isbn13(number):
            yield _problem(BAD_ISBN, number, "ISBN")
    for number in filter(None, _SEVERAL.split(row.issn)):
        if not issn.is_valid(number):
            yield _problem(BAD_ISSN, number, "ISSN")
    numbers = row.identifier or row.isbn or row.issn
    if not numbers and not (row.title and (row.author or row.year)):
        yield _problem(NOTHING_TO_GO_BY, row.title)


def _problem(code: str, sample: str, heading: str = "") -> Problem:
    return Problem(code=code, severity=Severity.WARNING, field=heading, sample=sample[:60])
