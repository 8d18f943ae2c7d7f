"""What was taken, by whom, when and how complete; added up in memory and stored now and then.

Nothing is kept of those who name no key but sums: no address, no list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, select

from catalogue.clock import wall_clock
from catalogue.consumers.model import EVERYBODY, Day, Harvest, Served, Sums, Taken
from catalogue.database import Database
from catalogue.sql import dialect_insert, table
from catalogue.tables import ConsumerRow, TakenListRow, UsageRow

KEPT_DAYS = 800
"""Two years and more: long enough to set a year beside the one before."""
_DAY = 86_400
_usage, _lists, _consumers = table(UsageRow).c, table(TakenListRow).c, table(ConsumerRow).c
_SUMS = ("requests", "records", "octets")
_LIST = ("consumer_id", "verb", "prefix", "set_spec", "start", "horizon")


def keep(database: Database, served: Sequence[Served]) -> None:
    """Add answers to what was taken before."""
    if served:
        database.writing(lambda connection: _keep(connection, served))


def days(database: Database, name: str | None = None, most: int = 100) -> list[Day]:
    """Return what was taken, the latest first: by one consumer, or by all."""
    query = (
        select(_consumers.name, _usage.day, _usage.door, *(_usage[each] for each in _SUMS))
        .join_from(table(UsageRow), table(ConsumerRow), _who, isouter=True)
        .order_by(_usage.day.desc(), _consumers.name, _usage.door)
        .limit(most)
    )
    if name is not None:
        query = query.where(_consumers.name == name)
    with database.reading() as connection:
        return [Day(who or EVERYBODY.name, *rest) for who, *rest in connection.execute(query)]


def latest(database: Database) -> dict[str, str]:
    """Return the last day (ISO 8601, UTC) on which each consumer took something, by its name."""
    query = (
        select(_consumers.name, func.max(_usage.day))
        .join_from(table(UsageRow), table(ConsumerRow), _who)
        .group_by(_consumers.name)
    )
    with database.reading() as connection:
        return {name: day for name, day in connection.execute(query)}  # noqa: C416 - rows are no pairs


def lately(database: Database, days_ago: int) -> dict[str, Sums]:
    """Return what each took in so many days and today, by name; those without a key by none."""
    first = _day(wall_clock() - days_ago * _DAY)
    query = (
        select(_consumers.name, *(func.sum(_usage[each]) for each in _SUMS))
        .join_from(table(UsageRow), table(ConsumerRow), _who, isouter=True)
        .where(_usage.day >= first)
        .group_by(_consumers.name)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return {who or EVERYBODY.name: Sums(*map(int, sums)) for who, *sums in rows}


def harvests(database: Database, name: str | None = None, most: int = 100) -> list[Harvest]:
    """Return the lists that consumers harvested, the latest first."""
    query = (
        select(_consumers.name, *(_lists[each] for each in Taken._fields), _lists.latest)
        .join_from(table(TakenListRow), table(ConsumerRow), _consumers.id == _lists.consumer_id)
        .order_by(_lists.latest.desc(), _consumers.name, _lists.horizon.desc())
        .limit(most)
    )
    if name is not None:
        query = query.where(_consumers.name == name)
    with database.reading() as connection:
        return [
            Harvest(who, Taken(*page), latest) for who, *page, latest in connection.execute(query)
        ]


def forget(database: Database, days_kept: int = KEPT_DAYS) -> None:
    """Forget what was taken longer ago."""
    before = wall_clock() - days_kept * _DAY

    def work(connection: Connection) -> None:
        connection.execute(delete(table(UsageRow)).where(_usage.day < _day(before)))
        connection.execute(delete(table(TakenListRow)).where(_lists.latest < before))

    database.writing(work)


_who = _consumers.id == _usage.consumer_id


def _keep(connection: Connection, served: Iterable[Served]) -> None:
    sums: dict[tuple[int, str, str], list[int]] = {}
    lists: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for each in served:
        added = sums.setdefault((each.consumer, _day(each.at), each.door), [0, 0, 0])
        for place, count in enumerate((1, each.records, each.octets)):
            added[place] += count
        if each.page and each.consumer != EVERYBODY.id:
            key = (each.consumer, *each.page[:5])
            latest, reached, _ = lists.get(key, (0, 0, 0))
            reached = max(reached, each.page.reached)
            lists[key] = max(latest, each.at), reached, each.page.size
    _add(connection, sums)
    _reach(connection, lists)


def _add(connection: Connection, sums: dict[tuple[int, str, str], list[int]]) -> None:
    rows = [
        {"consumer_id": who, "day": day, "door": door, **dict(zip(_SUMS, counts, strict=True))}
        for (who, day, door), counts in sorted(sums.items())
    ]
    put = dialect_insert(connection, UsageRow)
    added = {each: _usage[each] + put.excluded[each] for each in _SUMS}
    put = put.on_conflict_do_update(index_elements=["consumer_id", "day", "door"], set_=added)
    connection.execute(put, rows)


def _reach(connection: Connection, lists: dict[tuple[Any, ...], tuple[int, int, int]]) -> None:
    rows = [
        {**dict(zip(_LIST, key, strict=True)), "latest": latest, "reached": reached, "size": size}
        for key, (latest, reached, size) in sorted(lists.items())
    ]
    if not rows:
        return
    put = dialect_insert(connection, TakenListRow)
    greatest = {each: _greater(_lists[each], put.excluded[each]) for each in ("latest", "reached")}
    put = put.on_conflict_do_update(
        index_elements=list(_LIST), set_={**greatest, "size": put.excluded.size}
    )
    connection.execute(put, rows)


def _greater(one: Any, other: Any) -> Any:
    # Of SQLite and PostgreSQL each has a function for it, by another name.
    return case((one > other, one), else_=other)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
