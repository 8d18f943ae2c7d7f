"""What a process spends its processor time on: looked at every few milliseconds of that time.

The signal comes by the processor time of the process and is handled between two steps of its main
thread, which is the one that works. A call into C ends first; the time since the look before goes
to the stage that is found, so that the shares add up to all of it.
"""

from __future__ import annotations

import signal
import time
from collections import defaultdict
from collections.abc import Callable
from types import FrameType

from hub.bench.stages import Stages

EVERY = 0.005
"""Seconds of processor time between two looks."""


class Sampler:
    """Adds up a process's processor time by stage, from ``start`` to ``stop``."""

    def __init__(
        self, stages: Stages, clock: Callable[[], float] = time.process_time, every: float = EVERY
    ) -> None:
        self._stages = stages
        self._clock = clock
        self._every = every
        self._last = 0.0
        self.seconds: defaultdict[str, float] = defaultdict(float)
        """Of processor time, by stage."""
        self.cost = 0.0
        """Seconds of processor time that looking took; in no stage."""
        self.looks = 0

    def start(self) -> None:
        """Begin; only the main thread of a process may."""
        self._last = self._clock()
        signal.signal(signal.SIGPROF, self.look)
        signal.setitimer(signal.ITIMER_PROF, self._every, self._every)

    def stop(self) -> None:
        """End, with what was spent since the last look."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.look(signal.SIGPROF, None)
        signal.signal(signal.SIGPROF, signal.SIG_IGN)

    def look(self, _: int, frame: FrameType | None) -> None:
        """Give the time since the last look to the stage that a stack is in."""
        now = self._clock()
        self.seconds[self._stages.of(frame)] += now - self._last
        self.looks += 1
        self._last = self._clock()
        self.cost += self._last - now
