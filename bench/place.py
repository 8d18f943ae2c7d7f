"""What it costs to place a record in a catalogue of growing size: planning, and the transaction."""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from unittest.mock import patch

from sqlalchemy import Connection

from bench.harness import save
from bench.seed import member_run, put, seed
from catalogue.cluster.place import BATCH, place
from catalogue.database import Database
from catalogue.match import Features
from catalogue.model import HubIdentity
from hub.bench.generate import BLOCK, Holding, Recipe, block

T = TypeVar("T")


class Cost(NamedTuple):
    """What one step of growth took, in microseconds of a record."""

    size: int
    """Records in the catalogue before."""
    stored: float
    planned: float
    written: float


class _Timed(Database):
    """A database that counts the seconds of its writing transactions."""

    seconds = 0.0

    def writing(self, work: Callable[[Connection], T]) -> T:
        started = time.perf_counter()
        try:
            return super().writing(work)
        finally:
            self.seconds += time.perf_counter() - started


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 5000, 20_000])
    parser.add_argument("--added", type=int, default=2000, help="records placed at each size")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--database", help="an empty one for the first size; default: SQLite files")


def run(options: Namespace) -> None:
    """Seed hubs of each size, add records to each, and print what the last ones cost."""
    costs = []
    bare = _bare(options)
    print(f"\nplacing {options.added:,} records, microseconds of a record")
    print(f"  stored without keys and features: {bare:.0f}")
    print(f"  {'size':>10} {'stored':>8} {'planned':>8} {'written':>8} {'/ bare':>8}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            url = options.database or f"sqlite:///{folder}/hub.db"
            cost = _grow(url, size, options)
        told = f"{cost.stored:>8.0f} {cost.planned:>8.0f} {cost.written:>8.0f}"
        print(f"  {cost.size:>10,} {told} {(cost.planned + cost.written) / bare:>8.2f}")
        costs.append(cost._asdict())
    save("place", vars(options), {"bare": bare, "costs": costs})


def _bare(options: Namespace) -> float:
    """Return what storing the same records in the same pages takes without keys and features."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/hub.db"
        seed(url, Recipe(), 0)
        database = Database.open(url)
        nothing: dict[str, Any] = {"features": lambda _: Features(), "keys": lambda _: ()}
        with patch.multiple("catalogue.match", **nothing):
            started = time.perf_counter()
            _store(database, Recipe(), 0, options.added)
            taken = time.perf_counter() - started
        database.close()
    return taken * 1e6 / int(options.added)


def _grow(url: str, size: int, options: Namespace) -> Cost:
    recipe = Recipe()
    seed(url, recipe, size)
    database = _Timed.open(url)
    assert isinstance(database, _Timed)
    try:
        started = time.perf_counter()
        _store(database, recipe, size, options.added)
        stored, database.seconds = time.perf_counter(), 0.0
        while place(database, HubIdentity(), options.batch).records:
            pass
        total = time.perf_counter() - stored
    finally:
        database.close()
    share = 1e6 / options.added
    return Cost(
        size,
        (stored - started) * share,
        (total - database.seconds) * share,
        database.seconds * share,
    )


def _store(database: Database, recipe: Recipe, size: int, count: int) -> None:
    held: defaultdict[int, list[Holding]] = defaultdict(list)
    first = -(-size // BLOCK)
    for number in range(first, first - (-count // BLOCK)):
        for holding in block(recipe, number)[: count - (number - first) * BLOCK]:
            held[holding.member].append(holding)
    for member, holdings in held.items():
        put(database, member_run(database, member), holdings)
