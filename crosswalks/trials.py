"""Saved tests of crosswalks: a record as it was delivered, and what has to come of it.

What is compared is text that people read: lines of MARC, or XML with an element a line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from crosswalks import crosswalk, formats, reading
from crosswalks.errors import CrosswalkError
from crosswalks.formats import mrk, unimarc
from crosswalks.model import Element, Problem, RawRecord, Record, Schema
from crosswalks.shelf import Shelf

_MARC = (Schema.MARC21, Schema.UNIMARC)
_IN, _OUT = ".in", ".out"
_BETWEEN = re.compile(r">\s*<")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One saved test."""

    title: str
    given: bytes
    """A record in any format that is read."""
    format: str = ""
    """The format's name; empty: told by the bytes."""
    expected: str


def shipped(name: str) -> tuple[Trial, ...]:
    """Return the tests that come with the program for a crosswalk, by title."""
    folder = files("crosswalks.maps").joinpath("tests", name)
    if not folder.is_dir():
        return ()
    given = sorted(each.name for each in folder.iterdir() if each.name.endswith(_IN))
    return tuple(
        Trial(
            title=each.removesuffix(_IN),
            given=folder.joinpath(each).read_bytes(),
            expected=folder.joinpath(each.removesuffix(_IN) + _OUT).read_text("utf-8"),
        )
        for each in given
    )


def run(shelf: Shelf, name: str, trial: Trial) -> tuple[str, ...]:
    """Return how what comes of a test's record differs from what should: nothing if it passes.

    Lines as ``diff -u`` has them; a record that cannot be read or mapped is one line with ``!``.
    """
    try:
        found = lines(outcome(shelf, name, trial))
    except CrosswalkError as error:
        return (f"! {error}",)
    return difference(_lines(trial.expected), found)


def outcome(shelf: Shelf, name: str, trial: Trial) -> Record:
    """Return what comes of a test's record; raise CrosswalkError."""
    made = shelf.find(name)
    record, problems = _read(trial, made.source)
    if record is None:
        raise CrosswalkError(reason="; ".join(problem.detail for problem in problems))
    return crosswalk.apply(made, record)


def _read(trial: Trial, source: Schema) -> tuple[Record | None, tuple[Problem, ...]]:
    if source is Schema.UNIMARC:
        # Small records do not tell for sure that they are no MARC 21.
        return reading.read_as(unimarc, trial.given)
    return reading.read(RawRecord(identifier=trial.title, format=trial.format, body=trial.given))


def lines(record: Record) -> list[str]:
    """Return a record of any schema as lines for people."""
    if record.schema in _MARC:
        return _lines(mrk.write(record).decode())
    if record.schema is Schema.TABLE:
        return [_cell(each) for each in record.fields if isinstance(each, Element)]
    form = next(form for form in formats.WRITTEN if form.SCHEMA is record.schema)
    return _lines(form.write(record).decode())


def _cell(cell: Element) -> str:
    """Return a cell of a table with its heading, and what its column was taken for."""
    heading = "".join(value for _, value in cell.attributes)
    return f"{cell.name} ({heading}): {cell.text}" if heading else f"{cell.name}: {cell.text}"


def difference(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return the lines by which two texts differ, the unchanged ones around them left out."""
    told = difflib.unified_diff(before, after, lineterm="", n=0)
    return tuple(line for line in told if not line.startswith(("---", "+++", "@@")))


def _lines(text: str) -> list[str]:
    spread = _BETWEEN.sub(">\n<", text.strip())
    return [line.rstrip() for line in spread.splitlines() if line.strip()]
