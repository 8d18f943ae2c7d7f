"""The figures of a period, counted in one snapshot by a handful of grouped statements.

What they mean is version ``DEFINITIONS``; another meaning is another version, and reports keep
theirs. A library *takes part* in a cluster by a record of its own there, or by a row of its lists
of holdings that hangs on one. The library whose record of a cluster came to the hub first is the
one that catalogued it; for each other that takes part one cataloguing was avoided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from operator import attrgetter
from typing import Any

from sqlalchemy import CTE, BigInteger, Connection, Subquery, case, cast, func, null, select
from sqlalchemy import union_all as union

from catalogue.database import Database
from catalogue.membership.conditions import counts
from catalogue.membership.model import Membership
from catalogue.model import Sharing
from catalogue.observed import Stage
from catalogue.reports.model import NUMBERS, Figures, Group, Member
from catalogue.reports.periods import Period
from catalogue.sql import Query
from catalogue.tables import (
    ConsumerRow,
    DirtyRow,
    HoldingListRow,
    HoldingRow,
    ItemRow,
    LibraryRow,
    MemberRow,
    PolicyRow,
    RecordRow,
    RunRow,
    SourceRow,
    UsageRow,
    ViewRow,
)
from crosswalks import collation

DEFINITIONS = 1
_DOORS = ("oai", "sru")
"""Whose records this version of the figures counts as supplied; dumps would swallow all others."""
_MILLISECONDS = 1000
_CACHE = -8192
"""Of SQLite while it counts, in KiB below 0."""
_NOBODY = 0
"""The consumer under which all are counted who named no key."""
_ADDED_UP = ("records", "added", "changed", "deleted", "unique", "avoided", "supplied")
"""What of a group is the sum over its libraries; clusters are not."""

_Numbers = Mapping[int, Mapping[str, int]]
"""Library -> what was counted of it."""


def count(database: Database, period: Period, zone: tzinfo) -> Figures:
    """Return the figures of a period whose days begin in a time zone.

    Runs and what was taken are those of the period; all else is as it stands now. Raises
    DatabaseUnreachable.
    """
    # Not from a replica: it would break off what takes long, and may lag behind.
    with database.reading_primary() as connection, _in_little_memory(connection):
        query = select(
            *(LibraryRow.id, LibraryRow.code, LibraryRow.name, LibraryRow.kind),
            *(LibraryRow.region, LibraryRow.standing),
        )
        # By the letters themselves: each engine has its own order of text.
        rows = sorted(connection.execute(query), key=attrgetter("code"))
        supplied, beside = _taken(connection, period)
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for numbers in (
            _counted(connection, _records()),
            _counted(connection, _runs(*period.moments(zone))),
            _counted(connection, _clusters()),
            supplied,
        ):
            for library, each in numbers.items():
                found[library] |= each
        beside |= _of_the_hub(connection)
    return _figures(rows, found, beside)


@contextmanager
def _in_little_memory(connection: Connection) -> Iterator[None]:
    """Let SQLite sort in files: it gives each of its sorts as much memory as its cache has."""
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = {_CACHE}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")


def _figures(rows: Iterable[Any], found: _Numbers, beside: dict[str, int]) -> Figures:
    known = [(row, found.get(row.id, {})) for row in rows]
    for standing in Membership:
        name = "members" if standing is Membership.MEMBER else standing.value
        beside[name] = sum(row.standing == standing for row, _ in known)
    return Figures(
        members=tuple(_member(row, numbers) for row, numbers in known),
        kinds=_groups(known, attrgetter("kind"), "of_kind"),
        regions=_groups(known, attrgetter("region"), "of_region"),
        total=_group("", known, "of_all"),
        beside=beside,
    )


def _member(row: Any, numbers: Mapping[str, int]) -> Member:
    shared = numbers.get("clusters", 0) - numbers.get("unique", 0)
    return Member(
        code=row.code,
        name=row.name,
        kind=row.kind,
        region=row.region,
        standing=row.standing,
        numbers={name: numbers.get(name, 0) for name in NUMBERS} | {"overlapping": shared},
    )


_Known = list[tuple[Any, Mapping[str, int]]]


def _groups(known: _Known, of: Callable[[Any], str], distinct: str) -> tuple[Group, ...]:
    """Return the groups by what of a library names them; those without a name come last."""
    groups: dict[str, _Known] = defaultdict(list)
    for row, numbers in known:
        groups[of(row)].append((row, numbers))
    names = sorted(groups, key=lambda name: (not name, collation.key(name)))
    return tuple(_group(name, groups[name], distinct) for name in names)


def _group(name: str, known: _Known, distinct: str) -> Group:
    """Return what libraries come to together; ``distinct`` counts each of their clusters once."""
    sums = {each: sum(numbers.get(each, 0) for _, numbers in known) for each in _ADDED_UP}
    sums["clusters"] = sum(numbers.get(distinct, 0) for _, numbers in known)
    sums["overlapping"] = sums["clusters"] - sums["unique"]
    return Group(
        name=name,
        libraries=sum(row.standing == Membership.MEMBER for row, _ in known),
        numbers={each: sums[each] for each in NUMBERS},
    )


def _counted(connection: Connection, query: Query) -> _Numbers:
    """Return what a query counted for each library, which is its first column."""
    found = connection.execute(query)
    _, *names = found.keys()
    return {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in found}


def _records() -> Query:
    """Count the records that count, as ``browse.totals`` does."""
    return (
        select(SourceRow.library_id, func.count().label("records"))
        .join_from(RecordRow, SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(counts())
        .group_by(SourceRow.library_id)
    )


def _runs(start: int, end: int) -> Query:
    """Add up what became of records in the runs that ended within some epoch seconds."""
    sums = (RunRow.added, RunRow.changed, RunRow.deleted)
    return (
        select(SourceRow.library_id, *(func.sum(each).label(each.key) for each in sums))
        .join_from(RunRow, SourceRow, SourceRow.id == RunRow.source_id)
        .where(RunRow.finished >= start * _MILLISECONDS, RunRow.finished < end * _MILLISECONDS)
        .where(SourceRow.stage == Stage.LIVE.value)
        .group_by(SourceRow.library_id)
    )


def _clusters() -> Query:
    """Count the clusters that each library takes part in, and what of them is its own.

    Of those libraries of a type that take part in a cluster one is given it, and so with regions:
    so each cluster is counted once for them, and their figures can be added up.
    """
    part = _ranked()
    one = {
        "unique": part.c.holders == 1,
        "of_kind": part.c.in_kind == 1,
        "of_region": part.c.in_region == 1,
        "of_all": part.c.first == part.c.oldest,
    }
    sums = [func.sum(case((when, 1), else_=0)).label(name) for name, when in one.items()]
    # A row of a list has no record, and is never the first.
    avoided = func.sum(case((part.c.first == part.c.oldest, 0), else_=1)).label("avoided")
    count = func.count().label("clusters")
    return select(part.c.library_id, count, *sums, avoided).group_by(part.c.library_id)


def _ranked() -> Subquery:
    part = _parts()
    cluster = part.c.cluster_id
    joined = select(
        part.c.library_id,
        part.c.first,
        func.count().over(partition_by=cluster).label("holders"),
        func.min(part.c.first).over(partition_by=cluster).label("oldest"),
        _turn(part, LibraryRow.kind).label("in_kind"),
        _turn(part, LibraryRow.region).label("in_region"),
    )
    return joined.join(LibraryRow, LibraryRow.id == part.c.library_id).subquery("ranked")


def _turn(part: CTE, column: Any) -> Any:
    """Return the place of a library among those of a cluster that have a column in common."""
    within = [part.c.cluster_id, column]
    return func.row_number().over(partition_by=within, order_by=part.c.library_id)


def _parts() -> CTE:
    """Return who takes part in which cluster, and by which record first, if by any."""
    by_record = (
        select(MemberRow.cluster_id, SourceRow.library_id, RecordRow.id)
        .join_from(SourceRow, RecordRow, RecordRow.source_id == SourceRow.id)
        .join(MemberRow, MemberRow.record_id == RecordRow.id)
    )
    by_list = (
        select(MemberRow.cluster_id, HoldingListRow.library_id, cast(null(), BigInteger))
        .join_from(HoldingListRow, HoldingRow, HoldingRow.list_id == HoldingListRow.id)
        .join(MemberRow, MemberRow.record_id == HoldingRow.record_id)
        .join(LibraryRow, LibraryRow.id == HoldingListRow.library_id)
        .where(LibraryRow.standing == Membership.MEMBER.value)
    )
    both = union(by_record, by_list).subquery("both")
    cluster, library, record = both.c
    return (
        select(cluster, library, func.min(record).label("first"))
        .group_by(cluster, library)
        .cte("part")
    )


def _taken(connection: Connection, period: Period) -> tuple[_Numbers, dict[str, int]]:
    """Return the records that were given out in a period: to whose services, and to all others."""
    query = (
        select(UsageRow.consumer_id, ConsumerRow.library_id, func.sum(UsageRow.records))
        .join_from(UsageRow, ConsumerRow, ConsumerRow.id == UsageRow.consumer_id, isouter=True)
        .where(UsageRow.day >= str(period.first), UsageRow.day <= str(period.last))
        .where(UsageRow.door.in_(_DOORS))
        .group_by(UsageRow.consumer_id, ConsumerRow.library_id)
    )
    supplied: dict[int, dict[str, int]] = defaultdict(lambda: {"supplied": 0})
    beside = {"taken_others": 0, "taken_nobody": 0}
    for consumer, library, records in connection.execute(query):
        if library is not None:
            supplied[library]["supplied"] += int(records)
        else:
            beside["taken_nobody" if consumer == _NOBODY else "taken_others"] += int(records)
    return supplied, beside


def _of_the_hub(connection: Connection) -> dict[str, int]:
    """Count what the public is shown, and the records that wait to be placed."""
    public = select(ViewRow.id).where(ViewRow.name == Sharing.PUBLIC.value).scalar_subquery()
    live = select(PolicyRow.id).where(PolicyRow.live).scalar_subquery()
    queries = {
        "public": select(func.count()).where(ItemRow.view_id == public, ~ItemRow.deleted),
        "waiting": select(func.count()).where(DirtyRow.policy_id == live),
    }
    return {name: int(connection.execute(each).scalar_one()) for name, each in queries.items()}
