"""The MARC 21 leader: 24 characters that other programs read by position."""

from __future__ import annotations

import re
from functools import lru_cache

LENGTH = 24
DEFAULT = "00000nam a2200000uu 4500"

# MARC21slim.xsd, leaderDataType.
_VALID = re.compile(
    r"[0-9 ]{5}[0-9A-Za-z ][0-9A-Za-z][0-9A-Za-z ]{3}[2 ]{2}[0-9 ]{5}[0-9A-Za-z ]{3}(4500| {4})"
)
_CODED = re.compile(r"[0-9A-Za-z ]")


@lru_cache(maxsize=4096)
def valid(leader: str) -> str:
    """Return the leader if MARCXML allows it, else the nearest one that it does."""
    if _VALID.fullmatch(leader):
        return leader
    padded = leader[:LENGTH].ljust(LENGTH)
    kind = padded[6] if padded[6].isalnum() and padded[6].isascii() else DEFAULT[6]
    coded = [char if _CODED.fullmatch(char) else " " for char in padded]
    return f"00000{coded[5]}{kind}{''.join(coded[7:10])}2200000{''.join(coded[17:20])}4500"


def sound(leader: str) -> str:
    """Return the leader if it can stand in ISO 2709 as it is, else the nearest valid one."""
    return leader if len(leader) == LENGTH and leader.isascii() else valid(leader)
