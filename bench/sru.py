"""How long the SRU server works at an answer, from the parameters to the bytes, without a network.

Asks a hub that was filled by ``python -m bench seed``, or fills one: made-up records, merged and
published as harvests would have left them. Each request is asked in turn with all others.
"""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median, quantiles

from bench.harness import save
from bench.seed import seed
from catalogue import crosswalks
from catalogue.database import Database
from catalogue.model import HubIdentity
from hub.bench.generate import Recipe
from provider.lookup import UNION, Lookup
from provider.model import Request, Response
from provider.sru.respond import respond
from provider.sru.service import Service

_ALL = "cql.allRecords = 1"
_WORD = "dc.title = lịch"
_ASKED: dict[str, dict[str, str]] = {
    "explain": {},
    "a word, 1 record": {"query": _WORD, "maximumRecords": "1"},
    "a word, 10 records": {"query": _WORD},
    "a word, 100 records": {"query": _WORD, "maximumRecords": "100"},
    "a word, 100 in Dublin Core": {"query": _WORD, "maximumRecords": "100", "recordSchema": "dc"},
    "a word, 100 in MODS": {"query": _WORD, "maximumRecords": "100", "recordSchema": "mods"},
    "a word, counted only": {"query": _WORD, "maximumRecords": "0"},
    "a word, facets": {"query": _WORD, "maximumRecords": "0", "facetLimit": "20"},
    "everything, 10 records": {"query": _ALL},
    "everything, from 9,901 on": {"query": _ALL, "startRecord": "9901", "maximumRecords": "100"},
    "everything by title, from 9,901 on": {
        "query": f"{_ALL} sortby dc.title",
        "startRecord": "9901",
        "maximumRecords": "100",
    },
    "everything, facets": {"query": _ALL, "maximumRecords": "0", "facetLimit": "20"},
    "a list of 20 titles": {"scanClause": "dc.title = l"},
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=2_000, help="to fill a hub with")
    parser.add_argument("--database", metavar="URL", help="a hub filled by bench seed")
    parser.add_argument("--rounds", type=int, default=20)


def run(options: Namespace) -> None:
    """Ask, and print how long answers took, by the processor: it is shared with other work."""
    with _hub(options) as url:
        database = Database.open(url)
        server = Service(
            identity=HubIdentity(),
            lookup=Lookup(database),
            shelf=partial(crosswalks.shelf, database),
        )
        results = _measured(server, options.rounds)
        database.close()
    print("\nSRU answers, milliseconds of processor time")
    print(f"  {'':<36} {'p50':>8} {'p95':>8} {'bytes':>10}")
    for name, (middle, high, size) in results.items():
        print(f"  {name:<36} {middle:>8.1f} {high:>8.1f} {size:>10,}")
    save("sru", vars(options), {"milliseconds and bytes": results})


@contextmanager
def _hub(options: Namespace) -> Iterator[str]:
    if options.database:
        yield options.database
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hub.db"
        seed(url, Recipe(), options.records)
        yield url


def _measured(server: Service, rounds: int) -> dict[str, tuple[float, float, int]]:
    requests = {name: Request(arguments=tuple(each.items())) for name, each in _ASKED.items()}
    took: dict[str, list[float]] = {name: [] for name in requests}
    sizes = {name: len(_answer(server, each).body) for name, each in requests.items()}
    for _ in range(rounds):
        for name, each in requests.items():
            began = time.thread_time()
            _answer(server, each)
            took[name].append((time.thread_time() - began) * 1000)
    return {
        name: (median(found), quantiles(found, n=20)[-1], sizes[name])
        for name, found in took.items()
    }


def _answer(server: Service, request: Request) -> Response:
    return respond(server, UNION, request)
