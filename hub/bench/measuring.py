"""A piece of work measured in a process of its own, so that nothing that ran before it counts.

A process of its own has no warm caches and no memory of what ran before it; CPU seconds, the
parents' and children's together, say what a busy machine hides.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from hub.bench.memory import own_peak_mib
from hub.garbage import collect_seldom


class WorkFailed(RuntimeError):
    """The process that was measured ended early: its name and exit code; it said why itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One run of one piece of work."""

    name: str
    records: int
    seconds: float
    """By the clock on the wall."""
    cpu_seconds: float
    peak_mib: float
    """The most memory its process ever held."""

    @property
    def per_second(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    @property
    def per_cpu_second(self) -> float:
        """Records a second of one processor."""
        return self.records / self.cpu_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something to measure: a function of a module, which returns how many records it handled."""

    name: str
    function: Callable[..., int]
    arguments: tuple[Any, ...] = ()
    around: Callable[[], AbstractContextManager[Any]] | None = None
    """Makes what the function takes after its arguments, and clears it away; not measured."""


def measure(work: Work) -> Measure:
    """Run a piece of work once, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, work))
    process.start()
    theirs.close()
    try:
        found: Measure = ours.recv()
    except EOFError:
        process.join()
        raise WorkFailed(work.name, process.exitcode) from None
    except BaseException:
        process.terminate()
        raise
    finally:
        process.join()
    return found


def least(turns: Sequence[Sequence[Measure]]) -> list[Measure]:
    """Return of each piece of work the run of all turns that took the least processor time."""
    return [min(those, key=lambda each: each.cpu_seconds) for those in zip(*turns, strict=True)]


def cpu_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _child(answer: Connection, work: Work) -> None:
    # Ctrl-C reaches all processes of a terminal: whoever measures ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with work.around() if work.around else nullcontext() as made:
        arguments = work.arguments if work.around is None else (*work.arguments, made)
        # As our own processes; what they are compared with gains as much by it.
        collect_seldom()
        started, cpu = time.perf_counter(), cpu_seconds()
        records = work.function(*arguments)
        found = Measure(
            name=work.name,
            records=records,
            seconds=time.perf_counter() - started,
            cpu_seconds=cpu_seconds() - cpu,
            peak_mib=own_peak_mib(),
        )
    answer.send(found)
