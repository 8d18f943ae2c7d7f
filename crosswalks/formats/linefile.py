"""Files whose records are lines of text: cut where a record begins or ends, memory bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from crosswalks.errors import FormatError
from crosswalks.model import Problem, Record, Severity

_CHUNK = 1 << 18
_LONGEST = 16 << 20
_BOM = b"\xef\xbb\xbf"
_SAMPLE = 60

Test = Callable[[bytes], bool]


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, line with its LF); without a byte order mark, and none above 16 MiB."""
    held, offset, start = b"", 0, True
    while chunk := stream.read(max(_CHUNK, len(held))):
        held += chunk
        if start and held.startswith(_BOM):
            held, offset = held[len(_BOM) :], len(_BOM)
        start = False
        *whole, held = held.split(b"\n")
        for line in whole:
            yield offset, line + b"\n"
            offset += len(line) + 1
        if len(held) > _LONGEST:
            yield offset, held
            held, offset = b"", offset + len(held)
    if held:
        yield offset, held


def blocks(stream: IO[bytes], begins: Test, ends: Test) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, lines) for each record: from a line that begins one to a line that ends it."""
    start, size = 0, 0
    block: list[bytes] = []
    for offset, line in lines(stream):
        ended = ends(line)
        if block and (ended or begins(line) or size > _LONGEST):
            yield start, b"".join(block)
            block, size = [], 0
        if not ended:
            start = start if block else offset
            block.append(line)
            size += len(line)
    if block:
        yield start, b"".join(block)


def sound(schema: str, record: Record, problems: tuple[Problem, ...]) -> Record:
    """Return a record in which nothing had to be overlooked; raise FormatError for any other."""
    if problems:
        raise FormatError(schema=schema, reason=f"{problems[0].detail}: {problems[0].sample}")
    return record


def text_of(data: bytes) -> tuple[str, list[Problem]]:
    """Return the bytes as text without a byte order mark, and what is wrong with their UTF-8."""
    data = data.removeprefix(_BOM)
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        sample = data[error.start : error.start + _SAMPLE].decode("latin-1")
        return data.decode("utf-8", "replace"), [_problem("bad-encoding", sample, "not in UTF-8")]


def odd_line(line: str) -> Problem:
    """Return the Problem of a line that is no field."""
    return _problem("bad-structure", line[:_SAMPLE], "a line that is no field")


def _problem(code: str, sample: str, detail: str) -> Problem:
    return Problem(code=code, severity=Severity.WARNING, sample=sample, detail=detail)
