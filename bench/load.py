"""Loading a file of ISO 2709 into the store (T1), beside pymarc, which only reads the file.

Ours is the way of a harvest up to the placing: the file is read, its pages are kept on the disk,
and each is mapped, checked and stored with features and keys. *Bare* is the same with neither of
these two, which are what matching needs and a plain store would not. The hub for it is made, and
cleared away, outside of what is measured; PostgreSQL's own processes are not in its processor time.
"""

from __future__ import annotations

import shutil
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.formats import CORPORA, pymarc_iso
from bench.harness import Measure, Work, add_options, least, measure, plain, save, show
from bench.line import empty_hub
from bench.server import shared
from catalogue import sources
from catalogue.database import Database
from catalogue.match import Features
from catalogue.model import RunHandle, Source
from catalogue.raw import FolderRawStore
from catalogue.store import open_run, prepare, put_page, unchanged
from crosswalks.model import Page
from harvester.files import FilesReader
from harvester.model import SourceSpec
from hub.memory import set_program_apart
from scheduler.mapping import map_page
from support.engines import Engine, postgresql_programs, postgresql_server
from support.harvesting import LOOPBACK

_WANTED = 0.5


class _Hub(NamedTuple):
    file: str
    database: Database
    store: FolderRawStore
    run: RunHandle


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    add_options(parser, 4000, CORPORA)


def run(options: Namespace) -> None:
    """Measure each corpus, and print and keep the figures."""
    if not (shared() / "data" / "corpora").is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    programs, results = postgresql_programs(), {}
    with empty_hub() as empty, postgresql_server(programs) if programs else nullcontext() as engine:
        for corpus in options.corpus or CORPORA:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "records.mrc"
                file.write_bytes(b"".join(CORPORA[corpus](shared(), options.records)))
                measures = _measured(str(file), empty, engine, options.rounds)
            show(f"{corpus}, ISO 2709 into the store", measures, _ratios(measures))
            results[corpus] = plain(measures)
    save("load", vars(options), results)


def _measured(file: str, empty: str, engine: Engine | None, rounds: int) -> list[Measure]:
    return least([_turn(file, empty, engine) for _ in range(rounds)])


def _turn(file: str, empty: str, engine: Engine | None) -> list[Measure]:
    works = [
        Work(name="pymarc, reading only", function=pymarc_iso, arguments=(file,)),
        Work(name="ours: reading only", function=read, arguments=(file,)),
    ]
    for way, function in (("", load), (", bare", load_bare)):
        hub = partial(_sqlite, file, empty)
        works.append(Work(name=f"T1 on SQLite{way}", function=function, around=hub))
    measures = list(map(measure, works))
    if engine is not None:
        measures.append(_on_postgresql(file, engine, "T1 on PostgreSQL", load))
        measures.append(_on_postgresql(file, engine, "T1 on PostgreSQL, bare", load_bare))
    return measures


def _on_postgresql(
    file: str, engine: Engine, name: str, function: Callable[[_Hub], int]
) -> Measure:
    with engine.fresh() as url:
        return measure(Work(name=name, function=function, around=partial(_hub, file, url)))


def _ratios(measures: list[Measure]) -> list[str]:
    peer, _, *ours = measures
    told = []
    for each in ours:
        cpu, wall = each.per_cpu_second / peer.per_cpu_second, each.per_second / peer.per_second
        told.append(f"{each.name}: {cpu:.2f} x pymarc by processor time, {wall:.2f} by the clock")
    return [*told, f"wanted: {_WANTED} by the clock"]


def read(file: str) -> int:
    """Read the file as a source, up to its pages."""
    return sum(len(page.records) for page in _pages(file))


def load(hub: _Hub) -> int:
    """Load the file into the store, not yet placed."""
    set_program_apart()
    count = 0
    for page in _pages(hub.file):
        kept = replace(page, kept=hub.store.put(page.raw))
        known = unchanged(hub.database, hub.run, kept)
        mapped = map_page(kept, hub.run.source, known)
        put_page(hub.database, hub.run, kept, mapped.records, mapped.problems)
        count += len(page.records)
    return count


def load_bare(hub: _Hub) -> int:
    """Load it without features and keys. The process that does so ends after it."""
    nothing = Features()
    prepare.match.features = lambda _: nothing  # type: ignore[attr-defined]
    prepare.match.keys = lambda _: ()  # type: ignore[attr-defined]
    return load(hub)


def _pages(file: str) -> Iterator[Page]:
    return FilesReader(LOOPBACK).pages(SourceSpec(url=f"file:{file}"), {})


@contextmanager
def _sqlite(file: str, empty: str) -> Iterator[_Hub]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty, f"{folder}/hub.db")
        with _hub(file, f"sqlite:///{folder}/hub.db") as hub:
            yield hub


@contextmanager
def _hub(file: str, url: str) -> Iterator[_Hub]:
    with tempfile.TemporaryDirectory() as folder:
        # The first pages of a hub's life make these, and no harvest after it.
        for number in range(256):
            Path(folder, "raw", f"{number:02x}").mkdir(parents=True)
        database = Database.open(url)
        sources.add(database, Source(name="b", library="B", protocol="file", url=f"file:{file}"))
        run = open_run(database, "b")
        assert run is not None
        yield _Hub(file, database, FolderRawStore(Path(folder, "raw")), run)
        database.close()
