"""Tables that members deliver: CSV, TSV and spreadsheets, row by row under their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter

from crosswalks.columns import Target, is_heading, is_like, legible, letter, listed
from crosswalks.encodings import LEGACY, Encoding, decode
from crosswalks.errors import ColumnMapError, ColumnMissing, FormatError, Said
from crosswalks.formats import delimited, headings, table
from crosswalks.formats.delimited import Row, Stream
from crosswalks.formats.headings import Entry
from crosswalks.model import Problem, Severity
from crosswalks.text import is_storable, storable
from harvester.files import sheets
from harvester.files.errors import RecordTooLong
from harvester.files.model import Cut
from harvester.files.tableerrors import NoTableInFile, TableRefused
from harvester.model import FileSettings

__all__ = ["Entry", "cut", "looks_like_table", "rows"]

ROUNDED = "number-rounded"
"""The code of a number whose digits a spreadsheet threw away."""
NO_RECORD = "row-without-title"
SHEET_LEFT_OUT = "sheet-not-read"

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_NUMBERS = re.compile(r"[;,\n|]")
_SAMPLE = 60
_LONGEST_IDENTIFIER = 200
_USUAL = (Target.IDENTIFIER, Target.ACCESSION)
"""Which columns tell a row's identifier, where the source's settings say nothing."""


def looks_like_table(head: bytes, settings: FileSettings) -> bool:
    """Tell whether a file that begins so is a spreadsheet, or text in columns with headings."""
    return sheets.is_workbook(head) or table.is_delimited(head, settings.columns)


def rows(
    stream: Stream,
    name: str,
    columns: str = "",
    needed: Sequence[Target] = (),
    encoding: str = "",
) -> Iterator[Entry]:
    """Yield the rows of a table of any kind under its headings, as text that people can read.

    ``columns`` is a column map (``crosswalks.columns``), ``needed`` are targets of which some
    column must hold one, ``encoding`` is the old one that bytes which are not UTF-8 are in. Rows
    of several sheets follow one another; a sheet whose headings do not fit is left out if another
    one's do. Raises HarvestError.
    """
    with _refused(name):
        for found in _entries(stream, name, columns, needed):
            if isinstance(found, Entry):
                yield _legible(found, encoding)


def cut(stream: Stream, settings: FileSettings, name: str) -> Iterator[Cut]:
    """Yield the rows of a table as records; raise HarvestError where its columns do not fit."""
    places = tuple(place.strip() for place in settings.identifier.split(",") if place.strip())
    with _refused(name):
        for found in _entries(stream, name, settings.columns, table.NEEDED):
            yield _cut(found, places) if isinstance(found, Entry) else _left_out(found)


def _entries(
    stream: Stream, name: str, columns: str, needed: Sequence[Target]
) -> Iterator[Entry | Row]:
    """Yield each row under its headings, and the first row of each sheet that is left out."""
    head = delimited.peek(stream)
    if sheets.is_workbook(head):
        yield from _of_sheets(sheets.rows(_Again(head, stream), name), name, columns, needed)
        return
    way = delimited.dialect(head, lambda cell: is_heading(cell, columns))
    yield from headings.entries(delimited.rows(stream, head, way), columns, needed)


def _of_sheets(
    found: Iterator[Row], name: str, columns: str, needed: Sequence[Target]
) -> Iterator[Entry | Row]:
    refused: list[tuple[Row, ColumnMapError]] = []
    are_any = False
    for _, of_sheet in groupby(found, attrgetter("sheet")):
        first = next(of_sheet)
        try:
            for entry in headings.entries(chain([first], of_sheet), columns, needed):
                are_any = True
                yield entry
        except ColumnMapError as error:
            refused.append((first, error))
    if not are_any:
        raise refused[0][1] if refused else NoTableInFile(file=name)
    yield from (first for first, _ in refused)


def _cut(entry: Entry, places: tuple[str, ...]) -> Cut:
    return Cut(
        offset=entry.number,
        body=table.row(entry.cells),
        format=table.NAME,
        identifier=_identifier(entry, places),
        problems=tuple(_problems(entry)),
    )


def _identifier(entry: Entry, places: tuple[str, ...]) -> str:
    """Return what a row is called: as the settings say, else by its number or its first copy's."""
    if places:
        named = _in_columns(entry.headings.texts, places)
        texts = [text for like in named for each, text in entry.cells if each in like]
    else:
        texts = [text for target in _USUAL for text in entry.all(target)]
    first = " ".join(_NUMBERS.split(_read(texts[0]))[0].split()) if texts else ""
    return first if len(first) <= _LONGEST_IDENTIFIER else ""


@lru_cache(maxsize=16)
def _in_columns(texts: tuple[str, ...], places: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    found = tuple(filter(None, (_like(texts, place) for place in places)))
    if not found:
        raise ColumnMissing(missing=listed(places), found=listed(texts))
    return found


def _like(texts: tuple[str, ...], place: str) -> frozenset[str]:
    return frozenset(text for text in texts if is_like(text, place))


def _problems(entry: Entry) -> Iterator[Problem]:
    if Target.TITLE not in entry.targets:
        sample = _read("; ".join(text for _, text in entry.cells))[:_SAMPLE]
        yield Problem(code=NO_RECORD, severity=Severity.ERROR, sample=sample)
    if entry.problem:
        yield Problem(code=entry.problem, severity=Severity.WARNING, detail=_place(entry))
    for heading, text in entry.cells:
        if _ROUNDED.fullmatch(text):
            yield Problem(
                code=ROUNDED, severity=Severity.WARNING, field=_read(heading), sample=text
            )


def _left_out(row: Row) -> Cut:
    """Return the first row of a sheet without known headings, as a region that is no record."""
    sample = _read("; ".join(filter(None, row.cells)))[:_SAMPLE]
    problem = Problem(code=SHEET_LEFT_OUT, severity=Severity.ERROR, sample=sample, detail=row.sheet)
    cells = ((letter(at), cell) for at, cell in enumerate(row.cells) if cell.strip())
    return Cut(offset=row.number, body=table.row(cells), format=table.NAME, problems=(problem,))


def _place(entry: Entry) -> str:
    return f"{entry.sheet} {entry.number}".strip()


def _legible(entry: Entry, encoding: str) -> Entry:
    cells = tuple((_read(name, encoding), _read(text, encoding)) for name, text in entry.cells)
    return entry if cells == entry.cells else entry._replace(cells=cells)


def _read(text: str, encoding: str = "") -> str:
    """Return text that can be stored: bytes in it as an old encoding says, or as Windows does."""
    if is_storable(text):
        return text
    if encoding in LEGACY:
        return storable(decode(delimited.encoded(text), Encoding(encoding)))
    return legible(text)


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """Let what the crosswalks cannot take be told as what a harvest stops for."""
    try:
        yield
    except ColumnMapError as error:
        reason = Said(type(error).template(), error.details)
        raise TableRefused(file=name, reason=reason) from error
    except FormatError as error:
        raise RecordTooLong(file=name, limit=delimited.LONGEST, offset=error.position) from error


class _Again:
    """A stream from its beginning, of which some was read already."""

    def __init__(self, head: bytes, rest: Stream) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes."""
        if not self._head:
            return self._rest.read(size)
        end = len(self._head) if size < 0 else size
        piece, self._head = self._head[:end], self._head[end:]
        return piece
