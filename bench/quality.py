"""How long it takes to count how complete all records are, and again where none changed.

A hub is seeded and its records are copied by SQL until there are enough, as for reports.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from unittest.mock import patch

from bench.harness import Work, measure, plain, save, show
from bench.reports import grow
from bench.seed import seed
from catalogue import clock
from catalogue.database import Database
from catalogue.quality.counting import count_next
from hub.bench.generate import Recipe

_DAY = 86_400


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--seeded", type=int, default=2000, help="made, stored and placed")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--database", help="an empty one; default: a SQLite file")


def run(options: Namespace) -> None:
    """Make the hub, count it, and count it again on the next day."""
    with TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'hub.db'}"
        seed(url, Recipe(), options.seeded)
        with closing(Database.open(url)) as database:
            grow(database, options.records)
        measures = [
            measure(Work(name=name, function=counted, arguments=(url, days)))
            for name, days in (("all read", 1), ("nothing changed", 2))
        ]
    show(f"how complete {options.records:,} records are", measures)
    save("quality", vars(options), {"measures": plain(measures)})


def counted(url: str, days: int) -> int:
    """Count as some days from now, and return how many libraries there are."""
    now = clock.wall_clock() + days * _DAY
    with closing(Database.open(url)) as database, patch("catalogue.clock.wall_clock", lambda: now):
        return len([*count_next(database, Event())])
