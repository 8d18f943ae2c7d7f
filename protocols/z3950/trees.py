"""Records that are trees (GRS-1), read into a tuple of their elements and written out of it.

Neither calls itself: a tree may be as deep as ``MAX_LEVELS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from protocols.z3950.ber import (
    CONTEXT,
    UNIVERSAL,
    Ends,
    element,
    identifier_octets,
    written,
)
from protocols.z3950.errors import PduMalformed, PduTooDeep, Unwritable
from protocols.z3950.shapes import Body, Codec, tagged
from protocols.z3950.values.contents import Subtree, TaggedElement

MAX_LEVELS = 300
"""How many elements of a record may lie within each other: each is several elements of BER."""
_SEQUENCE = identifier_octets(UNIVERSAL, 16, constructed=True)
_CONTENT = identifier_octets(CONTEXT, 4, constructed=True)
_SUBTREE = identifier_octets(CONTEXT, 6, constructed=True)
_DEEPER = Subtree()


def placeholder() -> Codec:
    """Return the codec of a subtree within its element: what is in it is read after the element."""

    def refuse(_: object) -> bytes:
        raise Unwritable(element="Subtree", value="apart from its record")

    return tagged(Body(made=lambda *_: _DEEPER, contents=refuse), UNIVERSAL, 16)


def codec(whole: Codec, head: Body, content: Codec) -> Codec:
    """Return the codec of GenericRecord."""
    tree = _Tree(whole, head, content)
    return tagged(Body(made=tree.read, contents=tree.contents), UNIVERSAL, 16)


class _Tree:
    def __init__(self, whole: Codec, head: Body, content: Codec) -> None:
        self._read = whole.readers
        self._head = head.contents
        self._content = content.write

    def read(self, data: bytes, at: int, end: int, ends: Ends) -> tuple[TaggedElement, ...]:
        """Read elements, each before those within it."""
        found: list[TaggedElement] = []
        waiting = [(at, end)]
        while waiting:
            at, end = waiting.pop()
            while at < end:
                identifier, begin, stop, after = element(data, at, end, ends)
                if identifier not in self._read:
                    raise PduMalformed(at=at)
                each = self._read[identifier](data, begin, stop, ends)
                found.append(replace(each, level=len(waiting)) if waiting else each)
                at = after
                if each.content == _DEEPER:
                    waiting.append((at, end))
                    at, end = _within(data, begin, stop, ends)
                    _check(len(waiting))
        return tuple(found)

    def contents(self, value: Sequence[TaggedElement]) -> bytes:
        """Write elements; Unwritable where one is deeper than its place allows."""
        below: list[list[bytes]] = [[]]
        """What is written already at each level, the last element first."""
        for each in reversed(value):
            _check(each.level)
            while len(below) <= each.level + 1:
                below.append([])
            deeper = b"".join(reversed(below[each.level + 1]))
            if any(below[each.level + 2 :]) or (deeper and each.content != _DEEPER):
                raise Unwritable(element="GenericRecord", value=each.level)
            del below[each.level + 1 :]
            below[each.level].append(self._element(each, deeper))
        if any(below[1:]):
            raise Unwritable(element="GenericRecord", value=value[0].level)
        return b"".join(reversed(below[0]))

    def _element(self, each: TaggedElement, deeper: bytes) -> bytes:
        if each.content == _DEEPER:
            inner = written(_SUBTREE, written(_SEQUENCE, deeper))
        else:
            inner = self._content(each.content)
        return written(_SEQUENCE, self._head(each) + written(_CONTENT, inner))


def _within(data: bytes, at: int, end: int, ends: Ends) -> tuple[int, int]:
    """Return where the subtree of an element begins and ends, which was read before."""
    while True:
        identifier, begin, stop, at = element(data, at, end, ends)
        if identifier == _CONTENT[0]:
            _, begin, stop, _ = element(data, begin, stop, ends)
            _, begin, stop, _ = element(data, begin, stop, ends)
            return begin, stop


def _check(level: int) -> None:
    if not 0 <= level <= MAX_LEVELS:
        raise PduTooDeep(most=MAX_LEVELS)
