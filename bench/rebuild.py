"""What it costs to work out a whole partition anew, beside normalising its records once."""

from __future__ import annotations

import os
import resource
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import numpy as np

from bench.harness import save
from bench.seed import identifier, name_of
from catalogue.cluster import whole
from catalogue.cluster.whole import Catalogue
from catalogue.cluster.whole.desk import MARK
from catalogue.cluster.whole.texts import Writing
from catalogue.match import features, keys, policy
from crosswalks import stored
from hub.bench.generate import BLOCK, Recipe, block

_MIB = 1 << 20
_LOOK_SECONDS = 0.5


class Cost(NamedTuple):
    """What one size took: seconds of all processors together, or by the clock."""

    records: int
    normalised: float
    rebuilt: float
    clock: float
    peak_mib: float
    """The most memory all processes held together; what they share counts for each."""
    links: int
    clusters: int


class _Normalised(NamedTuple):
    names: list[str]
    features: list[str]
    seconds: float


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000])
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)


def run(options: Namespace) -> None:
    """Make records of each size, normalise them, work out their partition, and compare."""
    print(f"\nthe whole partition, {options.processes} processes, seconds of processors")
    print(
        f"  {'records':>10} {'normalise':>10} {'rebuild':>8} {'ratio':>6} {'clock':>6} {'MiB':>6}"
    )
    costs = []
    for size in options.sizes:
        cost = _cost(size, options.processes)
        ratio = cost.rebuilt / cost.normalised
        print(
            f"  {size:>10,} {cost.normalised:>10.1f} {cost.rebuilt:>8.1f} {ratio:>6.2f}"
            f" {cost.clock:>6.0f} {cost.peak_mib:>6.0f}"
            f"   {cost.links:,} links, {cost.clusters:,} clusters",
            flush=True,
        )
        costs.append(cost._asdict())
    save("rebuild", vars(options), {"costs": costs})


def _cost(size: int, processes: int) -> Cost:
    spent: list[float] = []
    began: list[tuple[float, float]] = []

    def taken(folder: Path) -> Catalogue:
        # Straight from the records: filling a hub with millions of them takes far longer.
        with Writing(folder / "names") as names, Writing(folder / "features") as texts:
            for some in _normalised(size, processes):
                names.add(some.names)
                texts.add(some.features)
                spent.append(some.seconds)
        began.append((time.perf_counter(), _cpu_seconds()))
        ids = np.arange(1, size + 1, dtype=np.int64)
        return Catalogue(ids, np.ones(size, np.int64), {})

    with watching() as peak, whole.work_out(taken, policy(), processes) as found:
        clusters = len(np.unique(found.head))
        links = len(found.links.a)
    [(clock, cpu)] = began
    return Cost(
        records=size,
        normalised=sum(spent),
        rebuilt=_cpu_seconds() - cpu,
        clock=time.perf_counter() - clock,
        peak_mib=max(peak, default=0.0),
        links=links,
        clusters=clusters,
    )


def _normalised(size: int, processes: int) -> Iterator[_Normalised]:
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(partial(_normalise, size=size), range(-(-size // BLOCK)), chunksize=4)


def _normalise(number: int, size: int) -> _Normalised:
    """Return a block of records as they are kept, and what reading and normalising them took."""
    held = block(Recipe(), number)[: size - number * BLOCK]
    texts = [stored.to_json(each.record) for each in held]
    started = time.process_time()
    found = []
    for text in texts:
        seen = features(stored.from_json(text))
        keys(seen)
        found.append(seen.to_json())
    seconds = time.process_time() - started
    names = [f"{name_of(each.member)}{MARK}{identifier(each.number)}" for each in held]
    return _Normalised(names, found, seconds)


@contextmanager
def watching() -> Iterator[list[float]]:
    """Give the memory of this process and its children, in MiB, looked at again and again."""
    seen: list[float] = []
    over = Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            seen.append(sum(map(_resident, [os.getpid(), *_children()])))

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _children() -> list[int]:
    tasks = Path("/proc/self/task")
    listed = [Path(task, "children").read_text().split() for task in tasks.iterdir()]
    return [int(each) for some in listed for each in some]


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / _MIB


def _cpu_seconds() -> float:
    own = time.process_time()
    # Of children that still live, too: those that have ended are counted by the system.
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + ended.ru_utime + ended.ru_stime + sum(map(_spent, _children()))


def _spent(process: int) -> float:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
