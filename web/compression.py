"""Answers of the machine doors, compressed for those who ask for it.

gzip, or zstd for those who name it: that takes a fraction of the time. Brotli would be one library
more, for answers that are made anew each time.
"""

from __future__ import annotations

import gzip
import threading
from io import BytesIO

import zstandard
from flask import Response, request
from werkzeug.wsgi import wrap_file

from provider.oai.kept import Page, Pages

_WORTH_COMPRESSING = 1024
_WORTH_HANDING_OVER = 1 << 16
_GZIP_LEVEL = 5
_ZSTD_LEVEL = 3
_BEGINNING = 512
_ALWAYS = (0, 0)
_own = threading.local()
_kept = Pages(32 << 20)
"""What was compressed last: fifty who harvest one list have each page compressed once."""


def compressed(response: Response) -> Response:
    """Compress an answer by what is liked best of gzip and zstd (OAI-PMH 2.0 s3.1.3)."""
    response.vary.add("Accept-Encoding")
    if response.status_code != 200:  # noqa: PLR2004 - what says little, or nothing
        return response
    body = response.get_data()
    name = _accepted() if len(body) >= _WORTH_COMPRESSING else ""
    if name:
        body = _packed(response, name, body)
        response.set_data(body)
        response.content_encoding = name
    if len(body) >= _WORTH_HANDING_OVER:
        _hand_over(response, body)
    return response


def _packed(response: Response, name: str, body: bytes) -> bytes:
    """Return an answer compressed, as kept where the very same was asked for before."""
    tag, _ = response.get_etag()
    if tag is None:
        return _BY[name](body)
    # The tag stands for all but when it was said, which stands at the beginning.
    key = (name, tag, body[:_BEGINNING])
    found = _kept.get(key, _ALWAYS)
    if found is None:
        found = Page(0, _BY[name](body), tag)
        _kept.put(key, _ALWAYS, found)
    return found.content


def _hand_over(response: Response, body: bytes) -> None:
    """Give the server an answer as a file: what it is given as bytes it copies once more."""
    response.response = wrap_file(request.environ, BytesIO(body), len(body))
    response.direct_passthrough = True
    response.content_length = len(body)


def _accepted() -> str:
    """Return gzip or zstd, or nothing; zstd only where it is named: "*" is an old client's."""
    accepted = request.accept_encodings
    gzip_quality = accepted.quality("gzip")
    named = [quality for name, quality in accepted if name.lower() == "zstd"]
    if named and named[0] > 0 and named[0] >= gzip_quality:
        return "zstd"
    return "gzip" if gzip_quality > 0 else ""


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    # One for each thread: to make one takes as long as to compress a page with it.
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    return bytes(_own.compressor.compress(body))


_BY = {"gzip": _gzipped, "zstd": _zstd}
