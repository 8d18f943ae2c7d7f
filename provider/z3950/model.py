"""What bounds a session and a server, and what is refused with a number of Bib-1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from threading import Lock

from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values.pdus import Pdu


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a server; times in seconds, sizes in bytes."""

    sessions: int = 1_000
    sessions_per_address: int = 200
    idle: float = 900.0
    """How long a session may say nothing."""
    message: float = 30.0
    """How long the rest of a message, or a client that takes its answer, may take."""
    request: int = 256 << 10
    """The longest message that is read."""
    preferred: int = 1 << 20
    """The longest answer, and the size of one when many are under way."""
    crowded: int = 32 << 20
    """From how many bytes under way on answers are kept short."""
    short: int = 64 << 10
    exceptional: int = 8 << 20
    """The longest record."""
    threads: int = 4
    sets: int = 50
    """Results that a session keeps."""
    depth: int = 20_000
    """Records of a result that can be fetched."""
    session_weight: int = 100_000
    pool: int = 2_000_000
    """What all sessions keep: one for each hit, ten for each part of a query."""
    page: int = 500
    """Records in one answer."""
    terms: int = 200
    """Terms in one answer to Scan."""
    cached: int = 64 << 20
    """Bytes of records that were made lately."""

    def shared(self, processes: int) -> Limits:
        """Return the bounds of each of so many processes: those on sessions are held elsewhere."""
        return replace(
            self,
            crowded=self.crowded // processes,
            threads=-(-self.threads // processes),
            pool=self.pool // processes,
            cached=self.cached // processes,
        )


class Condition(IntEnum):
    """The diagnostics of Bib-1 that are not those of a query (Z39.50 appendix ERR.1)."""

    TEMPORARY = 2
    TOO_MANY = 12
    OUT_OF_RANGE = 13
    PREFERRED_EXCEEDED = 16
    EXCEPTIONAL_EXCEEDED = 17
    SET_EXISTS = 21
    ELEMENT_SET = 25
    SET_DROPPED = 27
    NO_SUCH_SET = 30
    RESOURCES = 31
    TOO_MANY_DATABASES = 111
    USE = 114
    TOO_MANY_SETS = 112
    STEP = 205
    SORT = 207
    SORT_NO_SET = 208
    SORT_TWICE = 212
    SORT_DIRECTION = 214
    SORT_TOO_MANY_KEYS = 211
    SERVICE = 221
    POSITION = 233
    SYNTAX_OF_RECORD = 238
    SYNTAX = 239
    DELETED = 1028


class Refused(Exception):
    """A request cannot be carried out: the diagnostic that says why."""

    def __init__(self, condition: int, addinfo: object = "") -> None:
        super().__init__(condition, addinfo)
        self.said = Diagnosed(condition=condition, addinfo=str(addinfo)[:200])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a message is answered with, and whether the session ends with that."""

    pdus: Sequence[Pdu] = ()
    ends: bool = False


class Pool:
    """What all sessions of a server keep together, counted; safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self.taken = 0

    def take(self, weight: int) -> bool:
        """Take that much, or give that much back, and tell whether there was room for it."""
        with self._lock:
            if weight > 0 and self.taken + weight > self._most:
                return False
            self.taken += weight
            return True
