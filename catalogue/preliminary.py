"""Which publications have only a record made before they came out, for longer than they should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select, tuple_

from catalogue import pairs
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.pairs import Side
from catalogue.sql import table
from catalogue.tables import MemberRow, PreliminaryRow

MONTHS = 12
"""After which a full record should have come."""
_STEP = 500
_rows, _members = table(PreliminaryRow).c, table(MemberRow).c


class Place(NamedTuple):
    """Where a cluster stands in the list."""

    since: int
    cluster: int


class Preliminary(NamedTuple):
    """A cluster without a full record."""

    place: Place
    """``since`` is a month, as 202611; 0 where no record tells one."""
    side: Side
    """One of its records."""
    records: int


def overdue(
    database: Database, months: int = MONTHS, after: Place | None = None, limit: int = 50
) -> list[Preliminary]:
    """Return clusters that wait for a full record since so many months, the longest first.

    Where no record tells a month they come before all others.
    """
    query = (
        select(_rows.since, _rows.cluster_id)
        .where(_rows.since <= _before(months))
        .order_by(_rows.since, _rows.cluster_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(_rows.since, _rows.cluster_id) > tuple_(*after))
    with database.reading() as connection:
        places = [Place(*row) for row in connection.execute(query)]
        of = (
            select(_members.cluster_id, func.min(_members.record_id), func.count())
            .where(_members.cluster_id.in_([each.cluster for each in places]))
            .group_by(_members.cluster_id)
        )
        found = {cluster: (least, count) for cluster, least, count in connection.execute(of)}
        sides = pairs.sides_of(connection, [least for least, _ in found.values()])
    return [
        Preliminary(each, sides[found[each.cluster][0]], found[each.cluster][1]) for each in places
    ]


def all_overdue(database: Database, months: int = MONTHS) -> Iterator[Preliminary]:
    """Yield all that ``overdue`` returns a page at a time, each page a short read of its own."""
    step = overdue(database, months, limit=_STEP)
    while step:
        yield from step
        step = overdue(database, months, step[-1].place, _STEP)


def _before(months: int) -> int:
    """Return the month so many months ago, as 202611."""
    now = time.gmtime(wall_clock())
    years, month = divmod(now.tm_year * 12 + now.tm_mon - 1 - months, 12)
    return years * 100 + month + 1
