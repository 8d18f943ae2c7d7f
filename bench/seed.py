"""Fill a hub with made-up records by the hundred thousand, placed and published.

What it leaves is what harvests would have left: everything goes through the store's own pages, on
all processors, and the placing transaction, only in larger portions. The raw store alone stays
empty: there were no answers of servers.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace

from catalogue import libraries, sources
from catalogue.cluster.place import place
from catalogue.database import Database, upgrade
from catalogue.model import HubIdentity, Library, Mapped, RunHandle, RunStatus, Source
from catalogue.store import close_run, open_run, put_page
from crosswalks.check import check
from crosswalks.crosswalk import to_pivot
from crosswalks.formats import marcxml
from crosswalks.model import Page, RawRecord
from hub.bench.generate import BLOCK, Holding, Recipe, block
from scheduler.mapping import current_versions

PAGE = 2000
_AT_ONCE = 2000
"""Records placed in a transaction: nobody else waits for the database."""
_SHIFT = 20
"""Blocks a process makes before it gives back what is left over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was put into a hub, and how long each stage took."""

    records: int
    stored_seconds: float
    placed_seconds: float


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this tool."""
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--database", required=True, metavar="URL", help="one with nothing in it")
    parser.add_argument("--members", type=int, default=Recipe().members)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--processes", type=int, default=0, help="default: one per processor")


def run(options: Namespace) -> None:
    """Fill a hub and tell how long it took."""
    recipe = Recipe(seed=options.seed, members=options.members)
    done = seed(options.database, recipe, options.records, processes=options.processes)
    share = 1e6 / done.records
    print(
        f"{done.records:,} records: stored in {done.stored_seconds:.0f} s"
        f" ({done.stored_seconds * share:.0f} us each), placed and published in"
        f" {done.placed_seconds:.0f} s ({done.placed_seconds * share:.0f} us each)"
    )


def seed(url: str, recipe: Recipe, count: int, *, processes: int = 0) -> Seeded:
    """Fill a hub that holds nothing yet; its schema is made if need be."""
    processes = processes or os.cpu_count() or 1
    upgrade(url)
    database = Database.open(url)
    try:
        for member in range(recipe.members):
            _add_member(database, member)
        runs = [member_run(database, member) for member in range(recipe.members)]
        started = time.monotonic()
        _store(url, recipe, count, runs, processes)
        for run in runs:
            close_run(database, run, RunStatus.SUCCEEDED)
        stored = time.monotonic()
        while place(database, HubIdentity(), _AT_ONCE).records:
            pass
        return Seeded(
            records=count,
            stored_seconds=stored - started,
            placed_seconds=time.monotonic() - stored,
        )
    finally:
        database.close()


def name_of(member: int) -> str:
    """Return the name of a member's source."""
    return f"member-{member:02}"


def identifier(number: int) -> str:
    """Return the identifier under which a record is delivered."""
    return f"oai:thu-vien.example:{number:09}"


def _add_member(database: Database, member: int) -> None:
    code = f"TV{member:02}"
    libraries.add(database, Library(code=code, name=f"Thư viện số {member}"))
    source = Source(
        name=name_of(member),
        library=code,
        protocol="oai-pmh",
        url=f"http://127.0.0.1/{code}/oai",
        prefix="marc21",
    )
    sources.add(database, source)


def member_run(database: Database, member: int) -> RunHandle:
    """Open a run of a member's source."""
    run = open_run(database, name_of(member))
    assert run is not None
    return replace(run, versions=current_versions(run.source))


def _store(url: str, recipe: Recipe, count: int, runs: Sequence[RunHandle], processes: int) -> None:
    blocks = -(-count // BLOCK)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        shifts = [
            pool.submit(_shift, url, recipe, range(first, min(first + _SHIFT, blocks)), count, runs)
            for first in range(0, blocks, _SHIFT)
        ]
        for shift in as_completed(shifts):
            shift.result()


def _shift(url: str, recipe: Recipe, numbers: range, count: int, runs: Sequence[RunHandle]) -> None:
    database = Database.open(url)
    try:
        for member, holdings in _pages(recipe, numbers, count):
            put(database, runs[member], holdings)
    finally:
        database.close()


def _pages(recipe: Recipe, numbers: range, count: int) -> Iterator[tuple[int, list[Holding]]]:
    """Yield pages of one member each, from these blocks."""
    held: defaultdict[int, list[Holding]] = defaultdict(list)
    for number in numbers:
        for holding in block(recipe, number)[: count - number * BLOCK]:
            held[holding.member].append(holding)
            if len(held[holding.member]) == PAGE:
                yield holding.member, held.pop(holding.member)
    yield from held.items()


def put(database: Database, run: RunHandle, holdings: Sequence[Holding]) -> None:
    """Store a page of one member's records as a harvest would."""
    raws = [
        RawRecord(
            identifier=identifier(each.number),
            datestamp="2024-01-01T00:00:00Z",
            format=marcxml.NAMESPACE,
            body=marcxml.write(each.record),
            position=position,
        )
        for position, each in enumerate(holdings)
    ]
    [version] = current_versions(replace(run.source, crosswalk="marc21-marc21"))
    mapped = {
        position: Mapped(to_pivot(each.record), version) for position, each in enumerate(holdings)
    }
    problems = {position: check(each.record) for position, each in mapped.items()}
    page = Page(
        number=1,
        url=run.source.url,
        records=tuple(raws),
        next_checkpoint={},
        raw=b"%d" % holdings[0].number,
        last=False,
    )
    put_page(database, run, page, mapped, problems)
