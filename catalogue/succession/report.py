"""What a succession found and did, for people: counts, examples, and what could not be paired."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from catalogue import sources
from catalogue.database import Database
from catalogue.model import RecordState
from catalogue.sql import table
from catalogue.succession.clues import Side
from catalogue.succession.pairing import Rule
from catalogue.succession.setting import State
from catalogue.succession.steps import Succession
from catalogue.succession.work import KEPT, took_over
from catalogue.tables import (
    MemberRow,
    RecordRow,
    SourceRow,
    SuccessionPairRow,
    SuccessionRow,
)
from crosswalks import stored

SAMPLES = 3
_STEP = 500
_DOUBTS = ("contradicts", "distrusted", "ambiguous")
"""Why a record was not paired, the reason that says most first."""

_records, _pairs = table(RecordRow), table(SuccessionPairRow)
_TAKEN = ("paired", "applied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Two records that a rule found, as people tell records apart."""

    old: str
    old_title: str
    new: str
    new_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of one rule, with examples."""

    rule: Rule
    samples: tuple[Sample, ...]
    contradicted: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How it stands with a succession."""

    old: str
    new: str
    state: State
    rules: tuple[Told, ...]
    paired: int
    """Pairs that wait to be carried out."""
    applied: int
    """Old records that go on as new ones."""
    outdated: int
    """Pairs that had gone, or were said to be different, when they were to be carried out."""
    unpaired_old: int
    unpaired_new: int
    waiting: int
    """Records of the new source that are in no cluster until it takes over."""
    redirected: int
    """Clusters of the new source alone that will end, and lead to those of the old records."""


class Unpaired(NamedTuple):
    """A record that was not paired, and why."""

    side: str
    """``old`` or ``new``."""
    identifier: str
    title: str
    reason: str
    """``contradicts``, ``distrusted``, ``ambiguous``, or ``none`` where it has no like."""
    rule: str
    other: str
    """One that it might be, by its identifier."""


def report(database: Database, succession: Succession) -> Report:
    """Return what was found and done. Raises NoSuchSource."""
    with database.reading_primary() as connection:
        row = connection.execute(
            select(table(SuccessionRow)).where(SuccessionRow.id == succession.key)
        ).one()
        old = sources.configured(connection, succession.old)
        new = sources.configured(connection, succession.new)
        counted = _counted(connection, succession.key)
        return Report(
            old=succession.old,
            new=succession.new,
            state=State(row.state),
            rules=tuple(_told(connection, row.id, Rule(**rule)) for rule in json.loads(row.rules)),
            paired=counted.get("paired", 0),
            applied=counted.get("applied", 0),
            outdated=counted.get("outdated", 0),
            unpaired_old=_number(connection, *_unpaired(row.id, old.id, Side.OLD)),
            unpaired_new=_number(connection, *_unpaired(row.id, new.id, Side.NEW)),
            waiting=_number(
                connection,
                _records.c.source_id == new.id,
                _records.c.state == RecordState.WAITING.value,
            ),
            redirected=_redirected(connection, row.id),
        )


def unpaired(database: Database, succession: Succession) -> Iterator[Unpaired]:
    """Yield the records that were not paired, those of the old source first; read step by step."""
    with database.reading_primary() as connection:
        ids = [sources.configured(connection, name).id for name in (succession.old, succession.new)]
    for side, source_id in zip(Side, ids, strict=True):
        after = 0
        while True:
            with database.reading_primary() as connection:
                rows = _next(connection, succession.key, source_id, side, after)
                found = _with_reasons(connection, succession.key, side, rows)
            if not rows:
                break
            yield from found
            after = rows[-1].id


def heir(database: Database, record_id: int) -> str:
    """Return what a retired record goes on as, ``source/identifier``; empty for any other."""
    query = (
        select(SourceRow.code, _records.c.identifier)
        .select_from(_pairs)
        .join(_records, _records.c.id == _pairs.c.old_id)
        .join(SourceRow, SourceRow.id == _records.c.source_id)
        .where(_pairs.c.new_id == record_id, _pairs.c.state == "applied")
    )
    with database.reading() as connection:
        row = connection.execute(query).first()
    return f"{row.code}/{row.identifier}" if row else ""


