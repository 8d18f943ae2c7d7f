"""Which old and new records are one: rule by rule, one to one, in bounded steps.

All of it is worked out in the database, so that memory does not grow with the two sources; who is
killed is followed by one who begins again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from catalogue import policies
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.match import Features
from catalogue.sql import insert_missing, table, upsert
from catalogue.succession.clues import Side, agree, rules
from catalogue.succession.gathering import Tell, forget, forget_clues, gather
from catalogue.succession.work import Work, ends, features_of, note, parted, this_pair, write
from catalogue.tables import (
    RecordRow,
    SuccessionClueRow,
    SuccessionPairRow,
)

STEP = 500
"""Pairs judged at a time."""
_VALUES = 2000
"""Values compared at a time."""
_MOVED = 5000
_SAID = 1000
"""Records of a step that are said to be ambiguous; more would say nothing new."""
_TENTH = 10
"""A rule is trusted while no more than one of so many of its pairs have contradicting titles."""

_records, _clues, _pairs = table(RecordRow), table(SuccessionClueRow), table(SuccessionPairRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What came of one rule."""

    rule: str
    trusted: bool
    """False where so many of its pairs contradict each other that none was used."""
    paired: int
    agrees: int
    """Pairs whose titles agree; where it is trusted, all of these were paired."""
    contradicts: int
    ambiguous: int


def find(database: Database, work: Work, tell: Tell = lambda _: None) -> list[Rule]:
    """Pair the records of two sources, what was paired before and not carried out forgotten.

    Raises LeaseLost.
    """
    write(database, work, lambda connection: _begin(connection, work.key))
    forget(database, work)
    looked = gather(database, work, Side.OLD, 0, tell)
    gather(database, work, Side.NEW, looked, tell)
    with database.reading_primary() as connection:
        query = select(_clues.c.kind).distinct()
        kinds = connection.scalars(
            query.where(_clues.c.succession_id == work.key, _clues.c.side == Side.NEW.value)
        ).all()
    done = [_try(database, work, rule) for rule in rules(kinds)]
    found = [each for each in done if each.paired or each.contradicts or each.ambiguous]
    forget_clues(database, work)
    write(database, work, lambda connection: _end(connection, work.key, found))
    return found


def _begin(connection: Connection, key: int) -> None:
    note(connection, key, paired=0, rules="[]")


def _end(connection: Connection, key: int, found: Sequence[Rule]) -> None:
    note(connection, key, paired=wall_clock(), rules=json.dumps([asdict(each) for each in found]))


def _try(database: Database, work: Work, rule: tuple[str, str]) -> Rule:
    """Pair by one rule what is not paired yet."""
    name = rule[1]
    after = ""
    while (last := _compare(database, work, rule, after)) is not None:
        after = last
    write(database, work, lambda connection: _part(connection, work.key, name))
    while write(database, work, lambda connection: _judge(connection, work.key, name)):
        pass
    told = _counted(database, work.key, name)
    agrees, contradicts = told.get("agrees", 0), told.get("contradicts", 0)
    trusted = contradicts * _TENTH <= agrees + contradicts
    _settle(database, work, name, "paired" if trusted else "distrusted")
    return Rule(
        rule=name,
        trusted=trusted,
        paired=agrees if trusted else 0,
        agrees=agrees,
        contradicts=contradicts,
        ambiguous=told.get("ambiguous", 0),
    )


def _compare(database: Database, work: Work, rule: tuple[str, str], after: str) -> str | None:
    """Look for pairs among the next values of a rule; return the last one, None at the end."""
    with database.reading_primary() as connection:
        query = select(_clues.c.value).distinct().order_by(_clues.c.value).limit(_VALUES)
        these = (*_of(work.key, rule[1], Side.NEW), _clues.c.value > after)
        values = connection.scalars(query.where(*these)).all()
        if not values:
            return None
        olds = _holders(connection, work.key, rule[0], Side.OLD, values)
        news = _holders(connection, work.key, rule[1], Side.NEW, olds)
        shared = {value: (olds[value], new) for value, new in news.items()}
        sure = {value for value, (old, new) in shared.items() if old.number == new.number == 1}
        found = {(shared[value][0].first, shared[value][1].first) for value in sure}
        unsure = {value: both for value, both in shared.items() if value not in sure}
        doubtful = _doubtful(connection, work.key, rule, unsure)
    write(database, work, lambda connection: _note(connection, work, rule[1], (found, doubtful)))
    return str(values[-1])


class _Holders(NamedTuple):
    """How many records not paired yet have a value, and one of them."""

    number: int
    first: int


def _of(key: int, kind: str, side: Side) -> tuple[ColumnElement[bool], ...]:
    return (
        _clues.c.succession_id == key,
        _clues.c.kind == kind,
        _clues.c.side == side.value,
    )


