"""The pictures of the how-tos: how large each is, so that a page does not jump while they come."""

from __future__ import annotations

from functools import cache

from web.help.guides import FOLDER

_LOSSY, _LOSSLESS = b"VP8 ", b"VP8L"


@cache
def size(place: str) -> tuple[int, int] | None:
    """Return width and height in pixels of a WebP picture at a path below ``docs``.

    ``None`` where there is none (RFC 9649 s2.5, s2.6 tell where the figures stand).
    """
    path = FOLDER / place
    head = path.read_bytes()[:30] if path.is_file() else b""
    kind = head[12:16]
    if kind == _LOSSY:
        return _fourteen(head[26:28]), _fourteen(head[28:30])
    if kind == _LOSSLESS:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _fourteen(two: bytes) -> int:
    return int.from_bytes(two, "little") & 0x3FFF
