"""Where one message ends and the next begins, in bytes that come in whatever pieces."""

from __future__ import annotations

from typing import Final

from protocols.z3950.ber import CONTEXT, MAX_DEPTH, prefix
from protocols.z3950.errors import NotZ3950, PduTooDeep, PduTooLarge

MAX_SIZE = 16 << 20
"""The longest message that is read unless another bound is given, in bytes."""
_KIND: Final = 0xE0
_MESSAGE: Final = CONTEXT | 0x20


class Framer:
    """Cuts a stream into messages; ``most`` bounds each, and what is held meanwhile.

    No byte is looked at twice, so that a message costs the same in however many pieces it comes.
    After an error the stream has lost its measure: close it.
    """

    __slots__ = ("_at", "_held", "_most", "_open")

    def __init__(self, most: int = MAX_SIZE) -> None:
        self._most = most
        self._held = bytearray()
        self._at = 0
        """How far the first message was looked at; beyond what is held where its length says so."""
        self._open = 0
        """How many elements of indefinite length are open there."""

    @property
    def waiting(self) -> int:
        """How many bytes of a message that is not whole yet are held."""
        return len(self._held)

    @property
    def held(self) -> bytes:
        """What came and is no whole message: after NotZ3950 whatever else it may be."""
        return bytes(self._held)

    def feed(self, data: bytes) -> list[bytes]:
        """Take what came and return the messages that are now whole, in order.

        Raises NotZ3950, PduTooLarge, PduTooDeep or PduMalformed as soon as that shows.
        """
        self._held += data
        whole = []
        while self._held and self._ends():
            whole.append(bytes(memoryview(self._held)[: self._at]))
            del self._held[: self._at]
            self._at = 0
        return whole

    def _ends(self) -> bool:
        """Look on; whether the first message is whole."""
        held = self._held
        if self._at == 0 and held[0] & _KIND != _MESSAGE:
            raise NotZ3950(first=held[0])
        while (self._at == 0 or self._open) and self._at < len(held):
            try:
                self._step(held)
            except IndexError:
                return False
        return self._open == 0 and self._at <= len(held)

    def _step(self, held: bytearray) -> None:
        """Pass one element, or the beginning or end of one of indefinite length."""
        at = self._at
        if self._open and held[at] == 0 == held[at + 1]:
            self._open -= 1
            self._at = at + 2
            return
        _, length, begin = prefix(held, at)
        if length < 0 and self._open >= MAX_DEPTH:
            raise PduTooDeep(most=MAX_DEPTH)
        self._open += length < 0
        self._at = begin + max(length, 0)
        if self._at + 2 * self._open > self._most:
            raise PduTooLarge(most=self._most)
