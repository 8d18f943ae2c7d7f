"""The body of one answer as it comes in: counted, limited and inflated.

It is inflated while it arrives, so that a page needs its own size in memory and little more, and a
small answer that swells without end is seen before it has.
"""

from __future__ import annotations

import io
import time
import zlib
from dataclasses import dataclass
from typing import IO

from harvester.errors import BodyCut, TooLarge, TooSwollen, Trickle
from harvester.model import HttpSettings

_GZIP = b"\x1f\x8b"
_STEP = 1024 * 1024
_HEAD = 64 * 1024
MOST_SWOLLEN = 200
"""Times its size that an answer may inflate to; XML seldom reaches 30, a bomb 1,000."""
_SWELLS_FROM = 8 * 1024 * 1024
"""Bytes below which the ratio says nothing: a page of equal lines is small, and no harm."""


@dataclass(frozen=True, slots=True)
class Sink:
    """Where an answer goes that is not to be held in memory."""

    file: IO[bytes]
    """To be written, read and sought; what is in it is lost."""
    limit: int
    """The most bytes it may take."""


class Body:
    """Collects the chunks of an answer up to a limit, which holds for what they inflate to as well.

    Goes by the bytes, not by Content-Encoding: servers announce gzip and do not do it, and the
    other way round. No XML begins with the two bytes of gzip. With a sink they are written there.
    """

    def __init__(self, url: str, settings: HttpSettings, sink: Sink | None = None) -> None:
        self._url = url
        self._limit = sink.limit if sink else settings.max_page_bytes
        self._slowest = settings.min_rate
        self._patience = settings.read_timeout
        self._begun = 0.0
        self._beginning = b""
        self._inflater: zlib._Decompress | None = None
        self._data: IO[bytes] = _emptied(sink) if sink else io.BytesIO()
        self.received = 0

    @property
    def packed(self) -> bool:
        """Tell whether it came compressed."""
        return self._inflater is not None

    def add(self, chunk: bytes) -> None:
        """Take the next bytes; raise TooLarge, TooSwollen, Trickle or BodyCut."""
        self._begun = self._begun or time.monotonic()
        before, self.received = self.received, self.received + len(chunk)
        self._check(self.received)
        self._check_rate()
        if before < len(_GZIP):
            # Servers may send a byte at a time.
            self._beginning += chunk
            if self.received < len(_GZIP):
                return
            chunk, self._beginning = self._beginning, b""
            self._inflater = _inflater() if chunk.startswith(_GZIP) else None
        self._take(chunk)

    def finish(self) -> bytes:
        """Return the whole body, inflated; raise BodyCut where its compression is damaged.

        Of what went into a sink it is the beginning.
        """
        if self._inflater is not None and not self._inflater.eof:
            reason = "the compressed stream has no end"
            raise self._damaged(reason)
        if self.received < len(_GZIP):
            return self._beginning
        if isinstance(self._data, io.BytesIO):
            # Unlike a join, this copies nothing.
            return self._data.getvalue()
        self._data.seek(0)
        return self._data.read(_HEAD)

    def _take(self, chunk: bytes) -> None:
        if self._inflater is None:
            self._data.write(chunk)
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise self._damaged(str(error)) from error

    def _inflate(self, data: bytes) -> None:
        more = True
        while more and self._inflater is not None:
            if self._inflater.eof:
                # A gzip file may have several members (RFC 1952 s2.2).
                self._inflater = _inflater()
            made = self._inflater.decompress(data, _STEP)
            self._data.write(made)
            self._check(self._data.tell())
            self._check_ratio()
            data = self._inflater.unconsumed_tail or self._inflater.unused_data
            # A full step may have left more inside, though no input is left.
            more = bool(data) or (len(made) == _STEP and not self._inflater.eof)

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise TooLarge(url=self._url, limit=self._limit)

    def _check_ratio(self) -> None:
        size = self._data.tell()
        if size > max(_SWELLS_FROM, self.received * MOST_SWOLLEN):
            raise TooSwollen(url=self._url, received=self.received, times=MOST_SWOLLEN)

    def _check_rate(self) -> None:
        seconds = time.monotonic() - self._begun
        if seconds > self._patience and self.received < self._slowest * seconds:
            raise Trickle(url=self._url, received=self.received, seconds=f"{seconds:.0f}")

    def _damaged(self, reason: str) -> BodyCut:
        return BodyCut(url=self._url, received=self.received, reason=reason)


def _emptied(sink: Sink) -> IO[bytes]:
    sink.file.seek(0)
    sink.file.truncate()
    return sink.file


def _inflater() -> zlib._Decompress:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
