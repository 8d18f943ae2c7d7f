"""Make the lists of a seeded hub many times as long, by copies of its rows: for long lists alone.

What is copied are clusters, items, masters, forms and sets, under ids of their own, each copy with
later stamps; records, keys and the search index are not. Nothing can be harvested into such a hub.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from functools import partial

from sqlalchemy import Connection, Text, cast, func, insert, literal, null, select, update

from catalogue.database import Database
from catalogue.sql import table
from catalogue.tables import ClockRow, ClusterRow, FormRow, ItemRow, ItemSetRow, MasterRow

_COPIED = (ClusterRow, ItemRow, ItemSetRow, MasterRow, FormRow)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this tool."""
    parser.add_argument("--database", required=True, metavar="URL", help="filled by bench seed")
    parser.add_argument("--items", type=int, default=1_000_000, help="so many there are to be")


def run(options: Namespace) -> None:
    """Copy rows until there are enough, and tell how long it took."""
    began, database = time.perf_counter(), Database.open(options.database)
    top, count, span = database.writing(_measure)
    times = -(-options.items // count)
    for number in range(1, times):
        database.writing(partial(_copy, top * number, top, span * number))
        print(f"\r{count * (number + 1):,} items", end="", flush=True)
    database.writing(partial(_close, top * times, span * times))
    database.close()
    print(f" in {time.perf_counter() - began:.0f} s")


def _measure(connection: Connection) -> tuple[int, int, int]:
    """Return the highest cluster, how many items there are, and how many seconds they span."""
    columns = table(ItemRow).c
    span_ = func.max(columns.stamp) - func.min(columns.stamp) + 1
    query = select(func.max(columns.cluster_id), func.count(), span_)
    top, count, span = connection.execute(query).one()
    return int(top), int(count), int(span)


def _copy(by: int, top: int, later: int, connection: Connection) -> None:
    for model in _COPIED:
        copied = table(model)
        key = copied.c.id if model is ClusterRow else copied.c.cluster_id
        other = {
            key.name: key + by,
            "public_id": literal("c") + cast(key + by, Text),
            "successor_id": null(),
        }
        if "stamp" in copied.c:
            other["stamp"] = copied.c.stamp + later
        columns = [other.get(each.name, each) for each in copied.c]
        rows = select(*columns).where(key <= top)
        connection.execute(insert(copied).from_select([each.name for each in copied.c], rows))


def _close(highest: int, later: int, connection: Connection) -> None:
    columns = table(ClockRow).c
    connection.execute(
        update(ClockRow).values(
            closed=columns.closed + later, stamped=columns.stamped + later, last_cluster=highest
        )
    )
