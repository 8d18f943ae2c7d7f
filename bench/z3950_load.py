"""Many connections to a Z39.50 server from one thread, none of which looks into its answers.

What a client costs is taken from both servers alike, but weighs more on the faster one: so this one
does no more than tell where an answer ends.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from protocols.z3950 import encode
from protocols.z3950.values.common import Bits
from protocols.z3950.values.sessions import InitializeRequest

_CHUNK = 1 << 18
CONNECT = encode(
    InitializeRequest(
        protocol_version=Bits.of(0, 1, 2),
        options=Bits.of(0, 1, 2, 7, 8, 14),
        preferred_message_size=1 << 20,
        exceptional_record_size=1 << 20,
    )
)


class Target(NamedTuple):
    """A server to be asked."""

    name: str
    port: int
    database: str


class Done(NamedTuple):
    """How many answers came, how many bytes they had, and in how many seconds."""

    answers: int
    octets: int
    seconds: float


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    script: Iterator[bytes]
    held: bytearray


def drive(
    target: Target, connections: int, seconds: float, script: Callable[[int], Iterator[bytes]]
) -> Done:
    """Have each connection say what its script says, each message once the last was answered."""
    chooser = selectors.DefaultSelector()
    for number in range(connections):
        plain = socket.create_connection(("127.0.0.1", target.port), timeout=60)
        one = _Connection(plain, script(number), bytearray())
        plain.sendall(CONNECT)
        chooser.register(plain, selectors.EVENT_READ, one)
    answers = octets = 0
    began = time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        for key, _ in chooser.select():
            count = _heard(key.data)
            answers += bool(count)
            octets += count
    for key in list(chooser.get_map().values()):
        key.data.socket.close()
    chooser.close()
    return Done(answers, octets, now - began)


def _heard(one: _Connection) -> int:
    """Take what came; of a whole answer return the bytes, and say the next."""
    data = one.socket.recv(_CHUNK)
    if not data:
        raise ConnectionError
    one.held += data
    if not _is_whole(one.held):
        return 0
    count = len(one.held)
    one.held.clear()
    one.socket.sendall(next(one.script))
    return count


def _is_whole(held: bytearray) -> bool:
    """Tell whether an answer has ended: one of indefinite length ends with two octets of zero."""
    at = 2 if held[0] & 0x1F == 0x1F else 1  # noqa: PLR2004 - the number is in the octets behind
    if len(held) < at + 8:
        return False
    length = held[at]
    if length == 0x80:  # noqa: PLR2004 - indefinite
        return held.endswith(b"\x00\x00\x00\x00")
    count = length & 0x7F if length & 0x80 else 0
    size = int.from_bytes(held[at + 1 : at + 1 + count], "big") if count else length
    return len(held) >= at + 1 + count + size
