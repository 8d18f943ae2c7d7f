"""How the hub fares in numbers, for a program that asks every few seconds and keeps them.

Nothing is counted that grows with the catalogue: what is large is read as it was counted last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from catalogue import daily, queue, system, watch
from catalogue.alerts.model import Kind
from catalogue.alerts.tables import AlertRow, WatchRow
from catalogue.clockwork import CLOCK
from catalogue.consumer_tables import UsageRow
from catalogue.daily import Day
from catalogue.database import Database
from catalogue.sql import table
from catalogue.system import Standing
from catalogue.tables import RawPageRow, RunRow, SourceRow
from catalogue.watch import Watched

COUNTED = (
    *("delivered", "added", "changed", "unchanged", "deleted", "quarantined", "held", "absent"),
)
"""What became of the records of harvests, as runs count them."""
TOLD = (Kind.SHRINKING, Kind.CERTIFICATE)
"""Alerts of which only the last moment tells how a source stands."""
_runs, _usage, _alerts, _watches = (
    table(RunRow).c,
    table(UsageRow).c,
    table(AlertRow).c,
    table(WatchRow).c,
)


class Harvested(NamedTuple):
    """What all harvests of a source came to."""

    source: str
    runs: Mapping[str, int]
    """By how they ended."""
    records: Mapping[str, int]
    pages: int


class SourceStand(NamedTuple):
    """How a source stood when it was last looked at. Moments are epoch seconds, 0 for never."""

    watched: Watched
    failing: bool
    silent: bool
    expires: int
    """End of a certificate that was told of."""
    told: Mapping[str, int]
    """When each kind of ``TOLD`` last was."""


class Taken(NamedTuple):
    """What was given out at a door."""

    door: str
    requests: int
    records: int
    octets: int


class Figures(NamedTuple):
    """All of it at one moment."""

    standing: Standing
    clock_runs: bool
    day: Day | None
    """What there was when it was last counted."""
    raw_bytes: int
    harvested: list[Harvested]
    sources: list[SourceStand]
    taken: list[Taken]


def figures(database: Database) -> Figures:
    """Return how the hub fares."""
    watched = watch.all_sources(database)
    standing, days = system.standing(database), daily.days(database, 1)
    with database.reading_primary() as connection:
        return Figures(
            standing=standing,
            clock_runs=CLOCK in queue.living(connection),
            day=days[0] if days else None,
            raw_bytes=int(connection.scalar(select(func.sum(RawPageRow.size))) or 0),
            harvested=list(_harvested(connection)),
            sources=list(_stands(connection, watched)),
            taken=_taken(connection),
        )


def _harvested(connection: Connection) -> Iterator[Harvested]:
    names = ("pages", *COUNTED)
    query = (
        select(SourceRow.code, _runs.status, func.count().label("runs"))
        .add_columns(*(func.sum(_runs[name]).label(name) for name in names))
        .join(SourceRow, SourceRow.id == _runs.source_id)
        .group_by(SourceRow.code, _runs.status)
        .order_by(SourceRow.code, _runs.status)
    )
    found: dict[str, list[Mapping[str, int]]] = {}
    for code, *rest in connection.execute(query):
        found.setdefault(code, []).append(dict(zip(("status", "runs", *names), rest, strict=True)))
    for code, rows in found.items():
        yield Harvested(
            source=code,
            runs={str(row["status"]): int(row["runs"]) for row in rows},
            records={name: sum(int(row[name]) for row in rows) for name in COUNTED},
            pages=sum(int(row["pages"]) for row in rows),
        )


def _stands(connection: Connection, watched: list[Watched]) -> Iterator[SourceStand]:
    columns = _watches.failing, _watches.silent, _watches.expires
    query = select(SourceRow.code, *columns).join(SourceRow, SourceRow.id == _watches.source_id)
    stands = {code: rest for code, *rest in connection.execute(query)}
    query = (
        select(SourceRow.code, _alerts.kind, func.max(_alerts.at))
        .join(SourceRow, SourceRow.id == _alerts.source_id)
        .where(_alerts.kind.in_([each.value for each in TOLD]))
        .group_by(SourceRow.code, _alerts.kind)
    )
    told: dict[str, dict[str, int]] = {}
    for code, kind, at in connection.execute(query):
        told.setdefault(code, {})[kind] = int(at)
    for each in watched:
        name = each.source.name
        failing, silent, expires = stands.get(name, (False, False, 0))
        yield SourceStand(each, failing, silent, expires, told.get(name, {}))


def _taken(connection: Connection) -> list[Taken]:
    sums = (func.sum(_usage[name]) for name in ("requests", "records", "octets"))
    query = select(_usage.door, *sums).group_by(_usage.door).order_by(_usage.door)
    return [Taken(door, *map(int, rest)) for door, *rest in connection.execute(query)]
