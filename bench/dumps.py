"""How long dumps take at growing sizes, whole and as changes, and that memory stays as it is.

A hub is seeded once; the larger ones are copies of its items (bench multiply). The changes are all
that the copies added since a full dump of the hub as it was seeded. Lists of resources and sitemaps
are read from the same hub: the first part and the last.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import multiply
from bench.harness import Measure, Work, measure, plain, save, show
from bench.seed import seed
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.walks import walk
from hub.bench.generate import Recipe
from provider.dumps.making import Wanted, make
from provider.dumps.model import Dump, Dumps, Form, Kind, Series
from provider.resourcesync.respond import Publication
from provider.resourcesync.respond import respond as resourcesync
from provider.sitemaps import respond as sitemap

_BASE = "http://hub.example.vn"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--seeded", type=int, default=3000, help="made, stored and placed")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3000, 12_000])
    parser.add_argument("--database", help="an empty one; default: a SQLite file")


def run(options: Namespace) -> None:
    """Seed a hub, let it grow, and dump it at each size, each time in a process of its own."""
    with TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'hub.db'}"
        seed(url, Recipe(), options.seeded)
        _make(url, Path(folder) / "first", Form.MARCXML, Kind.FULL)
        measures, notes = [], []
        for size in options.sizes:
            multiply.run(Namespace(database=url, items=size))
            for form in Form:
                place = Path(folder) / f"{size}-{form}"
                work = Work(
                    name=f"{size:,}, all as {form}",
                    function=dumped,
                    arguments=(url, place, form, Kind.FULL),
                )
                measures.append(measure(work))
                notes.append(f"{size:,} as {form}: {_bytes(place):,} bytes")
            measures += _others(url, Path(folder) / "first", size)
    show("dumps", measures, notes)
    save("dumps", vars(options), {"measures": plain(measures), "notes": notes})


def dumped(url: str, folder: Path, form: Form, kind: Kind) -> int:
    """Make a dump and return how many records and deletions it has."""
    return sum(each.records + each.deletions for each in _make(url, folder, form, kind)) or 1


def listed(url: str, path: str) -> int:
    """Make a list of resources, or of changes, and return how many entries it has."""
    with closing(Database.open(url)) as database:
        publication = Publication(walk=partial(walk, database), base_url=_BASE)
        found = resourcesync(publication, path)
    assert found is not None
    return found.body.count(b"<loc>")


def mapped(url: str, path: str) -> int:
    """Make a sitemap and return how many addresses it has."""
    with closing(Database.open(url)) as database, walk(database) as shown:
        found = sitemap(shown, _BASE, path)
    assert found is not None
    return found.body.count(b"<loc>")


def _others(url: str, first: Path, size: int) -> list[Measure]:
    delta = (url, first, Form.MARCXML, Kind.DELTA)
    works = [
        Work(name=f"{size:,}, changes as marcxml", function=dumped, arguments=delta),
        *(
            Work(name=f"{size:,}, {path}", function=function, arguments=(url, path))
            for function, path in (
                (listed, "resourcesync/resourcelist.xml"),
                (listed, "resourcesync/changelist.xml"),
                (mapped, "sitemap.xml"),
                (mapped, "sitemap/0.xml"),
            )
        ),
    ]
    return [measure(each) for each in works]


def _make(url: str, folder: Path, form: Form, kind: Kind) -> list[Dump]:
    with closing(Database.open(url)) as database:
        dumps = Dumps(database=database, identity=HubIdentity(), folder=folder)
        return make(dumps, Wanted(series=Series(form=form), kind=kind))


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("part-*"))
