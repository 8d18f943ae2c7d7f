"""Answers of the machine doors, compressed for those who ask for it.

gzip, or zstd or Brotli for those who name it: zstd takes a fraction of the time.
"""

from __future__ import annotations

import gzip
import threading
from functools import lru_cache

import brotli
import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from provider.oai.kept import Page, Pages

_WORTH_COMPRESSING = 1024
_GZIP_LEVEL = 5
_ZSTD_LEVEL = 3
_BROTLI_QUALITY = 4
"""At which it takes less time than gzip, and a third less room; made anew each time."""
_BEGINNING = 512
_ALWAYS = (0, 0)
_own = threading.local()
_kept = Pages(32 << 20)
"""What was compressed last: fifty who harvest one list have each page compressed once."""


def packed(body: bytes, tag: str, accepted: str) -> tuple[str, bytes]:
    """Compress an answer by what an Accept-Encoding likes best (OAI-PMH 2.0 s3.1.3).

    Returns the name of the coding, empty if none, and the bytes. ``tag`` stands for all that an
    answer says but for when it was said; without one it is not kept.
    """
    name = _best(accepted) if len(body) >= _WORTH_COMPRESSING else ""
    if not name:
        return "", body
    if not tag:
        return name, _BY[name](body)
    # When it was said stands at the beginning.
    key = (name, tag, body[:_BEGINNING])
    found = _kept.get(key, _ALWAYS)
    if found is None:
        found = Page(0, _BY[name](body), tag)
        _kept.put(key, _ALWAYS, found)
    return name, found.content


@lru_cache(maxsize=256)
def _best(header: str) -> str:
    """Return the coding liked best, or nothing; "*" is an old client's, and means gzip.

    Of those liked alike zstd is taken first, then Brotli.
    """
    accepted = parse_accept_header(header, Accept)
    named = {name.lower(): quality for name, quality in accepted}
    liked = {name: named.get(name, 0) for name in _BY} | {"gzip": accepted.quality("gzip")}
    best = max(_BY, key=lambda name: liked[name])
    return best if liked[best] > 0 else ""


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    # One for each thread: to make one takes as long as to compress a page with it.
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    return bytes(_own.compressor.compress(body))


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))


_BY = {"zstd": _zstd, "br": _brotli, "gzip": _gzipped}
