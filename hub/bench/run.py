"""For each size the lists are made and served; peers and the line read them, in turns."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from catalogue.database import Database
from harvester.peers import PEERS, read_all
from hub.bench.generate import Recipe
from hub.bench.hub import add_members, check_empty, fresh
from hub.bench.line import Passed, Tell, Wanted, harvest_and_place_all
from hub.bench.machine import Machine, machine
from hub.bench.measuring import Measure, Work, least, measure
from hub.bench.pages import Lists, make
from hub.bench.server import serving
from hub.bench.verifying import Verified, verify
from web.language import mark

MAKING, READING, VERIFYING = mark("making the lists"), mark("peers"), mark("verifying")
_PEERS_READ = 100_000
"""Entries after which a peer stops: how fast it is does not depend on how long the lists are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for."""

    records: tuple[int, ...]
    members: int
    seed: int
    processes: int
    peers: bool
    database: str = ""
    """URL; empty: a SQLite file for each size."""
    language: str = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """What was measured with one number of records."""

    lists: Lists
    made_seconds: float
    passed: Passed
    verified: Verified
    peers: tuple[Measure, ...]
    """Of two turns, one before the line and one after it, those with less processor time."""

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time that an entry of a list takes the line."""
        return 1e6 * self.passed.cpu_seconds / self.passed.delivered

    @property
    def wall_us(self) -> float:
        """Microseconds by the clock that an entry takes."""
        return 1e6 * self.passed.seconds / self.passed.delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it."""

    began: float
    """Epoch seconds."""
    machine: Machine
    options: Options
    sizes: tuple[Sized, ...]
    """The smallest first."""


def run(options: Options, below: Path | None, tell: Tell) -> Report:
    """Measure each size, in folders of their own below a folder, which are taken away again.

    Raises DatabaseNotEmpty, DatabaseUnreachable or LineStopped.
    """
    if options.database:
        check_empty(options.database)
    began, found = time.time(), machine()
    sizes = []
    for count in sorted(set(options.records)):
        with tempfile.TemporaryDirectory(prefix="bench-", dir=below) as folder:
            sizes.append(_sized(options, count, Path(folder), tell))
    return Report(began=began, machine=found, options=options, sizes=tuple(sizes))


def _sized(options: Options, count: int, folder: Path, tell: Tell) -> Sized:
    recipe = Recipe(seed=options.seed, members=options.members)
    began = time.monotonic()
    lists = make(
        folder,
        recipe,
        count,
        processes=options.processes,
        told=lambda done: tell(MAKING, done, count),
    )
    made = time.monotonic() - began
    with serving(lists.members) as url:
        urls = [f"{url}/{code}/oai" for code in lists.members]
        turns = [_peers(options, urls, tell)]
        with (
            fresh(options.database, options.language, folder) as hub,
            closing(Database.open(hub.url)) as db,
        ):
            names = add_members(db, lists.members, url, options.processes)
            wanted = Wanted(names, lists.entries)
            passed = harvest_and_place_all(hub, db, wanted, options.processes, tell)
            tell(VERIFYING, passed.delivered, lists.entries)
            verified = verify(hub, db)
        turns.append(_peers(options, urls, tell))
    return Sized(
        lists=lists,
        made_seconds=made,
        passed=passed,
        verified=verified,
        peers=tuple(least(turns)),
    )


def _peers(options: Options, urls: Sequence[str], tell: Tell) -> list[Measure]:
    found: list[Measure] = []
    if options.peers:
        for name in PEERS:
            tell(READING, len(found), len(PEERS))
            arguments = (name, urls, "marc21", _PEERS_READ)
            found.append(measure(Work(name=name, function=read_all, arguments=arguments)))
    return found
