"""Messages of Z39.50 that something happened to on their way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from protocols.z3950 import decode, encode
from protocols.z3950.ber import element, written
from support.z3950 import captured

LONGEST = 8_000
ODD = b"\x00\x01\x1f\x20\x24\x30\x3f\x7f\x80\x81\x84\x88\x89\x9f\xa0\xa1\xbf\xdf\xff"


def seeds(shared: Path) -> list[bytes]:
    """Return messages of all kinds, the longest left out."""
    found = (message for _, message in captured(shared) if len(message) < LONGEST)
    return sorted(
        set(found) | {encode(decode(message)) for _, message in captured(shared)}, key=len
    )[:-3]


def mutated(messages: list[bytes], count: int, seed: str) -> Iterator[bytes]:
    """Yield messages with accidents, most of them with a length that is right in spite of these."""
    chance = random.Random(seed)
    for _ in range(count):
        message = chance.choice(messages)
        if chance.randrange(4) == 0:
            yield damaged(message, messages, chance)
            continue
        _, begin, end, _ = element(message, 0, len(message), {})
        identifier = message[: 2 if message[0] & 0x1F == 0x1F else 1]
        yield written(identifier, damaged(message[begin:end], messages, chance))


def damaged(message: bytes, messages: list[bytes], chance: random.Random) -> bytes:
    """Return octets of which some are changed, cut out, doubled, or those of other messages."""
    data = bytearray(message)
    for _ in range(chance.randrange(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.randrange(9)
        accident = chance.randrange(6)
        if accident < 2:
            data[at : at + 1] = bytes((chance.randrange(256),))
        elif accident == 2:
            data[at : at + 1] = bytes((chance.choice(ODD),))
        elif accident == 3:
            del data[at : at + length]
        elif accident == 4:
            data[at:at] = data[at : at + 4 * length]
        else:
            other = chance.choice(messages)
            start = chance.randrange(len(other))
            data[at : at + length] = other[start : start + 4 * length]
    return bytes(data)
