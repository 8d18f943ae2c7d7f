"""Real catalogues through the whole line, in full, with the arithmetic of what became of them."""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from bench.harness import save
from bench.server import shared
from catalogue import browse
from catalogue.database import Database, upgrade
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from scheduler.model import Line
from support.corpora import corpora
from support.filled import settle
from support.harvesting import LOOPBACK
from support.real_line import (
    Account,
    first_harvest,
    oaipmh_faults,
    published_items,
    second_harvest,
    sickle_faults,
)
from support.waitress_server import waitress_serving
from web.app import create_app

_SHOWN = 10


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--whole", action="store_true", help="all of them, not samples: minutes")
    parser.add_argument("--database", help="an empty one; default: a SQLite file")


def run(options: Namespace) -> None:
    """Load the corpora, harvest the hub again, and print what adds up and what does not."""
    folder = shared() / "data" / "corpora"
    if not folder.is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    with tempfile.TemporaryDirectory() as place:
        url = options.database or f"sqlite:///{place}/hub.db"
        upgrade(url)
        line = Line(
            db=Database.open(url),
            raw_store=FolderRawStore(Path(place, "raw")),
            identity=HubIdentity(),
            http=LOOPBACK,
        )
        accounts = list(_load(line, folder, whole=options.whole))
        out = list(_give_out(line))
        line.db.close()
    faults = [fault for account in accounts for fault in account.faults] + out
    print(f"  disagreements: {len(faults)}", *faults[:_SHOWN], sep="\n    ")
    save("corpora", vars(options), {"accounts": [vars_of(each) for each in accounts]})


def _load(line: Line, folder: Path, *, whole: bool) -> Iterator[Account]:
    names = ("given", "served", "added", "changed", "same", "deleted", "refused", "stored", "s")
    print(f"\n{'corpus':20}" + "".join(f"{name:>9}" for name in names))
    for corpus in corpora(folder, whole=whole):
        for step in (first_harvest, second_harvest)[: 1 + bool(corpus.later)]:
            started = time.monotonic()
            account = step(line, corpus)
            _print(account, time.monotonic() - started)
            yield account
    print(f"  {browse.totals(line.db)}")


def _print(account: Account, seconds: float) -> None:
    counts = account.counts
    figures = (
        *(account.given, account.served, counts.added, counts.changed, counts.unchanged),
        *(counts.deleted, counts.quarantined, account.stored["active"], round(seconds)),
    )
    print(f"{account.name:20}" + "".join(f"{figure:>9,}" for figure in figures), flush=True)
    for code, count in account.problems.items():
        print(f"  kept out: {code} {count:,}")
    for reason, count in account.refused.items():
        print(f"  could not be served: {reason} {count:,}")


def vars_of(account: Account) -> dict[str, object]:
    """Return an account as JSON knows it."""
    return {
        "corpus": account.name,
        "given": account.given,
        "served": account.served,
        "counts": {name: getattr(account.counts, name) for name in account.counts.__slots__},
        "stored": dict(account.stored),
        "problems": dict(account.problems),
        "disagreements": account.faults,
    }


def _give_out(line: Line) -> Iterator[str]:
    settle(line.db)
    with waitress_serving(create_app(line.db, line.identity, b"k" * 32)) as base:
        for prefix in ("marc21", "oai_dc"):
            items = published_items(line.db, prefix)
            deleted = sum(item.deleted for item in items.values())
            print(f"  out again as {prefix}: {len(items):,} items, {deleted:,} of them deleted")
            yield from sickle_faults(f"{base}/oai", items, prefix)
        yield from oaipmh_faults(f"{base}/oai", published_items(line.db, "oai_dc"))
