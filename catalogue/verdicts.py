"""What people decide about pairs of records: kept with who and when, and taken back step by step.

A decision stands whatever matching says, through re-harvests and other policies. One that others
contradict is refused with the path that does. Both records wait to be placed again with it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select

from catalogue import clock, pairs
from catalogue.clock import wall_clock
from catalogue.cluster import read
from catalogue.cluster.cut import Pair
from catalogue.database import Database
from catalogue.errors import (
    ContradictsVerdicts,
    DecidedSince,
    NoSuchDecision,
    NotStanding,
    SameRecord,
)
from catalogue.sql import Query, chunks, table, upsert
from catalogue.tables import ClusterRow, RecordRow, SourceRow, VerdictEventRow, VerdictRow
from catalogue.waking import wake_records

Name = tuple[str, str]
"""Source and identifier."""
_verdicts, _events = table(VerdictRow).c, table(VerdictEventRow).c


class Verdict(StrEnum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who decides, and why."""

    author: str
    reason: str = ""


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


class _Step(NamedTuple):
    """What is to stand of a pair, and which event it takes back."""

    pair: Pair
    wanted: str
    undoes: int | None = None


def decide(database: Database, one: Name, other: Name, wanted: Verdict, said: Said) -> int:
    """Keep what a person says of two records; return the number of that step, to take it back.

    To say again what stands changes nothing and returns 0. Raises NoSuchRecord, SameRecord, or
    ContradictsVerdicts.
    """

    def work(connection: Connection) -> int:
        a, b = (pairs.live_key(connection, name) for name in (one, other))
        if a == b:
            raise SameRecord(name="/".join(one))
        return _keep(connection, _Step((min(a, b), max(a, b)), wanted.value), said)

    return database.writing(work)


def undo(database: Database, number: int, said: Said) -> int:
    """Put a pair back to where it was before a step; return the number of this one.

    Raises NoSuchDecision, NotStanding, DecidedSince where the pair was decided again later, or
    ContradictsVerdicts where what stood before cannot stand beside what was decided since.
    """

    def work(connection: Connection) -> int:
        clock.read(connection, lock=True)
        row = connection.execute(select(VerdictEventRow.__table__).where(_events.id == number))
        event = row.one_or_none()
        if event is None:
            raise NoSuchDecision(number=number)
        standing = _standing(connection, [event.a])[event.a, event.b]
        if number not in standing:
            raise NotStanding(number=number)
        *before, last = standing
        if number != last:
            raise DecidedSince(number=number, later=last)
        # Not what the step itself found: two pairs may have become one since, with all their steps.
        wanted = standing[before[-1]] if before else ""
        return _keep(connection, _Step((event.a, event.b), wanted, number), said)

    return database.writing(work)


def history(
    database: Database, record: Name | None = None, before: int = 0, limit: int = 50
) -> list[Event]:
    """Return the latest steps, newest first, of all pairs or those of a record.

    ``before`` is the number of the last one seen. Raises NoSuchRecord.
    """
    query = _QUERY.limit(limit)
    with database.reading_primary() as connection:
        if record is not None:
            key = pairs.live_key(connection, record)
            query = query.where(or_(_events.a == key, _events.b == key))
        if before:
            query = query.where(_events.id < before)
        return _told(connection, connection.execute(query).all())


def of_cluster(database: Database, public_id: str, limit: int = 50) -> list[Event]:
    """Return the latest steps of all records of a cluster, newest first."""
    with database.reading_primary() as connection:
        query = select(ClusterRow.id).where(ClusterRow.public_id == public_id)
        records = list(read.members(connection, connection.execute(query).scalars()))
        found = {
            number
            for chunk in chunks(records)
            for end in (_events.a, _events.b)
            for number in connection.execute(select(_events.id).where(end.in_(chunk))).scalars()
        }
        newest = _QUERY.where(_events.id.in_(sorted(found)[-limit:]))
        return _told(connection, connection.execute(newest).all())


_QUERY: Query = select(VerdictEventRow.__table__).order_by(_events.id.desc())


