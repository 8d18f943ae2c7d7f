"""The pictures of the how-tos: how large each is, so that a page does not jump while they come."""

from __future__ import annotations

from functools import cache

from web.manual.guides import FOLDER

_EXTENDED = b"VP8X"


@cache
def size(place: str) -> tuple[int, int] | None:
    """Return width and height in pixels of a picture at a path below ``docs``, as browsers make it.

    That is WebP in its extended form, whose head tells both (RFC 9649 s2.7). ``None`` for others.
    """
    path = FOLDER / place
    head = path.read_bytes()[:30] if path.is_file() else b""
    if head[12:16] != _EXTENDED:
        return None
    return _counted(head[24:27]), _counted(head[27:30])


def _counted(three: bytes) -> int:
    return int.from_bytes(three, "little") + 1
