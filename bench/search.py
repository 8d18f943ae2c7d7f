"""How long a search takes in a catalogue of a million clusters, by how much it finds.

Each question is asked many times in turn with all others, as the doors ask it: total, works, first
page by rank, and whatever it says beside. Made-up documents go straight into the index: nothing is
harvested or matched.
"""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from statistics import median, quantiles
from typing import NamedTuple

from sqlalchemy import Connection, insert

from bench.harness import save
from catalogue.database import Database, upgrade
from catalogue.search import (
    FacetName,
    Request,
    ScanRequest,
    SortField,
    Sorting,
    engine,
    plain,
    planned,
    store,
)
from catalogue.search.document import Document, document
from catalogue.search.store import Indexed
from catalogue.sql import table
from catalogue.tables import ClusterRow, WorkMemberRow
from crosswalks.model import Field, Record
from hub.bench.generate import BLOCK, Recipe, block
from protocols import pqf

_STEP = 1000
_TERMS = {
    "hits 1": ("oncewise", 0),
    "hits 1,000": ("thousandfold", 1000),
    "hits 100,000": ("tenfold", 10),
}
"""Words that stand in one title of so many; 0: in one only."""
_STAMP = 1_764_201_600


class Question(NamedTuple):
    """Something that is asked, and its name in the table."""

    name: str
    ask: Callable[[], object]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--clusters", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", help="an empty one, or one filled before; default: SQLite")
    parser.add_argument("--filled", action="store_true", help="it was filled by an earlier run")


def run(options: Namespace) -> None:
    """Fill an index, ask, and print how long answers took."""
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/hub.db"
        upgrade(url)
        database = Database.open(url)
        if not options.filled:
            spent = fill(database, options.clusters)
            print(
                f"\nindexed: {spent / options.clusters * 1e6:.0f} us a document, by the processor"
            )
        results = _measured(list(_questions(database)), options.rounds)
        print(f"\nsearch among {options.clusters:,} clusters, milliseconds")
        print(f"  {'':<34} {'p50':>8} {'p95':>8}")
        for name, (middle, high) in results.items():
            print(f"  {name:<34} {middle:>8.1f} {high:>8.1f}")
        database.close()
    save("search", vars(options), {"milliseconds": results})


def fill(database: Database, clusters: int) -> float:
    """Index made-up documents; return the processor's seconds that took."""
    began = time.process_time()
    found = _documents(clusters)
    first = 1
    while some := list(islice(found, _STEP)):
        database.writing(partial(_put, some=some, first=first))
        first += len(some)
    spent = time.process_time() - began
    if database.postgresql:
        with database.write.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE")
    return spent


def _put(connection: Connection, some: Sequence[Document], first: int) -> None:
    numbers = range(first, first + len(some))
    connection.execute(
        insert(table(ClusterRow)),
        [{"id": each, "public_id": f"{each:09}", "state": "live"} for each in numbers],
    )
    # One in five is an edition of a work of ten.
    works = [{"cluster_id": each, "work_id": _work(each)} for each in numbers]
    connection.execute(insert(table(WorkMemberRow)), works)
    rows = [
        Indexed(each, made, frozenset({1}), _STAMP)
        for each, made in zip(numbers, some, strict=True)
    ]
    store.replace(connection, numbers, rows)


def _work(cluster: int) -> int:
    return cluster if cluster % 5 else max(cluster // 50 * 50, 5)


def _documents(count: int) -> Iterator[Document]:
    recipe = Recipe()
    holdings = (each for number in range(-(-count // BLOCK)) for each in block(recipe, number))
    for number, each in enumerate(islice(holdings, count)):
        libraries = [f"L{(number + shift) % 60}" for shift in range(1 + number % 3)]
        yield document(_with_terms(each.record, number), libraries)


def _with_terms(record: Record, number: int) -> Record:
    words = [
        word
        for word, every in _TERMS.values()
        if (number % every == 3 if every else number == 777)  # noqa: PLR2004 - anywhere
    ]
    if not words:
        return record
    fields = tuple(
        field._replace(subfields=(*field.subfields, ("b", " ".join(words))))
        if isinstance(field, Field) and field.tag == "245"
        else field
        for field in record.fields
    )
    return Record(schema=record.schema, leader=record.leader, fields=fields)


def _questions(database: Database) -> Iterator[Question]:
    asked = engine(database)

    def ask(words: str, **more: object) -> Callable[[], object]:
        query = plain.query(words)
        assert query is not None
        request = Request(wanted=planned(query), **more)  # type: ignore[arg-type]
        return lambda: asked.search(request)

    for name, (word, _) in _TERMS.items():
        yield Question(name, ask(word))
    many = _TERMS["hits 100,000"][0]
    yield Question("two words", ask(f"{many} giáo trình"))
    yield Question("words with marks", ask("giáo trình kinh tế"))
    yield Question("a phrase", ask('"giáo trình"'))
    yield Question("100,000, page 50", ask(many, offset=1000))
    yield Question("100,000, by year", ask(many, sort=(Sorting(SortField.YEAR, True),)))
    yield Question("100,000, by title", ask(many, sort=(Sorting(SortField.TITLE),)))
    yield Question("100,000, material counted", ask(many, facets=(FacetName.MATERIAL,)))
    yield Question("1,000, all facets", ask(_TERMS["hits 1,000"][0], facets=tuple(FacetName)))
    yield Question("100,000, all facets", ask(many, facets=tuple(FacetName)))
    fielded = planned(pqf.read("@and @attr 1=4 @attr 5=1 kinh @attr 1=31 @attr 2=4 2010"))
    yield Question("title prefix from a year on", lambda: asked.search(Request(wanted=fielded)))
    scanned = ScanRequest(columns=("person",), term="Nguyễn", before=5)
    yield Question("scan of authors", lambda: asked.scan(scanned))


def _measured(questions: Sequence[Question], rounds: int) -> dict[str, tuple[float, float]]:
    for each in questions:
        each.ask()
    took: dict[str, list[float]] = {each.name: [] for each in questions}
    for _ in range(rounds):
        for each in questions:
            began = time.perf_counter()
            each.ask()
            took[each.name].append((time.perf_counter() - began) * 1000)
    return {name: (median(found), quantiles(found, n=20)[-1]) for name, found in took.items()}
