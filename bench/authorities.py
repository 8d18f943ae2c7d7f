"""What a list of a hundred thousand headings costs: to take in, and in each search.

The names are those of the made-up records and as many more; each has two that lead to it. Every
question is asked with see-references and without in turn, as the web asks it and as Z39.50 does.
"""

from __future__ import annotations

import resource
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random
from statistics import median
from typing import NamedTuple

from sqlalchemy import select

from bench.harness import save
from bench.search import fill
from catalogue.authorities.importing import Giving, take
from catalogue.database import Database, upgrade
from catalogue.search import Request, engine, plain, planned
from catalogue.sql import table
from catalogue.tables import HeadingRow
from crosswalks.authorities.model import Entry, Kind, Name, Read
from crosswalks.authorities.reading import read

_SYLLABLES = "An Bình Châu Dung Đức Giang Hà Hòa Khánh Lan Long Minh Nam Ngọc Phúc Quý Sơn Tâm Uyên"
_PENS = (
    *("Thanh", "Hồng", "Bích", "Kim", "Hoài", "Việt", "Trúc", "Tùng"),
    *("Lam", "Vân", "Mai", "Hạc", "Cúc", "Liễu", "Nguyệt"),
)
_ASKED = 60
"""Different questions of each sort."""


class Sort(NamedTuple):
    """Questions of one sort: their words, and the field they are asked in."""

    name: str
    words: list[str]
    field: str = "any"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--clusters", type=int, default=10_000)
    parser.add_argument("--headings", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", help="an empty one, or one filled before; default: SQLite")
    parser.add_argument("--filled", action="store_true", help="it was filled by an earlier run")


def run(options: Namespace) -> None:
    """Fill an index, take a list in twice, ask, and print how long it all took."""
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/hub.db"
        upgrade(url)
        database = Database.open(url)
        if not options.filled:
            fill(database, options.clusters)
        known = _names(database)
        imported = _imported(database, known, options.headings)
        if database.postgresql:
            with database.write.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("ANALYZE")
        found = {
            sort.name: _measured(database, sort, options.rounds) for sort in _sorts(database, known)
        }
        print(f"\nsearch among {options.clusters:,} clusters, half within, milliseconds")
        print(f"  {'':<38} {'without':>8} {'with':>8} {'ratio':>6}")
        for name, ways in found.items():
            for way, (without, with_see) in ways.items():
                told = f"{name}, {way}"
                print(f"  {told:<38} {without:>8.2f} {with_see:>8.2f} {with_see / without:>6.2f}")
        database.close()
    save("authorities", vars(options), {"import": imported, "milliseconds": found})


def _names(database: Database) -> list[str]:
    """Return the names of persons in the index."""
    headings = table(HeadingRow).c
    with database.reading() as connection:
        query = select(headings.text).where(headings.field == "person").order_by(headings.id)
        return list(connection.execute(query).scalars())


def _imported(database: Database, known: list[str], count: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for time_name in ("first", "again"):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        outcome = take(database, Giving(code="bench", accepts=True), _entries(known, count))
        took = time.perf_counter() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(
            f"taken in {time_name}: {outcome.headings:,} headings, {outcome.unchanged:,} unchanged,"
            f" {took:.1f} s, memory grew by {grown:.0f} MiB"
        )
        found |= {f"{time_name} seconds": took, f"{time_name} MiB": grown}
    file = BytesIO(b"heading\tsee\tid\n" + b"".join(_lines(known, count)))
    began = time.perf_counter()
    lines = sum(each.entry is not None for each in read(file, "table", Kind.PERSON))
    print(f"a table of as many read: {lines:,} in {time.perf_counter() - began:.1f} s")
    return found


def _entries(known: list[str], count: int) -> Iterator[Read]:
    for number in range(count):
        heading, names = _made(known, number)
        entry = Entry(
            number=str(number),
            kind=Kind.PERSON,
            heading=heading,
            names=tuple(Name(name) for name in names),
        )
        yield Read(number + 1, entry)


def _lines(known: list[str], count: int) -> Iterator[bytes]:
    for number in range(count):
        heading, names = _made(known, number)
        yield f"{heading}\t{'; '.join(names)}\t{number}\n".encode()


def _made(known: list[str], number: int) -> tuple[str, tuple[str, ...]]:
    """Return a heading and two pen names of its own."""
    chance = Random(number)
    syllables = _SYLLABLES.split()
    if number < len(known):
        heading = known[number]
    else:
        heading = f"Đặng {' '.join(chance.choices(syllables, k=2))} {number}"
    pens = (f"{' '.join(chance.choices(_PENS, k=2))} {word}" for word in ("Tử", "Nhân"))
    return heading, tuple(f"{pen} {_number_word(number)}" for pen in pens)


def _number_word(number: int) -> str:
    syllables = _SYLLABLES.split()
    word = ""
    while True:
        number, rest = divmod(number, len(syllables))
        word += syllables[rest].casefold()
        if not number:
            return word.capitalize()


def _sorts(database: Database, known: list[str]) -> Iterator[Sort]:
    chance = Random(7)
    some = chance.sample(range(min(len(known), 10_000)), _ASKED)
    headings = table(HeadingRow).c
    with database.reading() as connection:
        query = select(headings.text).where(headings.field == "title").limit(50 * _ASKED)
        titles = [" ".join(text.split()[:3]) for text in connection.execute(query).scalars()]
    yield Sort("words that lead nowhere", chance.sample(titles, _ASKED))
    yield Sort("an author, anywhere", [known[each] for each in some])
    yield Sort("an author, as author", [known[each] for each in some], "author")
    yield Sort("a pen name, anywhere", [_made(known, each)[1][0] for each in some])


def _measured(database: Database, sort: Sort, rounds: int) -> dict[str, tuple[float, float]]:
    asked = engine(database)

    def page(request: Request) -> object:
        return asked.search(request)

    def ids(request: Request) -> object:
        return asked.ids(request)

    ways: dict[str, Callable[[Request], object]] = {"page": page, "ids": ids}
    return {name: _both(way, sort, rounds) for name, way in ways.items()}


def _both(ask: Callable[[Request], object], sort: Sort, rounds: int) -> tuple[float, float]:
    """Return the median of all answers, without see-references and with them."""
    requests = []
    for words in sort.words:
        query = plain.query(words, sort.field)
        assert query is not None
        wanted = planned(query)
        requests.append((Request(wanted=wanted), Request(wanted=wanted, see=True)))
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for pair in requests:
            for at in (0, 1):
                began = time.perf_counter()
                ask(pair[at])
                if turn:
                    took[at].append((time.perf_counter() - began) * 1000)
    return median(took[0]), median(took[1])
