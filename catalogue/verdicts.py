"""What people decide about pairs of records: kept with who and when, and taken back step by step.

A decision stands whatever matching says, through re-harvests and other policies. One that others
contradict is refused with the path that does. Both records wait to be placed again with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, or_, select, update

from catalogue import clock, contradictions, pairs
from catalogue.clock import wall_clock
from catalogue.cluster import asking, read
from catalogue.cluster.cut import Pair
from catalogue.contradictions import Verdict
from catalogue.database import Database
from catalogue.errors import (
    ChangedMeanwhile,
    DecidedSince,
    NoSuchDecision,
    NotStanding,
    SameRecord,
)
from catalogue.sql import Query, chunks, delete_keys, table, upsert
from catalogue.tables import ClusterRow, VerdictEventRow, VerdictRow
from catalogue.waking import wake_records

Name = tuple[str, str]
"""Source and identifier."""
_verdicts, _events = table(VerdictRow).c, table(VerdictEventRow).c


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who decides, and why."""

    author: str
    reason: str = ""
    seen: str = ""
    """What ``seen_of`` gave when they looked at the pair; empty = they looked at no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step in the history of a pair."""

    id: int
    a: str
    """``source/identifier``."""
    b: str
    before: str
    """``same``, ``different``, or empty."""
    after: str
    author: str
    made: int
    """Epoch seconds."""
    reason: str
    undoes: int | None
    stands: bool
    """Whether it is the last word on this pair: only that can be taken back."""
    more: int
    """How many other pairs were decided at once with this one, and are taken back with it."""


class Step(NamedTuple):
    """What is to stand of a pair, and which event it takes back."""

    pair: Pair
    wanted: str
    undoes: int | None = None


def decide(database: Database, one: Name, other: Name, wanted: Verdict, said: Said) -> int:
    """Keep what a person says of two records; return the number of that step, to take it back.

    To say again what stands changes nothing and returns 0. Raises what ``pair_to_decide`` does.
    """

    def work(connection: Connection) -> int:
        # One at a time: another might contradict this one, and be kept beside it.
        clock.read(connection, lock=True)
        pair = pair_to_decide(connection, (one, other), wanted, said.seen)
        return 0 if pair is None else keep(connection, [Step(pair, wanted.value)], said)

    return database.writing(work)


def pair_to_decide(
    connection: Connection, named: tuple[Name, Name], wanted: Verdict, seen: str = ""
) -> Pair | None:
    """Return the keys of two records of which that may be said, or None where it stands already.

    ``seen`` is what ``seen_of`` gave when they were looked at: raises ChangedMeanwhile if that is
    not so any more. Raises NoSuchRecord, SameRecord, or ContradictsVerdicts.
    """
    a, b = sorted(pairs.live_key(connection, name) for name in named)
    one, other = ("/".join(name) for name in named)
    if a == b:
        raise SameRecord(name=one)
    if _stands(connection, (a, b)) == wanted:
        return None
    if seen and seen != seen_of(connection, [(a, b)])[a, b]:
        raise ChangedMeanwhile(one=one, other=other)
    contradictions.check(connection, (a, b), wanted)
    return a, b


def undo(database: Database, number: int, said: Said) -> int:
    """Put a pair back to where it was before a step; return the number of this one.

    With it all that was decided at once. Raises NoSuchDecision, NotStanding, DecidedSince where a
    pair was decided again later, or ContradictsVerdicts where what stood before cannot stand beside
    what was decided since.
    """

    def work(connection: Connection) -> int:
        clock.read(connection, lock=True)
        steps = _taking_back(connection, number)
        for step in steps:
            if step.wanted:
                contradictions.check(connection, step.pair, step.wanted)
        return keep(connection, steps, said)

    return database.writing(work)


def _taking_back(connection: Connection, number: int) -> list[Step]:
    query = select(_events.id, _events.a, _events.b, _events.step)
    event = connection.execute(query.where(_events.id == number)).one_or_none()
    if event is None:
        raise NoSuchDecision(number=number)
    rows = [event]
    if event.step is not None:
        rows = list(connection.execute(query.where(_events.step == event.step)))
    standing = _standing(connection, {row.a for row in rows})
    found = [row for row in rows if row.id in standing[row.a, row.b]]
    if not found:
        raise NotStanding(number=number)
    return [_back(row, standing[row.a, row.b]) for row in found]


def _back(row: Any, standing: Mapping[int, str]) -> Step:
    *before, last = standing
    if row.id != last:
        raise DecidedSince(number=row.id, later=last)
    # Not what the step itself found: two pairs may have become one since, with all their steps.
    return Step((row.a, row.b), standing[before[-1]] if before else "", row.id)


def history(
    database: Database, record: Name | None = None, before: int = 0, limit: int = 50
) -> list[Event]:
    """Return the latest steps, newest first, of all pairs or those of a record.

    Of what was decided at once only the first is in the list of all.
    ``before`` is the number of the last one seen. Raises NoSuchRecord.
    """
    query = _QUERY.limit(limit)
    with database.reading_primary() as connection:
        if record is not None:
            key = pairs.live_key(connection, record)
            query = query.where(or_(_events.a == key, _events.b == key))
        else:
            query = query.where(or_(_events.step.is_(None), _events.step == _events.id))
        if before:
            query = query.where(_events.id < before)
        return _told(connection, connection.execute(query).all())


