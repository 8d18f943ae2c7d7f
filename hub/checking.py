"""Checking a file of records on its own: no hub and no database, memory bounded by one record."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple, TypeAlias

from crosswalks import formats
from crosswalks.check import check_fully
from crosswalks.checks.features import identifier_of
from crosswalks.checks.profiles import check_profile
from crosswalks.checks.tally import Count, Example, Tally
from crosswalks.crosswalk import to_pivot
from crosswalks.files import HEAD, Item, read_file, sniff_file
from crosswalks.formats import Readable
from crosswalks.model import Problem, Schema
from hub.errors import UnknownInput, UnreadSchema
from hub.filing import peeked

COLUMNS = ("record", "identifier", "severity", "code", "field", "sample", "detail")
"""The columns of the list of all problems."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Listener: TypeAlias = Callable[[Item, tuple[Problem, ...]], None]
"""Told of each record and all its problems."""


class Checked(NamedTuple):
    """What came of a file."""

    path: str
    format: str
    profile: str
    tally: Tally


def form_of(path: str, stream: IO[bytes], name: str) -> tuple[Readable, IO[bytes]]:
    """Return the format of a file, as named or by its bytes, and the stream from its beginning.

    Raises UnreadSchema or UnknownInput.
    """
    if name:
        known = {form.NAME: form for form in formats.FORMATS}
        if name not in known:
            raise UnreadSchema(name=name, known=", ".join(known))
        return known[name], stream
    head, whole = peeked(stream, HEAD)
    form = sniff_file(head)
    if form is None:
        raise UnknownInput(path=path)
    return form, whole


def check_file(
    stream: IO[bytes], form: Readable, profile: str, listeners: Iterable[Listener] = ()
) -> Tally:
    """Return what is wrong with a file; the listeners hear of each record as it goes by."""
    tally = Tally()
    for item in map(_in_marc, read_file(stream, form)):
        problems = tuple(_problems(item, profile))
        tally.add(item.position, item.record, problems)
        for listener in listeners:
            listener(item, problems)
    return tally


def _in_marc(item: Item) -> Item:
    """Return a table's row as the record that comes of it; any other as it is."""
    if item.record is None or item.record.schema is not Schema.TABLE:
        return item
    return item._replace(record=to_pivot(item.record))


def _problems(item: Item, profile: str) -> Iterator[Problem]:
    yield from item.problems
    if item.record is not None:
        yield from check_fully(item.record)
        if profile:
            yield from check_profile(item.record, profile)


class ProblemList:
    """Writes every problem as a line of CSV, in a form that spreadsheets open as it stands."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        # The mark at the beginning tells spreadsheets that this is UTF-8.
        out.write("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
        self.lines = csv.writer(self)
        self.lines.writerow(COLUMNS)

    def write(self, text: str) -> None:
        """Write a line that was made."""
        self.out.write(text.encode("utf-8", "replace"))

    def __call__(self, item: Item, problems: tuple[Problem, ...]) -> None:
        """Write the problems of one record."""
        if not problems:
            return
        identifier = identifier_of(item.record) if item.record else ""
        for one in problems:
            cells = (identifier, one.severity, one.code, one.field, one.sample, one.detail)
            self.lines.writerow((item.position, *map(_harmless, cells)))


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_plain(checked: Checked) -> dict[str, Any]:
    """Return what came of a file as plain data."""
    tally = checked.tally
    mean = tally.completeness()
    return {
        "file": checked.path,
        "format": checked.format,
        "profile": checked.profile,
        "records": tally.records,
        "unreadable": tally.unreadable,
        "faulty": tally.faulty,
        "errors": tally.errors(),
        "completeness": None if mean is None else round(mean, 1),
        "kinds": dict(tally.kinds),
        "problems": [{**key._asdict(), **_plain(count)} for key, count in tally.by_weight()],
        "patterns": [
            {"pattern": pattern.value, **_plain(count)} for pattern, count in tally.shown_patterns()
        ],
    }


def _plain(count: Count) -> dict[str, Any]:
    examples = [Example._asdict(each) for each in count.examples]
    return {"records": count.records, "cases": count.cases, "examples": examples}
