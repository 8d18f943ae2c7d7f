"""Real catalogues through the line, beside what others need to read the same bytes.

Fetching and parsing alone, and the whole line in one process. What made-up members cost, stage by
stage and in several processes, ``lienthong bench line`` measures.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sickle import Sickle

from bench.harness import Measure, Work, best, plain, save, show
from bench.server import known_corpora, served
from catalogue import sources
from catalogue.database import Database, upgrade
from catalogue.model import HubIdentity, RunStatus, Source
from catalogue.raw import FolderRawStore
from crosswalks import reading
from harvester.model import SourceSpec
from harvester.oai import OaiReader
from harvester.peers import read_all
from scheduler.model import HarvestOptions, Line
from scheduler.pipeline import harvest
from support.harvesting import LOOPBACK


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=2, help="turns; the best one counts")
    parser.add_argument("--corpus", action="append", help="loc-books, gpo or generated; repeatable")
    parser.add_argument("--prefix", action="append", help="marc21 or oai_dc; repeatable")


def run(options: Namespace) -> None:
    """Measure each corpus in each format, and print and keep the figures."""
    results = {}
    for corpus in options.corpus or known_corpora():
        for prefix in options.prefix or ("marc21", "oai_dc"):
            with served(corpus, prefix, options.records) as url, empty_hub() as empty:
                measures = best(works(url, prefix, empty), options.rounds)
            show(f"{corpus} as {prefix}", measures, _ratios(measures))
            results[f"{corpus} {prefix}"] = plain(measures)
    save("line", vars(options), results)


def works(url: str, prefix: str, empty: str) -> list[Work]:
    """Return the stages of our line from a server, and its peers, last the one that parses."""
    work = partial(Work, arguments=(url, prefix))
    parser = (
        _peer("sickle, pymarc.parse_xml_to_array", "sickle-pymarc", url, prefix)
        if prefix == "marc21"
        else work(name="sickle, its own dicts", function=read_sickle)
    )
    return [
        _peer("bytes only", "bytes", url, prefix),
        _peer("lxml only", "lxml", url, prefix),
        work(name="ours: fetch", function=fetch),
        work(name="ours: fetch and parse", function=fetch_and_parse),
        work(
            name="ours: whole line on SQLite", function=whole_line, arguments=(url, prefix, empty)
        ),
        _peer("sickle", "sickle", url, prefix),
        parser,
    ]


def _peer(said: str, name: str, url: str, prefix: str) -> Work:
    return Work(name=said, function=read_all, arguments=(name, (url,), prefix))


def _ratios(measures: list[Measure]) -> list[str]:
    fetched, parsed, whole, iterated, peer = (each.per_cpu_second for each in measures[2:])
    return [
        f"per CPU second, fetch: {fetched / iterated:.2f} x sickle",
        f"fetch and parse: {parsed / peer:.2f} x {measures[-1].name}",
        f"whole line: {whole / peer:.2f} x {measures[-1].name}",
    ]


def fetch(url: str, prefix: str) -> int:
    """Harvest pages as the hub does, each checked and cut into records."""
    pages = OaiReader(LOOPBACK).pages(SourceSpec(url=url, prefix=prefix), {})
    return sum(len(page.records) for page in pages)


def fetch_and_parse(url: str, prefix: str) -> int:
    """Harvest pages and read every record."""
    pages = OaiReader(LOOPBACK).pages(SourceSpec(url=url, prefix=prefix), {})
    return sum(reading.read(raw)[0] is not None for page in pages for raw in page.records)


def whole_line(url: str, prefix: str, empty: str) -> int:
    """Harvest into a copy of an empty hub: stored, placed, merged, rendered, published."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty, f"{folder}/hub.db")
        line = Line(
            db=Database.open(f"sqlite:///{folder}/hub.db"),
            raw_store=FolderRawStore(Path(folder, "raw")),
            identity=HubIdentity(),
            http=LOOPBACK,
        )
        source = Source(name="b", library="B", protocol="oai-pmh", url=url, prefix=prefix)
        sources.add(line.db, source)
        outcome = harvest(line, source.name, HarvestOptions())
        line.db.close()
    assert outcome.status is RunStatus.SUCCEEDED, outcome.message
    return outcome.counts.delivered


@contextmanager
def empty_hub() -> Iterator[str]:
    """Give the path of a hub with its schema and nothing else: making one is no part of a line."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/empty.db"
        upgrade(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield path


def read_sickle(url: str, prefix: str) -> int:
    """Let sickle make its dictionaries of the records."""
    return sum(bool(each.get_metadata()) for each in Sickle(url).ListRecords(metadataPrefix=prefix))
