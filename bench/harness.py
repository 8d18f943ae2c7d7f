"""How things are measured: each in a process of its own, in turns with its peers, best of several.

A process of its own has no warm caches and no memory of what ran before it; turns spread a noisy
machine's bad moments over all; CPU seconds, the parents' and children's together, say what a busy
machine hides.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import re
import resource
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hub.garbage import collect_seldom

RESULTS = Path(__file__).parent / "results"
_MEBIBYTE = 1 << 20


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


def add_options(parser: ArgumentParser, records: int, corpora: Iterable[str]) -> None:
    """Add what benchmarks over corpora ask for: how many records, how often, of which."""
    parser.add_argument("--records", type=int, default=records)
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")
    parser.add_argument("--corpus", action="append", choices=list(corpora), help="repeatable")


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
    process.join()
    return found


def best(works: Sequence[Work], rounds: int) -> list[Measure]:
    """Measure all in turns, and return of each the run that took the least processor time."""
    return least([[measure(work) for work in works] for _ in range(rounds)])


def least(turns: Sequence[Sequence[Measure]]) -> list[Measure]:
    """Return of each piece of work the run of all turns that took the least processor time."""
    return [min(those, key=lambda each: each.cpu_seconds) for those in zip(*turns, strict=True)]


def _child(answer: Connection, work: Work) -> None:
    with work.around() if work.around else nullcontext() as made:
        arguments = work.arguments if work.around is None else (*work.arguments, made)
        # As our own processes; what they are compared with gains as much by it.
        collect_seldom()
        started, cpu = time.perf_counter(), _cpu_seconds()
        records = work.function(*arguments)
        found = Measure(
            name=work.name,
            records=records,
            seconds=time.perf_counter() - started,
            cpu_seconds=_cpu_seconds() - cpu,
            peak_mib=_peak_mib(),
        )
    answer.send(found)


def _cpu_seconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _peak_mib() -> float:
    """Return the peak of this process.

    getrusage(2) carries the parent's peak over an exec, /proc does not.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEBIBYTE
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / _MEBIBYTE if found else 0.0


def show(title: str, measures: Sequence[Measure], notes: Sequence[str] = ()) -> None:
    """Print a table of measures, and what they come to."""
    print(f"\n{title}")
    print(f"  {'':34} {'records':>9} {'seconds':>8} {'cpu':>8} {'/s':>9} {'/cpu s':>9} {'MiB':>6}")
    for each in measures:
        print(
            f"  {each.name:34} {each.records:>9,} {each.seconds:>8.2f} {each.cpu_seconds:>8.2f}"
            f" {each.per_second:>9,.0f} {each.per_cpu_second:>9,.0f} {each.peak_mib:>6.0f}"
        )
    for note in notes:
        print(f"  {note}")


def save(name: str, options: Mapping[str, Any], results: Mapping[str, Any]) -> Path:
    """Keep results as JSON under ``results/``, with when and on what they were measured."""
    now = datetime.now(UTC)
    told = {
        "benchmark": name,
        "measured": now.isoformat(timespec="seconds"),
        "machine": {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        },
        "options": dict(options),
        "results": dict(results),
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{now:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), "utf-8")
    print(f"  kept in bench/results/{path.name}")
    return path


def plain(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    """Return measures as JSON knows them."""
    return [
        {**asdict(each), "per_second": each.per_second, "per_cpu_second": each.per_cpu_second}
        for each in measures
    ]
