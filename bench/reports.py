"""What it costs to count the figures of a report in hubs of growing size, and what memory it takes.

A hub is seeded once; the larger ones are copies of its records, clusters and members by SQL, in
place, since counting looks at no others: nothing can be harvested into such a hub.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from datetime import UTC, date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Text, cast, func, insert, literal, null, select, text

from bench.harness import Measure, Work, measure, plain, save, show
from bench.seed import seed
from catalogue.browse import totals
from catalogue.database import Database
from catalogue.reports.counting import count
from catalogue.reports.periods import Period
from catalogue.sql import table
from catalogue.tables import ClusterRow, MemberRow, RecordRow
from hub.bench.generate import Recipe

_PERIOD = Period(date(2026, 1, 1), date(2026, 12, 31))


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--seeded", type=int, default=5000, help="made, stored and placed")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 20_000])
    parser.add_argument("--members", type=int, default=Recipe().members)
    parser.add_argument("--database", help="an empty one; default: a SQLite file")


def run(options: Namespace) -> None:
    """Seed a hub, let it grow, and count its figures in a process of its own at each size."""
    with TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'hub.db'}"
        seed(url, Recipe(members=options.members), options.seeded)
        measures = [_measured(url, size) for size in options.sizes]
    show("the figures of a report", measures)
    save("reports", vars(options), {"measures": plain(measures)})


def _measured(url: str, size: int) -> Measure:
    with closing(Database.open(url)) as database:
        grow(database, size)
    return measure(Work(name=f"{size:,}", function=counted, arguments=(url,)))


def counted(url: str) -> int:
    """Count the figures of a hub and return of how many records they are."""
    with closing(Database.open(url)) as database:
        return count(database, _PERIOD, UTC).total.numbers["records"]


def grow(database: Database, size: int) -> None:
    """Copy the records of a hub, and the clusters they are in, until there are so many."""
    known = totals(database).records
    while known < size:
        database.writing(partial(_copy, most=size - known))
        known = totals(database).records
    with database.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _copy(connection: Connection, most: int) -> None:
    records, clusters, members = (table(each) for each in (RecordRow, ClusterRow, MemberRow))
    by, up = (
        int(connection.execute(select(func.max(each))).scalar_one())
        for each in (records.c.id, clusters.c.id)
    )
    identifier = literal(f"{by}-") + records.c.identifier
    columns = {"id": records.c.id + by, "identifier": identifier}
    copies = select(*(columns.get(each.name, each) for each in records.c))
    names = [each.name for each in records.c]
    connection.execute(insert(records).from_select(names, copies.limit(most).order_by("id")))
    public = literal("c") + cast(clusters.c.id + up, Text)
    connection.execute(
        insert(clusters).from_select(
            ["id", "public_id", "state", "successor_id"],
            select(clusters.c.id + up, public, clusters.c.state, null()),
        )
    )
    moved = select(members.c.record_id + by, members.c.cluster_id + up).where(
        members.c.record_id + by <= select(func.max(records.c.id)).scalar_subquery()
    )
    connection.execute(insert(members).from_select(["record_id", "cluster_id"], moved))