def of_cluster(database: Database, public_id: str, limit: int = 50) -> list[Event]:
    """Return the latest steps of all records of a cluster, newest first."""
    with database.reading_primary() as connection:
        query = select(ClusterRow.id).where(ClusterRow.public_id == public_id)
        records = list(read.members(connection, connection.execute(query).scalars()))
        numbers = select(func.coalesce(_events.step, _events.id)).distinct()
        found = {
            number
            for chunk in chunks(records)
            for end in (_events.a, _events.b)
            for number in connection.execute(numbers.where(end.in_(chunk))).scalars()
        }
        newest = _QUERY.where(_events.id.in_(sorted(found)[-limit:]))
        return _told(connection, connection.execute(newest).all())


_QUERY: Query = select(VerdictEventRow.__table__).order_by(_events.id.desc())


def _told(connection: Connection, rows: Sequence[Any]) -> list[Event]:
    names = contradictions.names(connection, {end for row in rows for end in (row.a, row.b)})
    standing = _standing(connection, {row.a for row in rows})
    sizes = _sizes(connection, {row.step for row in rows if row.step is not None})
    return [
        Event(
            id=row.id,
            a=names[row.a],
            b=names[row.b],
            before=row.before,
            after=row.after,
            author=row.author,
            made=row.made,
            reason=row.reason,
            undoes=row.undoes,
            stands=row.id in list(standing[row.a, row.b])[-1:],
            more=sizes.get(row.step, 1) - 1,
        )
        for row in rows
    ]


def _sizes(connection: Connection, steps: Collection[int]) -> dict[int, int]:
    query = select(_events.step, func.count()).group_by(_events.step)
    rows = connection.execute(query.where(_events.step.in_(steps)))
    return {step: size for step, size in rows}  # noqa: C416 - rows are no pairs


def keep(connection: Connection, steps: Sequence[Step], said: Said) -> int:
    """Keep what is said of some pairs at once; return the number of the first step.

    Called by the holder of the clock's lock, who has looked for contradictions.
    """
    before = read.verdicts(connection, {end for step in steps for end in step.pair})
    rows = [
        {
            **_told_of(step, said),
            "before": before.get(step.pair, ""),
            "after": step.wanted,
            "undoes": step.undoes,
        }
        for step in steps
    ]
    made = insert(table(VerdictEventRow)).returning(_events.id, sort_by_parameter_order=True)
    numbers = list(connection.execute(made, rows).scalars())
    if len(numbers) > 1:
        those = _events.id.in_(numbers)
        connection.execute(update(table(VerdictEventRow)).where(those).values(step=numbers[0]))
    kept = [_told_of(each, said) | {"decision": each.wanted} for each in steps if each.wanted]
    upsert(connection, VerdictRow, kept)
    delete_keys(connection, VerdictRow, [step.pair for step in steps if not step.wanted])
    asking.settle(connection, [step.pair for step in steps if step.wanted])
    wake_records(connection, {end for step in steps for end in step.pair})
    return int(numbers[0])


def _told_of(step: Step, said: Said) -> dict[str, Any]:
    a, b = step.pair
    return {"a": a, "b": b, "author": said.author, "made": wall_clock(), "reason": said.reason}


def _stands(connection: Connection, pair: Pair) -> str:
    query = select(_verdicts.decision).where(_verdicts.a == pair[0], _verdicts.b == pair[1])
    return connection.execute(query).scalar() or ""


def seen_of(connection: Connection, looked_at: Collection[Pair]) -> dict[Pair, str]:
    """Return pair -> a text that becomes another with each decision about it, and each change."""
    ends = {end for pair in looked_at for end in pair}
    revs = read.revs(connection, ends)
    last: dict[Pair, int] = {}
    for chunk in chunks({a for a, _ in looked_at}):
        query = _LAST.where(_events.a.in_(chunk))
        last |= {(a, b): number for a, b, number in connection.execute(query)}
    return {
        (a, b): f"{last.get((a, b), 0)}.{revs.get(a, 0)}.{revs.get(b, 0)}" for a, b in looked_at
    }


def seen_now(database: Database, one: int, other: int) -> str:
    """Return what ``seen_of`` says of two records now; empty for one record."""
    if one == other:
        return ""
    pair = min(one, other), max(one, other)
    with database.reading_primary() as connection:
        return seen_of(connection, [pair])[pair]


_LAST: Query = select(_events.a, _events.b, func.max(_events.id)).group_by(_events.a, _events.b)


def _standing(connection: Connection, records: Collection[int]) -> dict[Pair, dict[int, str]]:
    """Return the decisions not taken back of the pairs that begin with these, oldest first."""
    query = select(_events.a, _events.b, _events.id, _events.after, _events.undoes)
    found: defaultdict[Pair, dict[int, str]] = defaultdict(dict)
    for chunk in chunks(records):
        rows = connection.execute(query.where(_events.a.in_(chunk)).order_by(_events.id))
        for a, b, number, after, undoes in rows:
            if undoes is None:
                found[a, b][number] = after
            else:
                found[a, b].pop(undoes, None)
    return found


__all__ = [
    "Event",
    "Name",
    "Said",
    "Step",
    "Verdict",
    "decide",
    "history",
    "keep",
    "of_cluster",
    "pair_to_decide",
    "seen_now",
    "seen_of",
    "undo",
]
