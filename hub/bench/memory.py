"""How much memory processes hold: each one's peak, and the sum of several over time.

What Linux tells in ``/proc`` (proc(5)); elsewhere the peak of the process itself is all there is.
"""

from __future__ import annotations

import os
import re
import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import NamedTuple, Self

_MEBIBYTE = 1 << 20
_EVERY = 0.25
"""Seconds between two looks."""
_POINTS = 120
"""Moments of a course that are kept."""


class Moment(NamedTuple):
    """How much a number of processes held together at one moment."""

    seconds: float
    mib: float
    """Their resident sets added up: what they share is in it once for each."""


def own_peak_mib() -> float:
    """Return the peak of this process.

    getrusage(2) carries the parent's peak over an exec, /proc does not.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEBIBYTE
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / _MEBIBYTE if found else 0.0


class Watch:
    """Looks at some processes, and those they begin, in a thread for as long as a block."""

    def __init__(self, processes: Sequence[int]) -> None:
        self._processes = processes
        self._page = os.sysconf("SC_PAGE_SIZE")
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._seen: list[Moment] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def peak_mib(self) -> float:
        """The most they held together."""
        return max((each.mib for each in self._seen), default=0.0)

    def course(self) -> list[Moment]:
        """Return what they held over time: of each stretch the moment at which it was most."""
        step = -(-len(self._seen) // _POINTS) or 1
        starts = range(0, len(self._seen), step)
        return [max(self._seen[at : at + step], key=lambda each: each.mib) for at in starts]

    def _look(self) -> None:
        began = time.monotonic()
        while True:
            held = sum(map(self._held, self._processes))
            self._seen.append(Moment(round(time.monotonic() - began, 1), held / _MEBIBYTE))
            if self._over.wait(_EVERY):
                return

    def _held(self, process: int) -> int:
        """Return how many bytes a process holds, with those it began; 0 once it has ended."""
        try:
            pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * self._page + sum(map(self._held, _begun_by(process)))


def _begun_by(process: int) -> list[int]:
    """Return the children of a process that have not ended."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text("ascii").split())
    return found
