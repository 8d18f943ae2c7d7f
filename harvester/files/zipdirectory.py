"""How large the directory of a zip is, before anything is made of it."""

from __future__ import annotations

import struct
from typing import IO

AN_ENTRY = 512
"""Bytes of a directory that one member may take on average; most take a hundred."""
_END_MOST = (1 << 16) + 22 + 76
"""Bytes at the end within which a directory's end must stand, its comment included."""
_END, _END_MAGIC = struct.Struct("<4s4H2LH"), b"PK\x05\x06"
_BIG_END_MAGIC = b"PK\x06\x06"
_BIG_END = 48
"""Bytes of the end of a large directory, as far as its size."""


def directory_size(raw: IO[bytes], size: int) -> int | None:
    """Return how many bytes the directory of a zip of ``size`` bytes takes by what it says.

    None where there is none, or where it says it is larger than the file.
    """
    raw.seek(max(0, size - _END_MOST))
    tail = raw.read(_END_MOST)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) - at < _END.size:
        return None
    told: int = _END.unpack_from(tail, at)[5]
    big = tail.rfind(_BIG_END_MAGIC)
    if big >= 0 and len(tail) - big >= _BIG_END:
        told = struct.unpack_from("<Q", tail, big + 40)[0]
    return None if told > size else told
