"""Text of cells between delimiters (CSV, TSV and their relatives) as rows, whoever wrote it.

RFC 4180 as far as files keep to it. What is not UTF-8 keeps its bytes, as lone surrogates (PEP
383). Memory is bounded by one row; a quote that nobody closes spoils no more than its own line.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple, Protocol

from crosswalks.errors import FormatError, Said

NAME = "table"
HEAD = 1 << 16
"""How far into a file its delimiter and its encoding are looked for."""
LONGEST = 1 << 20
"""Bytes of a line, or of a row in several lines."""
DELIMITERS = "\t;,|"
NOT_CLOSED = "quote-not-closed"

_PIECE = 1 << 16
_MOST_LINES = 100
"""Of one row: what has more is a quote that was never closed."""
_PATIENCE = 100
"""Quotes never closed, until rows of several lines are no longer looked for."""
_LOOKED_AT = 50
_SPACES = 8
"""Looked past behind a quote, for the delimiter that may follow."""
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ZEROS = 0.4
"""Of every second byte: so many are zero in UTF-16 that nobody marked as such."""

Knows = Callable[[str], bool]


class Stream(Protocol):
    """What bytes come from; it need not be one that can be sought."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, none only at the end."""


class Row(NamedTuple):
    """A row as it stands in a file or a sheet."""

    number: int
    """Which row it is, from 1, empty ones counted: as a spreadsheet shows it."""
    offset: int
    """The byte at which it begins; 0 in a sheet."""
    cells: tuple[str, ...]
    problem: str = ""
    """The code of what was wrong with it."""
    sheet: str = ""
    """The name of the sheet that it stands in."""


class Dialect(NamedTuple):
    """How the rows of a text are written."""

    encoding: str
    """``utf-16-le``, ``utf-16-be``, or empty: UTF-8, or an old encoding whose bytes are kept."""
    bom: int
    """Bytes before the text."""
    newline: str
    delimiter: str
    has_separator_line: bool
    """Whether the first line only names the delimiter, for Excel."""


class _Line(NamedTuple):
    offset: int
    text: str


def dialect(head: bytes, knows: Knows = lambda _: False) -> Dialect:
    """Return how a file that begins so is written; headings that are known tell most."""
    encoding, bom = encoding_of(head)
    text = decoded(head[bom:], encoding)
    newline = "\n" if "\n" in text else "\r"
    lines = [line.rstrip("\r") for line in text.split(newline)]
    lines = lines[:-1] if len(head) >= HEAD and len(lines) > 1 else lines
    if named := _SEPARATOR.fullmatch(lines[0]):
        return Dialect(encoding, bom, newline, named[1], has_separator_line=True)
    lines = [line for line in lines if line.strip()][:_LOOKED_AT]
    best = max(DELIMITERS, key=lambda each: (*_worth(lines, each, knows), each == ","))
    return Dialect(encoding, bom, newline, best, has_separator_line=False)


def rows(stream: Stream, head: bytes, way: Dialect) -> Iterator[Row]:
    """Yield the rows of a file whose beginning was read already; empty ones are counted only.

    Raises FormatError for a line that does not end.
    """
    lines = _lines(_pieces(stream, head), way)
    number = 1
    if way.has_separator_line:
        next(lines, None)
        number += 1
    for offset, cells, problem in _cut(lines, way.delimiter):
        if any(cell.strip() for cell in cells):
            yield Row(number, offset, cells, problem)
        number += 1


def peek(stream: Stream) -> bytes:
    """Return the beginning of a stream, as much as is needed to see how it is written."""
    head = b""
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    return head


