"""A live search over twenty servers, of which five hang and three are not there.

Twelve are one Zebra under as many names, so each finds the same records and all of them have to be
put together with the union's. Told: when the first records are shown, and when all is. Needs
``zebraidx`` and ``zebrasrv`` (Debian: idzebra-2.0) and the real records (LIENTHONG_SHARED).
"""

from __future__ import annotations

import socket
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.harness import save
from bench.seed import seed
from bench.server import shared
from catalogue.database import Database
from harvester.model import HttpSettings, SourceSpec
from harvester.z3950.target import Z3950Target
from hub.bench.generate import Recipe
from protocols import pqf
from provider.federation.model import Asked, Limits, LiveTarget, Server
from provider.federation.search import search
from support import zebra_marc
from support.yaz_ztest import free_port
from support.zebra_marc import serving

_GOOD, _HANGING, _GONE = 12, 5, 3


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=2_000, help="in the Zebra")
    parser.add_argument("--union", type=int, default=5_000, help="made-up records in the union")
    parser.add_argument("--fetched", type=int, default=20, help="records of each server")
    parser.add_argument("--seconds", type=float, default=2.0, help="limit of a server")
    parser.add_argument("--rounds", type=int, default=3, help="turns; the worst one counts")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    if not (shared() / "data" / "corpora").is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    records = zebra_marc.records(shared(), options.records)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        zebra = stack.enter_context(serving(folder, records))
        url = f"sqlite:///{folder}/hub.db"
        seed(url, Recipe(), options.union)
        silent = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(5)]
        ports = [zebra.port] * _GOOD + [each.getsockname()[1] for each in silent]
        ports += [free_port() for _ in range(_GONE)]
        database = Database.open(url)
        turns = [_turn(database, ports, options) for _ in range(options.rounds)]
        database.close()
    first, whole = (max(column) for column in list(zip(*turns, strict=True))[:2])
    print(f"\n{len(ports)} servers, {options.fetched} records of each, limit {options.seconds} s")
    print(f"  first records after {first * 1000:,.0f} ms, all after {whole:.2f} s")
    print(f"  {turns[-1][2]}")
    save("federated", vars(options), {"first": first, "whole": whole})


def _turn(database: Database, ports: list[int], options: Namespace) -> tuple[float, float, str]:
    http = HttpSettings(
        allow_networks=("127.0.0.0/8",),
        retries=0,
        connect_timeout=options.seconds,
        read_timeout=options.seconds,
        total_timeout=options.seconds,
    )
    targets = [
        LiveTarget(name=f"{number:02}", open=partial(_opened, port, http))
        for number, port in enumerate(ports)
    ]
    limits = Limits(seconds=options.seconds, records=options.fetched)
    began, first = time.perf_counter(), 0.0
    query = pqf.read("@attr 1=4 report")
    for sight in search(database, Asked(query=query, limits=limits), targets):
        if not first and any(each.copies for each in sight.publications):
            first = time.perf_counter() - began
    states = Counter(each.state.value for each in sight.statuses)
    told = ", ".join(f"{state}: {count}" for state, count in sorted(states.items()))
    return first, time.perf_counter() - began, f"{len(sight.publications)} publications; {told}"


def _opened(port: int, http: HttpSettings) -> Server:
    return Z3950Target(SourceSpec(url=f"z3950://127.0.0.1:{port}/Default"), http)
