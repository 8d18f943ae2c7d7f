"""A row of a member's table: a JSON object of headings and texts, in the order of the columns.

It is how rows of CSV and of spreadsheets are kept, whole files of CSV are split into it. A heading
that stands over several columns comes several times. Which bytes a cell had is kept: where a file
is in an old encoding, the object is so too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

from crosswalks.columns import Target, is_heading
from crosswalks.errors import FormatError
from crosswalks.formats import delimited, headings
from crosswalks.model import Element, Problem, Record, Schema, Severity

NAME = delimited.NAME
NAMES: tuple[str, ...] = (NAME, "text/csv", "text/tab-separated-values", "tsv", "excel")
SCHEMA = Schema.TABLE
NEEDED = (Target.TITLE, Target.IDENTIFIER, Target.ACCESSION)
"""What a column has to hold, so that rows can be records, or name some that are to go."""

_BOM = b"\xef\xbb\xbf"
_OPENING = re.compile(rb'\s*\{\s*"')
_TEXTUAL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 60
# One for all: json.dumps makes another for each text that it is asked to keep as it is.
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def sniff(data: bytes) -> bool:
    """Tell whether bytes are a row, or begin a file of CSV whose headings are known."""
    if _OPENING.match(data):
        try:
            _pairs(data.decode("latin-1"))
        except FormatError:
            return False
        return True
    return is_delimited(data[: delimited.HEAD])


def is_delimited(head: bytes, columns_text: str = "") -> bool:
    """Tell whether a file that begins so has headings that are known or named."""
    if not head.strip() or _looks_binary(head) or _looks_marked_up(head):
        return False
    way = delimited.dialect(head, lambda cell: is_heading(cell, columns_text))
    try:
        return headings.is_table(delimited.rows(_Nothing(), head, way), columns_text)
    except FormatError:
        return False


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, row) for each row of a file of CSV, TSV or the like.

    Raises ColumnMapError where none of its columns is known to tell what a row is of.
    """
    for entry in entries(stream, needed=NEEDED):
        yield entry.offset, row(entry.cells)


def entries(
    stream: delimited.Stream, columns_text: str = "", needed: tuple[Target, ...] = ()
) -> Iterator[headings.Entry]:
    """Yield the rows of a file of CSV under their headings; raise FormatError, ColumnMapError."""
    head = delimited.peek(stream)
    way = delimited.dialect(head, lambda cell: is_heading(cell, columns_text))
    return headings.entries(delimited.rows(stream, head, way), columns_text, needed)


def row(cells: Iterable[tuple[str, str]]) -> bytes:
    """Return headings and texts as a row, bytes of old encodings as they were."""
    pairs = (f"{_quoted(heading)}: {_quoted(text)}" for heading, text in cells)
    return delimited.encoded(f"{{{', '.join(pairs)}}}")


def read(data: bytes) -> Record:
    """Return the row, its elements named by the headings; raise FormatError."""
    try:
        text = data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise FormatError(schema=NAME, reason="not in UTF-8", position=error.start) from error
    return _record(text)


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return the row; characters that are not in UTF-8 are told and replaced."""
    text = data.removeprefix(_BOM)
    try:
        return _record(text.decode()), ()
    except UnicodeDecodeError as error:
        sample = text[error.start : error.start + _SAMPLE].decode("latin-1")
        problem = Problem(
            code="bad-encoding", severity=Severity.WARNING, sample=sample, detail="not in UTF-8"
        )
        return _record(text.decode("utf-8", "replace")), (problem,)


def _record(text: str) -> Record:
    pairs = _pairs(text)
    if not pairs:
        raise FormatError(schema=NAME, reason="a row without cells")
    return Record(schema=SCHEMA, fields=tuple([Element(name, (), value) for name, value in pairs]))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        found: Any = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise FormatError(schema=NAME, reason=str(error)) from error
    if not isinstance(found, list) or not all(_is_pair(each) for each in found):
        raise FormatError(schema=NAME, reason="no object of texts")
    return found


def _is_pair(each: object) -> bool:
    return isinstance(each, tuple) and isinstance(each[1], str)


def _looks_marked_up(head: bytes) -> bool:
    """Tell whether bytes are XML or HTML, whose lines may hold words that are headings too."""
    encoding, bom = delimited.encoding_of(head)
    return head[bom:].decode(encoding or "latin-1", "replace").lstrip().startswith("<")


def _looks_binary(head: bytes) -> bool:
    """Tell whether bytes are no text: control characters, but not those of UTF-16."""
    encoding, bom = delimited.encoding_of(head)
    text = head[bom : bom + delimited.HEAD]
    if encoding:
        text = text.decode(encoding, "replace").encode()
    # Letters of VISCII and VPS are among them, few.
    return len(_TEXTUAL.findall(text)) * 50 > len(text)


class _Nothing:
    """A stream at its end."""

    def read(self, _size: int = -1) -> bytes:
        return b""