def decoded(data: bytes, encoding: str) -> str:
    """Return text; of what is not UTF-8 each byte is a lone surrogate, so that nothing is lost."""
    if encoding:
        return data.decode(encoding, "replace")
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Return text from ``decoded`` as UTF-8, or as the bytes it was."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def encoding_of(head: bytes) -> tuple[str, int]:
    """Return the encoding of a file that begins so, as in a Dialect, and the bytes before it."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    looked_at = head[: _PIECE - 1]
    half = max(1, len(looked_at) // 2)
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if looked_at[first::2].count(0) > _ZEROS * half:
            return encoding, 0
    return "", 0


def _worth(lines: list[str], delimiter: str, knows: Knows) -> tuple[int, int, int]:
    """Return how well a delimiter cuts: headings known, rows of the same width, that width."""
    try:
        found = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        found = [line.split(delimiter) for line in lines]
    known = max((sum(map(knows, row)) for row in found if len(row) > 1), default=0)
    widths = Counter(len(row) for row in found if len(row) > 1)
    width, alike = widths.most_common(1)[0] if widths else (0, 0)
    return known, alike, width


def _pieces(stream: Stream, head: bytes) -> Iterator[bytes]:
    yield head
    while piece := stream.read(_PIECE):
        yield piece


def _lines(pieces: Iterable[bytes], way: Dialect) -> Iterator[_Line]:
    """Yield the lines of a file without their ends, each with the byte at which it begins."""
    mark = way.newline.encode(way.encoding or "ascii")
    offset, rest, is_first = way.bom, b"", True
    for piece in pieces:
        rest += piece[way.bom :] if is_first else piece
        is_first = False
        *whole, rest = _split(rest, mark)
        for line in whole:
            yield _Line(offset, _text(line, way))
            offset += len(line) + len(mark)
        if len(rest) > LONGEST:
            raise _too_long(offset)
    if rest:
        yield _Line(offset, _text(rest, way))


def _split(data: bytes, mark: bytes) -> list[bytes]:
    if len(mark) == 1:
        return data.split(mark)
    # In UTF-16 the two bytes of a line's end may also be the halves of two other letters.
    lines, begin, at = [], 0, data.find(mark)
    while at >= 0:
        if at % 2:
            at = data.find(mark, at + 1)
            continue
        lines.append(data[begin:at])
        begin = at + len(mark)
        at = data.find(mark, begin)
    return [*lines, data[begin:]]


def _text(line: bytes, way: Dialect) -> str:
    text = decoded(line, way.encoding)
    return text.removesuffix("\r")


def _cut(lines: Iterator[_Line], delimiter: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Yield each row: where it begins, its cells, and the code of what was wrong."""
    waiting: deque[_Line] = deque()
    broken, most = 0, _MOST_LINES
    while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
        if '"' not in line.text:
            yield line.offset, tuple(line.text.split(delimiter)), ""
            continue
        whole, used = _quoted(line, chain(_popped(waiting), lines), delimiter, most)
        if whole is not None:
            yield line.offset, _cells(whole, delimiter), ""
            continue
        waiting.extendleft(reversed(used))
        broken += 1
        most = _MOST_LINES if broken < _PATIENCE else 1
        yield line.offset, tuple(line.text.split(delimiter)), NOT_CLOSED


def _popped(waiting: deque[_Line]) -> Iterator[_Line]:
    while waiting:
        yield waiting.popleft()


def _quoted(
    line: _Line, further: Iterator[_Line], delimiter: str, most: int
) -> tuple[str | None, list[_Line]]:
    """Return a row that may go over several lines, and the lines after the first that it took.

    None in place of the row if a quote is not closed.
    """
    parts, used, size = [line.text], list[_Line](), len(line.text)
    is_open, is_stray = _scan(line.text, delimiter, is_open=False)
    while is_open:
        is_far = is_stray or len(used) >= most or size > LONGEST
        more = None if is_far else next(further, None)
        if more is None:
            return None, used
        used.append(more)
        size += len(more.text)
        parts.append(more.text)
        is_open, is_stray = _scan(more.text, delimiter, is_open=True)
    # In a row of several lines, such a mark more likely begins a cell of another row.
    return None if is_stray and used else "\n".join(parts), used


def _scan(text: str, delimiter: str, *, is_open: bool) -> tuple[bool, bool]:
    """Tell whether a line ends within quotes, and whether a mark in it is neither begin nor end.

    ``is_open`` says whether it began within some.
    """
    place, is_stray = 0, False
    while True:
        if is_open:
            place = text.find('"', place)
            if place < 0:
                return True, is_stray
            if text[place + 1 : place + 2] == '"':
                place += 2
                continue
            place += 1
            is_open = not _ends(text, place, delimiter)
            is_stray = is_stray or is_open
            continue
        if text[place : place + 1] == '"':
            place, is_open = place + 1, True
            continue
        # Past the rest of a cell; a quote in the middle of one is a letter like any other.
        place = text.find(delimiter, place) + 1
        if not place:
            return False, is_stray


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the cells of a row whose quotes are closed."""
    cells, place = [], 0
    while True:
        cell = ""
        if text[place : place + 1] == '"':
            cell, place = _unquoted(text, place + 1, delimiter)
        end = text.find(delimiter, place)
        cells.append(cell + (text[place:] if end < 0 else text[place:end]))
        if end < 0:
            return tuple(cells)
        place = end + 1


def _unquoted(text: str, place: int, delimiter: str) -> tuple[str, int]:
    """Return what stands within quotes, and the place behind them."""
    parts: list[str] = []
    while True:
        end = text.find('"', place)
        if end < 0:
            return "".join([*parts, text[place:]]), len(text)
        parts.append(text[place:end])
        is_pair = text[end + 1 : end + 2] == '"'
        if not is_pair and _ends(text, end + 1, delimiter):
            return "".join(parts), end + 1
        parts.append('"')
        place = end + 1 + is_pair


def _ends(text: str, place: int, delimiter: str) -> bool:
    """Tell whether a cell ends behind a quote; one within it was perhaps not written twice."""
    behind = text[place : place + _SPACES]
    return behind.startswith(delimiter) or behind.lstrip()[:1] in ("", delimiter)


def _too_long(offset: int) -> FormatError:
    reason = Said("a line is longer than {most} bytes", {"most": LONGEST})
    return FormatError(schema=NAME, reason=reason, position=offset)