def _told(connection: Connection, rows: Sequence[Any]) -> list[Event]:
    names = _names(connection, {end for row in rows for end in (row.a, row.b)})
    standing = _standing(connection, {row.a for row in rows})
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
        )
        for row in rows
    ]


def _keep(connection: Connection, step: _Step, said: Said) -> int:
    # One at a time: another might contradict this one, and be kept beside it.
    clock.read(connection, lock=True)
    now = connection.execute(
        select(_verdicts.decision).where(_verdicts.a == step.pair[0], _verdicts.b == step.pair[1])
    )
    before = now.scalar() or ""
    if before == step.wanted:
        return 0
    if step.wanted:
        _check(connection, step.pair, step.wanted)
    row = {"a": step.pair[0], "b": step.pair[1], "author": said.author, "made": wall_clock()}
    row["reason"] = said.reason
    if step.wanted:
        upsert(connection, VerdictRow, [row | {"decision": step.wanted}])
    else:
        same = (_verdicts.a == step.pair[0]) & (_verdicts.b == step.pair[1])
        connection.execute(delete(table(VerdictRow)).where(same))
    wake_records(connection, step.pair)
    told = row | {"before": before, "after": step.wanted, "undoes": step.undoes}
    made = insert(table(VerdictEventRow)).values(told).returning(_events.id)
    return int(connection.execute(made).scalar_one())


def _check(connection: Connection, pair: Pair, wanted: str) -> None:
    """Raise ContradictsVerdicts where the pair cannot be that beside what was decided of others."""
    if wanted == Verdict.DIFFERENT:
        path = _path(connection, *pair)
        if path:
            _refuse(connection, path, [Verdict.SAME] * (len(path) - 1))
        return
    ours, theirs = (_together(connection, end, pair) for end in pair)
    for one in ours:
        for other in _apart(connection, one, pair) & theirs.keys():
            path = [*_back(ours, one)[::-1], *_back(theirs, other)]
            words = [Verdict.SAME] * (len(path) - 1)
            words[len(_back(ours, one)) - 1] = Verdict.DIFFERENT
            _refuse(connection, path, words)


def _path(connection: Connection, a: int, b: int) -> list[int]:
    """Return the records from one to another, each said to be the same as the next; or none."""
    found = _together(connection, a, (a, b))
    return _back(found, b)[::-1] if b in found else []


def _back(found: dict[int, int], end: int) -> list[int]:
    """Return the way from a record back to the first of those found with it."""
    path = [end]
    while found[path[-1]] != path[-1]:
        path.append(found[path[-1]])
    return path


def _together(connection: Connection, start: int, but: Pair) -> dict[int, int]:
    """Return all records said to be the same as one, by others, each with the one it came by."""
    found = {start: start}
    waiting = deque([start])
    while waiting:
        each = waiting.popleft()
        for other in _said_of(connection, each, Verdict.SAME, but):
            if other not in found:
                found[other] = each
                waiting.append(other)
    return found


def _apart(connection: Connection, record: int, but: Pair) -> set[int]:
    return set(_said_of(connection, record, Verdict.DIFFERENT, but))


def _said_of(connection: Connection, record: int, word: Verdict, but: Pair) -> Iterator[int]:
    for (a, b), decision in sorted(read.verdicts(connection, [record]).items()):
        if decision == word and (a, b) != but:
            yield b if a == record else a


def _refuse(connection: Connection, path: list[int], words: Iterable[Verdict]) -> None:
    names = _names(connection, path)
    signs = {Verdict.SAME: "=", Verdict.DIFFERENT: "\u2260"}
    told = names[path[0]]
    for word, record in zip(words, path[1:], strict=True):
        told += f" {signs[word]} {names[record]}"
    raise ContradictsVerdicts(path=told)


def _names(connection: Connection, records: Collection[int]) -> dict[int, str]:
    query = select(RecordRow.id, SourceRow.code, RecordRow.identifier).join(
        SourceRow, SourceRow.id == RecordRow.source_id
    )
    return {
        record: f"{source}/{identifier}"
        for chunk in chunks(records)
        for record, source, identifier in connection.execute(query.where(RecordRow.id.in_(chunk)))
    }


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
