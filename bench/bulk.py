"""What it costs to correct many records at once: to look at them, to carry it out, to take it off.

Each part runs in a process of its own, a worker's, as the next part of one bulk correction of all
the records of a seeded hub.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from bench.harness import Measure, Work, measure, plain, save, show
from bench.seed import seed
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.overlays import bulk
from catalogue.overlays.bulk import Wanted
from catalogue.querysets.model import Language
from catalogue.raw import FolderRawStore
from harvester.model import HttpSettings
from hub.bench.generate import Recipe
from scheduler.bulk import carry_out
from scheduler.model import Line

_WANTED = Wanted(
    language=Language.CQL,
    query="cql.allRecords=1",
    rules='245 .. <- 245 $* | suffix "."',
    reason="bench",
)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=2000, help="made, stored and placed")
    parser.add_argument("--database", help="an empty one; default: a SQLite file")


def run(options: Namespace) -> None:
    """Seed a hub, and correct all of its records and take that off again."""
    with TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'hub.db'}"
        seed(url, Recipe(), options.records)
        measures = [_measured(name, url, folder) for name in ("look", "carry out", "take off")]
    show("bulk corrections", measures)
    save("bulk", vars(options), {"measures": plain(measures)})


def _measured(name: str, url: str, folder: str) -> Measure:
    return measure(Work(name=name, function=done, arguments=(name, url, folder)))


def done(name: str, url: str, folder: str) -> int:
    """Do one part, and return how many records, or corrections, it handled."""
    with closing(Database.open(url)) as database:
        if name == "look":
            bulk.ask(database, _WANTED, "bench")
        elif name == "carry out":
            bulk.agree(database, 1, "bench")
        else:
            bulk.undo(database, 1, "bench")
        line = Line(
            db=database,
            raw_store=FolderRawStore(Path(folder)),
            identity=HubIdentity(),
            http=HttpSettings(),
        )
        figures = carry_out(line, 1, Event(), lambda _: None).figures
    return {"look": figures.looked, "carry out": figures.done}.get(name, figures.undone)
