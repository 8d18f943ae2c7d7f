"""Three sources at once beside the same three one after another, from servers as far as real ones.

Each source has a server in a process of its own that takes a while for each page; each of those at
once is harvested by a process of its own, all into one hub, as workers do. These are there already,
as workers are: to start them takes longer than a small harvest, and is not measured. What they
spend of the processors is not counted either, so that only the clock tells.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

from bench.harness import Work, best, plain, save, show
from bench.line import empty_hub
from bench.server import GENERATED, served
from catalogue import sources
from catalogue.database import Database
from catalogue.model import HubIdentity, RunStatus, Source
from catalogue.raw import FolderRawStore
from scheduler.model import HarvestOptions, Line
from scheduler.pipeline import harvest
from support.harvesting import LOOPBACK

_SOURCES = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=1000, help="of each source")
    parser.add_argument("--rounds", type=int, default=2, help="turns; the best one counts")
    parser.add_argument("--latency", type=float, default=0.3, help="seconds a server takes a page")


def run(options: Namespace) -> None:
    """Measure both, and print and keep the figures."""
    with ExitStack() as ending:
        empty = ending.enter_context(empty_hub())
        urls = [
            ending.enter_context(served(GENERATED, "marc21", options.records, options.latency))
            for _ in range(_SOURCES)
        ]
        works = [
            Work(name="one after another", function=in_turn, around=partial(_hub, urls, empty)),
            Work(name="three at once", function=at_once, around=partial(_workers, urls, empty)),
        ]
        measures = best(works, options.rounds)
    faster = measures[1].per_second / measures[0].per_second
    show(
        f"three sources, {options.latency:g} s a page",
        measures,
        [f"at once: {faster:.2f} x as fast by the clock"],
    )
    save("parallel", vars(options), {"measures": plain(measures)})


def in_turn(folder: str) -> int:
    """Harvest the sources in one process, one after another."""
    return sum(one(folder, number) for number in range(_SOURCES))


def at_once(workers: _Workers) -> int:
    """Harvest each source in a process of its own, all at the same time."""
    tasks = [(workers.folder, number) for number in range(_SOURCES)]
    return sum(workers.pool.starmap(one, tasks, chunksize=1))


def one(folder: str, number: int) -> int:
    """Harvest one of a hub's sources to the end, and place what came."""
    line = Line(
        db=Database.open(f"sqlite:///{folder}/hub.db"),
        raw_store=FolderRawStore(Path(folder, "raw")),
        identity=HubIdentity(),
        http=LOOPBACK,
    )
    outcome = harvest(line, f"s{number}", HarvestOptions())
    line.db.close()
    assert outcome.status is RunStatus.SUCCEEDED, outcome.message
    return outcome.counts.delivered


def add_sources(database: Database, urls: list[str]) -> None:
    """Add a source for each server, called s0, s1 and so on."""
    for number, url in enumerate(urls):
        source = Source(
            name=f"s{number}",
            library=f"L{number}",
            protocol="oai-pmh",
            url=url,
            prefix="marc21",
        )
        sources.add(database, source)


def _wait(ready: Barrier) -> None:
    """Tell that the program is loaded: it is, where a function of it is called."""
    ready.wait()


class _Workers(NamedTuple):
    folder: str
    pool: Pool


@contextmanager
def _workers(urls: list[str], empty: str) -> Iterator[_Workers]:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(_SOURCES + 1)
    with _hub(urls, empty) as folder, context.Pool(_SOURCES, _wait, (ready,)) as pool:
        ready.wait()
        yield _Workers(folder, pool)
        pool.close()
        pool.join()


@contextmanager
def _hub(urls: list[str], empty: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty, f"{folder}/hub.db")
        database = Database.open(f"sqlite:///{folder}/hub.db")
        add_sources(database, urls)
        database.close()
        yield folder
