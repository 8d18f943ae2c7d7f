"""The objects of a file of JSON, one a line or in an array, without holding more than one of them.

A line that begins a record while an object is still open shows that it never ended: the damage
costs that object, the next one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

_CHUNK = 1 << 18
_LONGEST = 16 << 20
_FILL = b" \t\r\n,[]\0\x1a\x1e\xef\xbb\xbf"
# How far beyond a token must be seen to know it: the begin of a record behind a line end.
_AHEAD = 64
# A raw line end cannot be in a string (RFC 8259 s7), so no string runs into the next record.
_TOKEN = re.compile(
    rb'"(?:[^"\\\n]++|\\[^\n])*+(?:"|(?=\n)|\Z)|[{}]|\n(?=\s{0,9}\{\s{0,9}"(?:leader|fields)")'
)


def objects(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) of the outermost objects; what is none or never ends is a piece too."""
    scanner = _Scanner()
    while chunk := stream.read(max(_CHUNK, len(scanner.held))):
        scanner.held += chunk
        yield from scanner.pieces(len(scanner.held) - _AHEAD)
    yield from scanner.pieces(len(scanner.held))
    yield from scanner.rest()


class _Scanner:
    """Goes from brace to brace; ``start`` is where the outermost open object begins."""

    def __init__(self) -> None:
        self.held = b""
        self.offset = self.at = self.start = self.depth = 0

    def pieces(self, limit: int) -> Iterator[tuple[int, bytes]]:
        """Yield the objects that end before a limit, and forget what is not wanted any more.

        ``start`` is where the open object begins, or what lies behind the last one.
        """
        while (token := _TOKEN.search(self.held, self.at)) and token.end() <= limit:
            self.at = token.end()
            if token[0] == b"{":
                if not self.depth:
                    yield from self._between(token.start())
                self.depth += 1
            elif token[0] == b"}" and self.depth:
                self.depth -= 1
                if not self.depth:
                    yield self._piece(self.at)
            elif token[0] == b"\n" and self.depth:
                self.depth = 0
                yield self._piece(self.at)
        if len(self.held) - self.start > _LONGEST:
            is_open, self.depth, self.at = bool(self.depth), 0, len(self.held)
            if is_open:
                yield self._piece(self.at)
            else:
                yield from self._between(self.at)
        kept = self.start
        self.held = self.held[kept:]
        self.offset, self.at, self.start = self.offset + kept, self.at - kept, 0

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """Yield the object that is still open when the file ends, or what lies behind the last."""
        if self.depth:
            yield self._piece(len(self.held))
        else:
            yield from self._between(len(self.held))

    def _piece(self, end: int) -> tuple[int, bytes]:
        begin, self.start = self.start, end
        return self.offset + begin, self.held[begin:end].rstrip()

    def _between(self, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield what lies before an object and is more than a comma, a bracket or a line end."""
        begin, self.start = self.start, end
        junk = self.held[begin:end]
        if junk.strip(_FILL):
            yield self.offset + begin, junk.strip()