def _unpaired(key: int, source_id: int, side: Side) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a record meets which is in no pair."""
    end = _pairs.c.old_id if side is Side.OLD else _pairs.c.new_id
    taken = exists().where(
        _pairs.c.succession_id == key, end == _records.c.id, _pairs.c.state == "paired"
    )
    mine = (_records.c.source_id == source_id, _records.c.state.in_(KEPT), ~taken)
    # In the new source are by now the records that go on as new ones.
    return mine if side is Side.OLD else (*mine, ~took_over(key))


def _number(connection: Connection, *only: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).where(*only)).scalar_one())


def _counted(connection: Connection, key: int) -> dict[str, int]:
    query = (
        select(_pairs.c.state, func.count().label("number"))
        .where(_pairs.c.succession_id == key)
        .group_by(_pairs.c.state)
    )
    return {row.state: row.number for row in connection.execute(query)}


def _told(connection: Connection, key: int, rule: Rule) -> Told:
    used = _TAKEN if rule.trusted else ("distrusted",)
    return Told(
        rule=rule,
        samples=_samples(connection, key, rule.rule, used),
        contradicted=_samples(connection, key, rule.rule, ("contradicts",)),
    )


def _samples(
    connection: Connection, key: int, rule: str, states: tuple[str, ...]
) -> tuple[Sample, ...]:
    old, new = aliased(RecordRow), aliased(RecordRow)
    query = (
        select(old.identifier, old.parsed, new.identifier, new.parsed, _pairs.c.state)
        .select_from(_pairs)
        .join(old, old.id == _pairs.c.old_id)
        .join(new, new.id == _pairs.c.new_id)
        .where(_pairs.c.succession_id == key, _pairs.c.rule == rule, _pairs.c.state.in_(states))
        .order_by(_pairs.c.old_id, _pairs.c.new_id)
        .limit(SAMPLES)
    )
    return tuple(_sample(*row) for row in connection.execute(query))


def _sample(old: str, old_parsed: str, new: str, new_parsed: str, state: str) -> Sample:
    if state == "applied":
        # The rows have changed names: the old one is what the new one was.
        old, old_parsed, new, new_parsed = new, new_parsed, old, old_parsed
    return Sample(old=old, old_title=title(old_parsed), new=new, new_title=title(new_parsed))


def title(parsed: str | None) -> str:
    """Return the title proper of a stored record, or an empty string."""
    record = stored.from_json(parsed) if parsed else None
    return " ".join(record.values("245", "ab")) if record else ""


def _redirected(connection: Connection, key: int) -> int:
    """Return how many clusters hold nothing but a new record whose pair is in another one."""
    ours, theirs, other = aliased(MemberRow), aliased(MemberRow), aliased(MemberRow)
    alone = ~exists().where(
        and_(other.cluster_id == theirs.cluster_id, other.record_id != theirs.record_id)
    )
    query = (
        select(func.count())
        .select_from(_pairs)
        .join(ours, ours.record_id == _pairs.c.old_id)
        .join(theirs, theirs.record_id == _pairs.c.new_id)
        .where(
            _pairs.c.succession_id == key,
            _pairs.c.state == "paired",
            ours.cluster_id != theirs.cluster_id,
            alone,
        )
    )
    return int(connection.execute(query).scalar_one())


def _next(connection: Connection, key: int, source_id: int, side: Side, after: int) -> list[Any]:
    query = (
        select(_records.c.id, _records.c.identifier, _records.c.parsed)
        .where(*_unpaired(key, source_id, side), _records.c.id > after)
        .order_by(_records.c.id)
        .limit(_STEP)
    )
    return list(connection.execute(query))


def _with_reasons(connection: Connection, key: int, side: Side, rows: list[Any]) -> list[Unpaired]:
    why = _reasons(connection, key, side, [row.id for row in rows])
    return [
        Unpaired(
            side=side.name.lower(),
            identifier=row.identifier,
            title=title(row.parsed),
            reason=why[row.id].state if row.id in why else "none",
            rule=why[row.id].rule if row.id in why else "",
            other=why[row.id].identifier if row.id in why else "",
        )
        for row in rows
    ]


def _reasons(connection: Connection, key: int, side: Side, keys: list[int]) -> dict[int, Any]:
    """Return for each record the pair that says most about why it is in none."""
    ours, theirs = _pairs.c.old_id, _pairs.c.new_id
    if side is Side.NEW:
        ours, theirs = theirs, ours
    query = (
        select(ours.label("ours"), _pairs.c.rule, _pairs.c.state, _records.c.identifier)
        .join(_records, _records.c.id == theirs)
        .where(
            _pairs.c.succession_id == key,
            ours.in_(keys),
            or_(*(_pairs.c.state == doubt for doubt in _DOUBTS)),
        )
        .order_by(ours, theirs)
    )
    found: dict[int, Any] = {}
    for row in connection.execute(query):
        before = found.get(row.ours)
        if before is None or _DOUBTS.index(row.state) < _DOUBTS.index(before.state):
            found[row.ours] = row
    return found
