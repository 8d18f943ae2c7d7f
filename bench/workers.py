"""One worker and two on the same four sources, all into one hub in PostgreSQL.

The workers are ``lienthong worker`` as processes of their own; the clock runs from the moment the
harvests are queued until all is harvested, placed and indexed. Sources answer from processes that
cost next to nothing. How much of it is placing, which one does at a time, is measured on its own:
the same records harvested first, and placed when all are there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.harness import save
from bench.parallel import add_sources
from bench.server import GENERATED, served
from catalogue import queue
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.model import HubIdentity, RunStatus
from catalogue.raw import FolderRawStore
from catalogue.search import waiting as unsearched
from catalogue.store.run import KIND, job_key
from scheduler.model import HarvestOptions, Line
from scheduler.pipeline import harvest
from scheduler.placing import Placer
from support.engines import Postgresql, postgresql_programs, postgresql_server
from support.harvesting import LOOPBACK

_SOURCES = 4
_LOOK = 0.05


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=2500, help="of each source")
    parser.add_argument("--rounds", type=int, default=2, help="turns; the best one counts")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a server takes a page")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    programs = postgresql_programs()
    assert programs is not None, "PostgreSQL is not installed"
    with ExitStack() as ending:
        server = ending.enter_context(postgresql_server(programs))
        urls = [
            ending.enter_context(served(GENERATED, "marc21", options.records, options.latency))
            for _ in range(_SOURCES)
        ]
        took: dict[str, list[float]] = {"one": [], "two": [], "harvest": [], "place": []}
        for _ in range(options.rounds):
            for name, count in (("one", 1), ("two", 2)):
                took[name].append(_together(server, urls, count))
            for name, seconds in _apart(server, urls).items():
                took[name].append(seconds)
    best = {name: min(found) for name, found in took.items()}
    results = {
        "records": float(_SOURCES * options.records),
        "one worker, s": best["one"],
        "two workers, s": best["two"],
        "two / one (wanted: 1.2)": best["one"] / best["two"],
        "harvesting alone, s": best["harvest"],
        "placing alone, s": best["place"],
        "placing, of both (wanted: 0.25 at most)": best["place"]
        / (best["place"] + best["harvest"]),
    }
    for told, value in results.items():
        print(f"  {told:42} {value:>10,.2f}")
    save("workers", vars(options), results)


def _together(server: Postgresql, urls: list[str], count: int) -> float:
    with _hub(server, urls) as (url, database, folder), _workers(url, folder, count):
        began = time.perf_counter()
        for number in range(_SOURCES):
            queue.enqueue(database, KIND, job_key(f"s{number}"), 0)
        while not _is_done(database):
            time.sleep(_LOOK)
        return time.perf_counter() - began


def _is_done(database: Database) -> bool:
    states = [queue.latest(database, KIND)[0]] if queue.next_due(database, KIND) else ["done"]
    keys = [job_key(f"s{number}") for number in range(_SOURCES)]
    if states != ["done"] or any(queue.is_running(database, key) for key in keys):
        return False
    return not waiting(database) and not unsearched.does_wait(database)


def _apart(server: Postgresql, urls: list[str]) -> dict[str, float]:
    with _hub(server, urls) as (_, database, folder):
        identity = HubIdentity()
        line = Line(
            db=database,
            raw_store=FolderRawStore(folder / "raw"),
            identity=identity,
            http=LOOPBACK,
        )
        began = time.perf_counter()
        for number in range(_SOURCES):
            outcome = harvest(line, f"s{number}", HarvestOptions(settle=False))
            assert outcome.status is RunStatus.SUCCEEDED, outcome.message
        harvested = time.perf_counter()
        with Placer(database, identity) as placer:
            while placer.step():
                pass
        return {"harvest": harvested - began, "place": time.perf_counter() - harvested}


@contextmanager
def _hub(server: Postgresql, urls: list[str]) -> Iterator[tuple[str, Database, Path]]:
    with server.fresh() as url, tempfile.TemporaryDirectory() as folder:
        database = Database.open(url)
        add_sources(database, urls)
        yield url, database, Path(folder)
        database.close()


@contextmanager
def _workers(url: str, folder: Path, count: int) -> Iterator[None]:
    """Run workers that are ready: to start them takes longer than a small harvest."""
    environment = os.environ | {
        "LIENTHONG_INSTANCE": str(folder),
        "LIENTHONG_DATABASE_URL": url,
        "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
    }
    command = [str(Path(sys.executable).with_name("lienthong")), "worker"]
    if count > 1:
        command += ["--concurrency", str(count)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield
        process.send_signal(signal.SIGTERM)