def _free(key: int, side: Side) -> ColumnElement[bool]:
    """Return the condition that the record of a clue is not paired yet."""
    end = _pairs.c.old_id if side is Side.OLD else _pairs.c.new_id
    return ~exists().where(
        _pairs.c.succession_id == key, end == _clues.c.record_id, _pairs.c.state == "paired"
    )


def _holders(
    connection: Connection, key: int, kind: str, side: Side, values: Iterable[str]
) -> dict[str, _Holders]:
    query = (
        select(_clues.c.value, func.count(), func.min(_clues.c.record_id))
        .where(*_of(key, kind, side), _clues.c.value.in_(list(values)), _free(key, side))
        .group_by(_clues.c.value)
    )
    return {value: _Holders(number, first) for value, number, first in connection.execute(query)}


def _doubtful(
    connection: Connection,
    key: int,
    rule: tuple[str, str],
    unsure: Mapping[str, tuple[_Holders, _Holders]],
) -> set[tuple[int, int]]:
    """Return for each record that shares its value with several one that it might be."""
    found = set()
    for side, kind in zip(Side, rule, strict=True):
        query = select(_clues.c.value, _clues.c.record_id).where(
            *_of(key, kind, side), _clues.c.value.in_(list(unsure)), _free(key, side)
        )
        for value, record in connection.execute(query.limit(_SAID)):
            old, new = unsure[value]
            pair = (record, new.first) if side is Side.OLD else (old.first, record)
            found.add(pair)
    return found


def _note(
    connection: Connection,
    work: Work,
    rule: str,
    found: tuple[set[tuple[int, int]], set[tuple[int, int]]],
) -> None:
    sure, doubtful = (
        [
            {
                "succession_id": work.key,
                "old_id": old,
                "new_id": new,
                "rule": rule,
                "state": state,
            }
            for old, new in pairs
        ]
        for pairs, state in zip(found, ("found", "ambiguous"), strict=True)
    )
    # What an earlier rule thought of a pair is told no more.
    upsert(connection, SuccessionPairRow, sure)
    insert_missing(connection, SuccessionPairRow, doubtful)


def _part(connection: Connection, key: int, rule: str) -> None:
    """Set aside the pairs of records that a rule pairs with more than one."""
    these = (_pairs.c.succession_id == key, _pairs.c.rule == rule, _pairs.c.state == "found")
    several = [
        end.in_(select(end).where(*these).group_by(end).having(func.count() > 1))
        for end in (_pairs.c.old_id, _pairs.c.new_id)
    ]
    connection.execute(update(_pairs).where(*these, or_(*several)).values(state="ambiguous"))


def _judge(connection: Connection, key: int, rule: str) -> bool:
    """Look at titles and verdicts of the next pairs of a rule; tell whether there were any."""
    these = (_pairs.c.succession_id == key, _pairs.c.rule == rule, _pairs.c.state == "found")
    found = connection.execute(select(_pairs.c.old_id, _pairs.c.new_id).where(*these).limit(STEP))
    pairs = [(old, new) for old, new in found]
    if not pairs:
        return False
    apart = parted(connection, pairs)
    known = _features(connection, {end for pair in pairs for end in pair})
    policy = policies.live(connection).policy
    agreed = [agree(known[old], known[new], policy) for old, new in pairs]
    rows = [
        {**bound, "b_state": "contradicts" if word is False or pair in apart else "agrees"}
        for pair, word, bound in zip(pairs, agreed, ends(pairs), strict=True)
    ]
    statement = update(_pairs).where(*this_pair(key)).values(state=bindparam("b_state"))
    connection.execute(statement, rows)
    return True


def _features(connection: Connection, keys: Iterable[int]) -> dict[int, Features]:
    columns = (
        _records.c.id,
        _records.c.parsed,
        _records.c.features,
        _records.c.features_version,
    )
    rows = connection.execute(select(*columns).where(_records.c.id.in_(list(keys))))
    # A record that is gone meanwhile says nothing; it is looked at again when it is carried out.
    found = {row.id: features_of(row) for row in rows if row.parsed is not None}
    return {key: found.get(key, Features()) for key in keys}


def _counted(database: Database, key: int, rule: str) -> dict[str, int]:
    query = (
        select(_pairs.c.state, func.count().label("number"))
        .where(_pairs.c.succession_id == key, _pairs.c.rule == rule)
        .group_by(_pairs.c.state)
    )
    with database.reading_primary() as connection:
        return {row.state: row.number for row in connection.execute(query)}


def _settle(database: Database, work: Work, rule: str, state: str) -> None:
    """Give the pairs of a rule that agree their last state."""
    these = (_pairs.c.succession_id == work.key, _pairs.c.rule == rule, _pairs.c.state == "agrees")

    def some(connection: Connection) -> int:
        query = select(_pairs.c.old_id, _pairs.c.new_id).where(*these).limit(_MOVED)
        found = connection.execute(query).all()
        if found:
            statement = update(_pairs).where(*this_pair(work.key)).values(state=state)
            connection.execute(statement, ends(found))
        return len(found)

    while write(database, work, some):
        pass
