"""Pairs of records as people look at them: what matching says of two, doubles, crowds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select

from catalogue import libraries, match, policies
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.errors import NoSuchRecord
from catalogue.membership.conditions import counts
from catalogue.sql import Query, chunks, table
from catalogue.tables import (
    ClusterRow,
    DeadKeyRow,
    LargeComponentRow,
    LibraryRow,
    MatchKeyRow,
    MemberRow,
    PolicyRow,
    RecordRow,
    SourceRow,
)
from crosswalks import stored
from crosswalks.model import Record
from crosswalks.text import storable

_STEP = 500
_members = table(MemberRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A record of a pair."""

    id: int
    name: str
    """``source/identifier``."""
    library: str
    cluster: str
    """The public id of its cluster, or empty."""
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Two records and what matching says of them."""

    a: Side
    b: Side
    decision: str
    """``same``, ``ask`` or ``different``."""
    score: float
    reasons: tuple[str, ...]
    """As ``code:value``; web.reasons says them in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """Records of one library that are one publication."""

    cluster: str
    records: tuple[Side, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    """Some of a library's doubled records."""

    found: tuple[Doubled, ...]
    more: int
    """Where the next ones begin; 0 = there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Records so alike that they are too many to be compared with each other."""

    size: int
    sample: Side
    linked: bool
    """Whether links hold them together; else they share a key."""


def crowds(database: Database, limit: int = 50) -> list[Crowd]:
    """Return the records too many to compare, the largest crowds first, each with one of them.

    What they share was split as far as it goes (match.DEPTH); they are still found by other keys.
    Or they hang together by links, one by one, in numbers that no publication is likely to have.
    """
    counted = _same_key().union_all(_linked()).subquery()
    size = func.max(counted.c.size).label("size")
    query = (
        select(counted.c.first, counted.c.linked, size)
        .group_by(counted.c.first, counted.c.linked)
        .order_by(size.desc(), counted.c.first)
    )
    with database.reading() as connection:
        rows = connection.execute(query.limit(limit)).all()
        sides = sides_of(connection, {row.first for row in rows})
    return [
        Crowd(size=row.size, sample=sides[row.first], linked=bool(row.linked))
        for row in rows
        if row.first in sides
    ]


def _same_key() -> Query:
    dead, keys = table(DeadKeyRow).c, table(MatchKeyRow).c
    return (
        select(
            func.count().label("size"),
            func.min(keys.record_id).label("first"),
            literal(value=False).label("linked"),
        )
        .select_from(table(DeadKeyRow))
        .join(table(MatchKeyRow), (keys.policy_id == dead.policy_id) & (keys.key == dead.key))
        .join(PolicyRow, PolicyRow.id == dead.policy_id)
        .where(PolicyRow.live, dead.key.startswith(str(match.DEPTH) + match.MARK))
        .group_by(dead.key)
    )


def _linked() -> Query:
    large = table(LargeComponentRow).c
    return (
        select(large.size, large.record_id.label("first"), literal(value=True).label("linked"))
        .select_from(table(LargeComponentRow))
        .join(PolicyRow, PolicyRow.id == large.policy_id)
        .where(PolicyRow.live)
    )


def compare(database: Database, a: tuple[str, str], b: tuple[str, str]) -> Judged:
    """Return what matching says of two records, each given as (source, identifier), today.

    Raises NoSuchRecord, also for one that is not live.
    """
    with database.reading() as connection:
        return judge(connection, a, b)


def judge(connection: Connection, a: tuple[str, str], b: tuple[str, str]) -> Judged:
    """Return what ``compare`` does, of one snapshot with what else is read."""
    ids = [live_key(connection, name) for name in (a, b)]
    nodes, ends = read.nodes(connection, ids), sides_of(connection, ids)
    policy = policies.live(connection).policy
    verdict = match.decide(nodes[ids[0]].features, nodes[ids[1]].features, policy)
    return Judged(
        a=ends[ids[0]],
        b=ends[ids[1]],
        decision=verdict.decision.value,
        score=verdict.score,
        reasons=verdict.reasons,
    )


def live_key(connection: Connection, name: tuple[str, str]) -> int:
    """Return the key of a live record by (source, identifier). Raises NoSuchRecord."""
    source, identifier = map(storable, name)
    found = connection.execute(
        select(RecordRow.id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .where(SourceRow.code == source, RecordRow.identifier == identifier, counts())
    ).scalar()
    if found is None:
        raise NoSuchRecord(name="/".join(name))
    return int(found)


def within(database: Database, library: str, after: int = 0, limit: int = 50) -> Doubles:
    """Return what a library has more than one record of: it may want to join or correct them.

    Nothing is done about them here: its records stay as they are. Raises NoSuchLibrary.
    """
    with database.reading() as connection:
        theirs = _of_library(libraries.key_of(connection, library))
        query = _held(theirs, after, limit + 1)
        found = list(connection.execute(query).scalars())
        shown = found[:limit]
        records = connection.execute(
            select(_members.record_id, _members.cluster_id)
            .where(_members.cluster_id.in_(shown), _members.record_id.in_(theirs))
            .order_by(_members.cluster_id, _members.record_id)
        ).all()
        sides = sides_of(connection, [record for record, _ in records])
    groups: dict[int, list[Side]] = {}
    for record, cluster in records:
        groups.setdefault(cluster, []).append(sides[record])
    return Doubles(
        found=tuple(
            Doubled(cluster=group[0].cluster, records=tuple(group)) for group in groups.values()
        ),
        more=shown[-1] if len(found) > limit else 0,
    )


def all_within(database: Database, library: str) -> Iterator[Doubled]:
    """Yield all that ``within`` returns a page at a time, each page a short read of its own."""
    step = within(database, library, limit=_STEP)
    yield from step.found
    while step.more:
        step = within(database, library, step.more, _STEP)
        yield from step.found


def _held(theirs: Any, after: int, limit: int) -> Query:
    """Return the query of the next clusters with several of some records.

    These are looked up one by one first: PostgreSQL would rather walk all clusters there are.
    """
    known = theirs.subquery().c
    held = (
        select(_members.cluster_id)
        .join_from(known.id.table, table(MemberRow), _members.record_id == known.id)
        .where(_members.cluster_id > after)
        .cte()
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(held.c.cluster_id)
        .group_by(held.c.cluster_id)
        .having(func.count() > 1)
        .order_by(held.c.cluster_id)
        .limit(limit)
    )


def _of_library(library_id: int) -> Any:
    return (
        select(RecordRow.id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .where(SourceRow.library_id == library_id)
    )


def sides_of(connection: Connection, records: Collection[int]) -> dict[int, Side]:
    """Return these records as people look at them, by key."""
    query = (
        select(
            RecordRow.id,
            SourceRow.code.label("source"),
            RecordRow.identifier,
            LibraryRow.code.label("library"),
            RecordRow.parsed,
            ClusterRow.public_id,
        )
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(LibraryRow, LibraryRow.id == SourceRow.library_id)
        .outerjoin(MemberRow, MemberRow.record_id == RecordRow.id)
        .outerjoin(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
    )
    return {
        row.id: Side(
            id=row.id,
            name=f"{row.source}/{row.identifier}",
            library=row.library,
            cluster=row.public_id or "",
            record=stored.from_json(row.parsed),
        )
        for chunk in chunks(records)
        for row in connection.execute(query.where(RecordRow.id.in_(chunk)))
    }
