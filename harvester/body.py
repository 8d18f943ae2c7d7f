"""The body of one answer as it comes in: counted, limited and inflated."""

from __future__ import annotations

import zlib

from harvester.errors import BodyCut, TooLarge

_GZIP = b"\x1f\x8b"


class Body:
    """Collects the chunks of an answer up to a limit, which holds for what they inflate to as well.

    Goes by the bytes, not by Content-Encoding: servers announce gzip and do not do it, and the
    other way round. No XML begins with the two bytes of gzip.
    """

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._limit = limit
        self._chunks: list[bytes] = []
        self.received = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes; raise TooLarge."""
        self.received += len(chunk)
        self._check(self.received)
        self._chunks.append(chunk)

    def finish(self) -> bytes:
        """Return the whole body, inflated; raise BodyCut where its compression is damaged."""
        data = b"".join(self._chunks)
        if not data.startswith(_GZIP):
            return data
        try:
            return self._inflated(data)
        except (zlib.error, EOFError) as error:
            reason = str(error)
            raise BodyCut(url=self._url, received=self.received, reason=reason) from error

    def _inflated(self, data: bytes) -> bytes:
        whole = b""
        # A gzip file may have several members (RFC 1952 s2.2).
        while data:
            inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            # One byte more than allowed is enough to see that it is too much.
            whole += inflater.decompress(data, self._limit - len(whole) + 1)
            self._check(len(whole))
            if not inflater.eof:
                msg = "the compressed stream has no end"
                raise EOFError(msg)
            data = inflater.unused_data
        return whole

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise TooLarge(url=self._url, limit=self._limit)
