"""The records of a file of ISO 2709: by their stated length, and where it lies, by their looks.

One lie costs nothing but its own record: 1D ends a record whatever its length says, and a leader
with a directory begins one although the record before it never ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from crosswalks.formats.directory import LEADER
from crosswalks.formats.iso2709_variants import variant_end

# Leader/05 is no digit here, or a directory would look like leaders.
_LEADER = re.compile(
    rb"[0-9]{5}[ -/:-~][ -~]{4}[ -9]{2}[0-9]{5}[ -~]{7}(?=[0-9A-Za-z]{3}[0-9]{9}|[\x1e#])"
)
# CDS/ISIS leaves empty what is between length and base address, and may write # for 1E.
_BARE_LEADER = re.compile(rb"[0-9]{5}0{7}[0-9]{5}[ 0-9]{3}45[ 0-9]{2}[0-9]{12}")
_DIRECTORY = re.compile(rb"[0-9]{5}.{19}(?:[0-9A-Za-z]{3}[0-9]{9})*", re.DOTALL)
_FIRST = 4096
_RECORD_END = b"\x1d"
_FILL = re.compile(rb"(?:[\r\n\t \x00\x1a\x1d\x1e]|\xef\xbb\xbf)*")
_LENGTH = 5
_LEAST = LEADER + 2
# Enough to see a record in lines of 80 to its end.
_MARGIN = 4096
_CHUNK = 1 << 20
_HOPELESS = 16 << 20


def looks_like_record(data: bytes) -> bool:
    """Tell whether a record, or a file of them, begins here: junk before it is overlooked."""
    begin = _past_fill(data, 0)
    if data[begin : begin + _LENGTH].isdigit() and data.find(b"\x1e", begin + LEADER) > 0:
        return True
    if _LEADER.match(data, begin) or _BARE_LEADER.match(data, begin):
        return True
    return b"\x1e" in data[:_FIRST] and _LEADER.search(data, begin, _FIRST) is not None


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a stream, the last one perhaps without its end.

    Line ends, fill and a byte order mark between records are skipped; other junk is a piece of its
    own, so that it is told. Memory is bounded by the longest record, and that by 16 MiB.
    """
    held, offset, last = b"", 0, False
    while not last:
        chunk = stream.read(_CHUNK)
        held, last = held + chunk, not chunk
        start = 0
        while (found := _next_record(held, start, last=last)) is not None:
            begin, start = found
            yield offset + begin, held[begin:start]
        held, offset = held[start:], offset + start


def _next_record(held: bytes, start: int, *, last: bool) -> tuple[int, int] | None:
    """Return where the next whole record begins and ends, or None if more bytes are needed."""
    digits = held[start : start + _LENGTH]
    stated = int(digits) if digits.isdigit() else 0
    if stated >= _LEAST and held[start + stated - 1 : start + stated] == _RECORD_END:
        return start, start + stated
    begin = _past_fill(held, start)
    if begin > start:
        return _next_record(held, begin, last=last)
    if start >= len(held) or (not last and start + stated + _MARGIN > len(held)):
        return (start, len(held)) if last and start < len(held) else None
    end = variant_end(held, start, stated)
    return (start, end) if end else _resynchronised(held, start, last=last)


def _past_fill(data: bytes, start: int) -> int:
    fill = _FILL.match(data, start)
    return fill.end() if fill else start


def _resynchronised(held: bytes, start: int, *, last: bool) -> tuple[int, int] | None:
    """Return the piece from here to the next end of a record or beginning of one."""
    end = held.find(_RECORD_END, start) + 1
    head = _DIRECTORY.match(held, start)
    another = _LEADER.search(held, head.end() if head else start + 1, end or len(held))
    if another:
        return start, another.start()
    if not end and not last and len(held) - start < _HOPELESS:
        return None
    return start, end or len(held)
