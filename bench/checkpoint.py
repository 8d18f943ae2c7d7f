"""What it costs that a harvest can be killed at any moment: pages kept and passed, beside reading.

The peer builds a tree of each page's bytes and does nothing else; what is ours also checks the
page, cuts it into records that stand alone, keeps it on the disk and notes where to go on. To make
the hub for it, with the folders that pages are spread over, and to clear it away is no part of a
harvest and not measured.
"""

from __future__ import annotations

import shutil
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.harness import Measure, Work, best, plain, save, show
from bench.line import empty_hub, fetch
from bench.server import known_corpora, served
from catalogue import sources
from catalogue.database import Database
from catalogue.model import RunHandle, Source
from catalogue.raw import FolderRawStore
from catalogue.store import open_run, put_page
from crosswalks.model import Page
from harvester.model import SourceSpec
from harvester.oai import OaiReader
from harvester.peers import read_all
from support.harvesting import LOOPBACK

_WANTED = 0.5


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")
    parser.add_argument("--corpus", action="append", help="loc-books, gpo or generated; repeatable")


def run(options: Namespace) -> None:
    """Measure each corpus as MARCXML, and print and keep the figures."""
    results = {}
    for corpus in options.corpus or known_corpora():
        with served(corpus, "marc21", options.records) as url, empty_hub() as empty:
            place = (url, "marc21")
            works = [
                Work(
                    name="lxml, trees only", function=read_all, arguments=("lxml", (url,), "marc21")
                ),
                Work(name="fetch", function=fetch, arguments=place),
                Work(name="fetch and keep", function=keep, arguments=place, around=_folder),
                Work(
                    name="fetch, keep, checkpoint",
                    function=checkpoint,
                    arguments=place,
                    around=partial(_hub, url, empty),
                ),
            ]
            measures = best(works, options.rounds)
        show(f"{corpus} as MARCXML", measures, _ratios(measures))
        results[corpus] = plain(measures)
    save("checkpoint", vars(options), results)


def _ratios(measures: list[Measure]) -> list[str]:
    bare, *ours = measures
    told = []
    for each in ours:
        cpu, wall = each.per_cpu_second / bare.per_cpu_second, each.per_second / bare.per_second
        told.append(f"{each.name}: {cpu:.2f} x lxml by processor time, {wall:.2f} by the clock")
    verdict = "kept" if ours[-1].per_cpu_second >= _WANTED * bare.per_cpu_second else "BROKEN"
    return [*told, f"wanted {_WANTED} by processor time: {verdict}"]


def keep(url: str, prefix: str, store: FolderRawStore) -> int:
    """Harvest pages and keep each on the disk."""
    count = 0
    for page in _pages(url, prefix):
        store.put(page.raw)
        count += len(page.records)
    return count


def checkpoint(url: str, prefix: str, hub: _Hub) -> int:
    """Harvest pages, keep each, and commit that it came and where to go on."""
    count = 0
    for page in _pages(url, prefix):
        # Without its records: what is done with these is the cost of storing, not of passing.
        passed = replace(page, records=(), kept=hub.store.put(page.raw))
        put_page(hub.database, hub.run, passed, {}, {})
        count += len(page.records)
    return count


class _Hub(NamedTuple):
    database: Database
    store: FolderRawStore
    run: RunHandle


@contextmanager
def _folder() -> Iterator[FolderRawStore]:
    with tempfile.TemporaryDirectory() as folder:
        # The first pages of a hub's life make these, and no harvest after it.
        for number in range(256):
            Path(folder, "raw", f"{number:02x}").mkdir(parents=True)
        yield FolderRawStore(Path(folder, "raw"))


@contextmanager
def _hub(url: str, empty: str) -> Iterator[_Hub]:
    with _folder() as store:
        path = store.folder.with_name("hub.db")
        shutil.copy(empty, path)
        database = Database.open(f"sqlite:///{path}")
        sources.add(database, Source(name="b", library="B", protocol="oai-pmh", url=url))
        run = open_run(database, "b")
        assert run is not None
        yield _Hub(database, store, run)
        database.close()


def _pages(url: str, prefix: str) -> Iterator[Page]:
    return OaiReader(LOOPBACK).pages(SourceSpec(url=url, prefix=prefix), {})
