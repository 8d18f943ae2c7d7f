"""A table with a heading line, its columns parted by tabs: what a librarian writes in a sheet.

Columns are known by English and Vietnamese headings (``authority-columns.tsv``); only the heading
itself is needed. Several values of a cell are parted by semicolons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from crosswalks import tables
from crosswalks.authorities.model import Entry, Kind, Name, Read, Related, Relation, clean
from crosswalks.errors import Said
from crosswalks.formats import linefile
from crosswalks.text import fold

_COLUMNS = {fold(heading): column for heading, column in tables.rows("authority-columns.tsv")}
_KINDS = {fold(word): Kind(kind) for word, kind in tables.rows("authority-kinds.tsv")}
_RELATIONS = {
    "also": Relation.ALSO,
    "broader": Relation.BROADER,
    "narrower": Relation.NARROWER,
    "identity": Relation.IDENTITY,
}


def sniff(head: bytes) -> bool:
    """Tell whether a file that begins so is a table that has a column of headings."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return "heading" in _columns(first.decode("utf-8", "replace"))


def read(stream: IO[bytes], kind: Kind) -> Iterator[Read]:
    """Yield the entry of each row, or why it is none; ``kind`` is that of rows that say none."""
    columns: list[str] | None = None
    for number, (_, data) in enumerate(linefile.lines(stream), 1):
        if not data.strip():
            continue
        try:
            line = data.decode()
        except UnicodeDecodeError:
            yield Read(number, None, Said("it is not in UTF-8", {}))
            continue
        if columns is None:
            columns = _columns(line)
            continue
        cells = dict(zip(columns, line.rstrip("\r\n").split("\t"), strict=False))
        yield _row(number, cells, kind)


def _columns(line: str) -> list[str]:
    """Return what the columns hold, nothing for one that nobody knows."""
    return [_COLUMNS.get(fold(cell), "") for cell in line.strip("\r\n").split("\t")]


def _row(number: int, cells: Mapping[str, str], kind: Kind) -> Read:
    heading = clean(cells.get("heading", ""))
    said = cells.get("kind", "").strip()
    if said and fold(said) not in _KINDS:
        known = ", ".join(each.value for each in Kind)
        details = {"kind": said[:60], "known": known}
        return Read(number, None, Said("nobody knows the kind “{kind}”; write {known}", details))
    related = (
        Related(relation, text)
        for column, relation in _RELATIONS.items()
        for text in _several(cells.get(column, ""))
    )
    names = (Name(text) for text in _several(cells.get("see", "")) if text != heading)
    return Read(
        number,
        Entry(
            number=clean(cells.get("id", "")),
            kind=_KINDS[fold(said)] if said else kind,
            heading=heading,
            names=tuple(dict.fromkeys(names)),
            related=tuple(dict.fromkeys(related)),
            same=tuple(dict.fromkeys(_several(cells.get("same", "")))),
            notes=tuple(filter(None, (clean(cells.get("note", "")),))),
        ),
    )


def _several(cell: str) -> list[str]:
    return [text for each in cell.split(";") if (text := clean(each))]
