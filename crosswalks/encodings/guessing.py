"""What a single value in bytes may mean, where nothing else of its source is at hand.

For comparing two values, never for the store: there the source decides.
"""

from __future__ import annotations

from crosswalks.encodings.capitals import restore
from crosswalks.encodings.codecs import as_seen, decode
from crosswalks.encodings.model import LEGACY, Encoding
from crosswalks.encodings.repairing import quality


def meanings(data: bytes) -> tuple[str, ...]:
    """Return what bytes say: as UTF-8 if they are, else by each encoding that makes most sense."""
    try:
        return (data.decode("utf-8"),)
    except UnicodeDecodeError:
        pass
    seen = as_seen(data)
    read = {_decoded(data, encoding): None for encoding in LEGACY}
    best = max(map(quality, read))
    if best <= max(quality(seen), 0):
        return (seen,)
    return tuple(text for text in read if quality(text) == best)


def _decoded(data: bytes, encoding: Encoding) -> str:
    text = decode(data, encoding)
    return restore(text) if encoding is Encoding.TCVN3 else text
