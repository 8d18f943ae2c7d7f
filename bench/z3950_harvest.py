"""A harvest over Z39.50, by each way, beside zoomsh fetching the same records from the same Zebra.

The reader alone: records, identifiers and pages, nothing mapped or stored. zoomsh (YAZ) searches
once and fetches to the end, at its own pace and at a hundred records at a time. The records are
real ones (LIENTHONG_SHARED). Needs ``zebraidx`` and ``zebrasrv`` (Debian: idzebra-2.0).
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.harness import save
from bench.server import shared
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.model import SearchSettings, Way
from harvester.sru.reader import SruReader
from harvester.z3950.reader import Z3950Reader
from support import zebra_marc
from support.zebra_marc import serving

_WAYS = (None, Way.SCAN, Way.DATES, Way.NUMBERS, Way.QUERY)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=7_000)
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    if not (shared() / "data" / "corpora").is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    records = zebra_marc.records(shared(), options.records)
    with tempfile.TemporaryDirectory() as name, serving(Path(name), records) as zebra:
        port = zebra.port
        works: dict[str, Callable[[], int]] = {
            "zoomsh": partial(_zoomsh, port, len(records), 0),
            "zoomsh, 100 at a time": partial(_zoomsh, port, len(records), 100),
        }
        for way in _WAYS:
            works[f"harvest, {way or 'as it finds'}"] = partial(_harvest, port, way)
        works["harvest over SRU"] = partial(_harvest_sru, zebra.sru)
        best = _best(works, len(records), options.rounds)
    print(f"\n{len(records):,} records, {sum(map(len, records.values())):,} bytes")
    for name, rate in best.items():
        ratio = rate / best["zoomsh"]
        print(f"  {name:24} {rate:>8,.0f} records/s   {ratio:.2f} of zoomsh")
    save("z3950-harvest", vars(options), best)


def _best(works: dict[str, Callable[[], int]], wanted: int, rounds: int) -> dict[str, float]:
    best = dict.fromkeys(works, 0.0)
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            came = work()
            seconds = time.perf_counter() - began
            if came != wanted:
                raise RuntimeError(name, came)
            best[name] = max(best[name], came / seconds)
    return best


def _harvest(port: int, way: Way | None) -> int:
    reader = Z3950Reader(HttpSettings(allow_networks=("127.0.0.0/8",)))
    spec = SourceSpec(
        url=f"z3950://127.0.0.1:{port}/Default", prefix="usmarc", search=SearchSettings(way=way)
    )
    return sum(len(page.records) for page in reader.pages(spec, {}))


def _harvest_sru(port: int) -> int:
    reader = SruReader(HttpSettings(allow_networks=("127.0.0.0/8",)))
    spec = SourceSpec(url=f"http://127.0.0.1:{port}/Default")
    return sum(len(page.records) for page in reader.pages(spec, {}))


def _zoomsh(port: int, count: int, chunk: int) -> int:
    """Have zoomsh show all records, and return how many it showed."""
    commands = [f"connect 127.0.0.1:{port}/Default", "set preferredRecordSyntax usmarc"]
    commands += [f"set presentChunk {chunk}"] if chunk else []
    commands += ["search @attr 1=_ALLRECORDS @attr 2=103 x", f"show 0 {count} raw", "quit"]
    done = subprocess.run(["zoomsh", *commands], capture_output=True, check=True)  # noqa: S607
    return done.stdout.count(b"\x1d")
