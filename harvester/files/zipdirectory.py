"""How large a zip says its directory and its members' dictionaries are, before any is made."""

from __future__ import annotations

import struct
import zipfile
from typing import IO

AN_ENTRY = 512
"""Bytes of a directory that one member may take on average; most take a hundred."""
_END_MOST = (1 << 16) + 22 + 76
"""Bytes at the end within which a directory's end must stand, its comment included."""
_END, _END_MAGIC = struct.Struct("<4s4H2LH"), b"PK\x05\x06"
_BIG_END_MAGIC = b"PK\x06\x06"
_BIG_END = 48
"""Bytes of the end of a large directory, as far as its size."""

_LOCAL = struct.Struct("<26x2H")
"""The header in front of a member, with how long its name and its extra fields are."""
_LZMA = struct.Struct("<5xL")
"""Version, length and first byte of the properties, then the dictionary's size (APPNOTE s5.8.8)."""


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


def dictionary_size(raw: IO[bytes], member: zipfile.ZipInfo) -> int:
    """Return how many bytes of memory a member packed by LZMA wants; 0 for one packed otherwise."""
    if member.compress_type != zipfile.ZIP_LZMA:
        return 0
    raw.seek(member.header_offset)
    head = raw.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return 0
    raw.seek(sum(_LOCAL.unpack(head)), 1)
    told = raw.read(_LZMA.size)
    return int(_LZMA.unpack(told)[0]) if len(told) == _LZMA.size else 0
