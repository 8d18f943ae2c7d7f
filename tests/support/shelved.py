"""Real records put straight into an index, one document each: what is found is the index's doing.

How records come to be clusters is the line's business, and is tested there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from catalogue.database import Database
from catalogue.search import store, waiting
from catalogue.search.document import document
from catalogue.sql import table
from catalogue.tables import ClusterRow, ViewRow, WorkMemberRow
from crosswalks.crosswalk import to_pivot
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709
from crosswalks.model import Record
from support.formats import gpo_states, hcmut, loc_books


class Shelved(NamedTuple):
    """A record, who holds it, and whether the public may not see it."""

    record: Record
    libraries: tuple[str, ...] = ("NLV",)
    hidden: bool = False


def real_records(shared: Path, each: int) -> list[Record]:
    """Return so many records of two American catalogues and of a Vietnamese one, as MARC 21."""
    found = [*loc_books(shared, each), *gpo_states(shared, each), *hcmut(shared, each)]
    return [to_pivot(record) for data in found for record in _read(data)]


def _read(data: bytes) -> Iterator[Record]:
    with suppress(FormatError):
        yield iso2709.read(data)


def index(database: Database, shelf: Sequence[Shelved]) -> None:
    """Have each record found as a cluster of its own; each third is of the work before it."""
    waiting.settle(database)
    database.writing(lambda connection: _index(connection, shelf))


def _index(connection: Connection, shelf: Sequence[Shelved]) -> None:
    names = table(ViewRow).c
    views = {row.name: row.id for row in connection.execute(select(names.name, names.id))}
    all_views = frozenset(views.values())
    numbers = range(1, len(shelf) + 1)
    clusters = [{"id": n, "public_id": f"c{n}", "state": "live"} for n in numbers]
    works = [{"cluster_id": n, "work_id": n - (n % 3 == 0)} for n in numbers]
    connection.execute(insert(table(ClusterRow)), clusters)
    connection.execute(insert(table(WorkMemberRow)), works)
    found = [
        store.Indexed(
            number,
            document(each.record, each.libraries),
            all_views - {views["public"]} if each.hidden else all_views,
            changed(each.record),
        )
        for number, each in zip(numbers, shelf, strict=True)
    ]
    store.replace(connection, numbers, found)


def changed(record: Record) -> int:
    """Return when a record says that it last changed, in seconds; long ago if it does not."""
    day = record.control("005")[:8]
    return int(datetime.strptime(day or "19700102", "%Y%m%d").replace(tzinfo=UTC).timestamp())
