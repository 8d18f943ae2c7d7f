"""Decisions about whole clusters: the two of a pair are one, or what matching did is taken back.

Said are the decisions about pairs that are needed for it, no more: found from a snapshot, and kept
only if nothing was placed or decided since. They are decisions like any others: they have an
author, stand through harvests, and are taken back together (``verdicts.undo``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from catalogue import clock, contradictions, policies, verdicts
from catalogue.cluster import read
from catalogue.cluster.around import Around, State, around, state
from catalogue.cluster.cut import Pair
from catalogue.cluster.wanted import against, decisions
from catalogue.contradictions import Path, Verdict
from catalogue.database import Database
from catalogue.errors import BusyPlacing, NoSuchEvent, NothingToRevert, TooManyTogether
from catalogue.match import Decision
from catalogue.sql import table
from catalogue.tables import ClusterRow, EventRecordRow, EventRow
from catalogue.verdicts import Name, Said, Step

_TRIES = 5
Groups = set[frozenset[int]]


class _Event(NamedTuple):
    """What happened: these records left a cluster, or came into one."""

    number: int
    kind: str
    records: frozenset[int]
    left: frozenset[int]
    """The records of the cluster that they left, or of its successor, as they are now."""


def decide(database: Database, one: Name, other: Name, wanted: Verdict, said: Said) -> int:
    """Keep what a person says of two records; return the number of the first step for it.

    Two that are one take all with them that is one with either, unless somebody said otherwise or
    too many hang together: else a decision about two might tear from each what it was with. Returns
    0, and raises, as ``verdicts.decide``; also BusyPlacing.
    """
    if wanted is Verdict.DIFFERENT:
        return verdicts.decide(database, one, other, wanted, said)
    return _decided(database, lambda connection: _uniting(connection, (one, other), said), said)


def revert(database: Database, number: int, said: Said) -> int:
    """Take a merge, a split or a move back; return the number of the first decision made for it.

    Raises NoSuchEvent, NothingToRevert, TooManyTogether, ContradictsVerdicts where people decided
    what is to be taken back, or BusyPlacing where others go on placing what it is about.
    """
    return _decided(database, lambda connection: _reverting(connection, number), said)


class _Found(NamedTuple):
    """The decisions to make, and what they were found in."""

    turn: int
    steps: list[Step]
    state: State


def _decided(database: Database, find: Callable[[Connection], _Found | None], said: Said) -> int:
    for _ in range(_TRIES):
        with database.reading_primary() as connection:
            found = find(connection)
        if found is None:
            return 0
        kept = database.writing(partial(_kept, found=found, said=said))
        if kept is not None:
            return kept
    raise BusyPlacing


def _kept(connection: Connection, found: _Found, said: Said) -> int | None:
    """Keep the decisions, unless what they were found in changed since."""
    if clock.read(connection, lock=True).turn != found.turn:
        # Something was placed: during a harvest there always is, mostly elsewhere.
        now = state(connection, policies.live(connection), found.state.revs)
        if now != found.state:
            return None
    return verdicts.keep(connection, found.steps, said)


def _uniting(connection: Connection, named: tuple[Name, Name], said: Said) -> _Found | None:
    pair = verdicts.pair_to_decide(connection, named, Verdict.SAME, said.seen)
    if pair is None:
        return None
    turn, live = clock.read(connection).turn, policies.live(connection)
    first = Step(pair, Verdict.SAME.value)
    try:
        found = around(connection, live, pair)
    except TooManyTogether:
        return _Found(turn, [first], state(connection, live, pair))
    both = {found.group(record) for record in pair}
    wanted = _without(found.groups, both) | {frozenset().union(*both)}
    if against(found.component, wanted) is not None:
        return _Found(turn, [first], found.state)
    component = found.component
    with_it = replace(component, verdicts={**component.verdicts, pair: Decision.SAME})
    return _Found(turn, [first, *_said(decisions(with_it, wanted))], found.state)


def _reverting(connection: Connection, number: int) -> _Found:
    turn = clock.read(connection).turn
    event = _event(connection, number)
    found = around(connection, policies.live(connection), event.records | event.left)
    wanted = _wanted(event, found)
    if wanted == set(found.groups):
        raise NothingToRevert(number=number)
    contradicting = against(found.component, wanted)
    if contradicting is not None:
        _refuse(connection, contradicting, found)
    return _Found(turn, _said(decisions(found.component, wanted)), found.state)


def _said(needed: Mapping[Pair, Decision]) -> list[Step]:
    return [Step(pair, _WORDS[word].value) for pair, word in sorted(needed.items())]


_WORDS = {Decision.SAME: Verdict.SAME, Decision.DIFFERENT: Verdict.DIFFERENT}


def _refuse(connection: Connection, pair: Pair, found: Around) -> None:
    word = _WORDS[found.component.verdicts[pair]]
    contradictions.refuse(connection, Path(pair, (word,)))


def _event(connection: Connection, number: int) -> _Event:
    query = select(EventRow.kind, EventRow.cluster_id).where(EventRow.seq == number)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchEvent(number=number)
    those = select(EventRecordRow.record_id).where(EventRecordRow.event_seq == number)
    records = frozenset(connection.execute(those).scalars())
    if not records:
        raise NothingToRevert(number=number)
    left = _left(connection, row) if row.kind in ("split", "moved") else frozenset()
    return _Event(number, row.kind, records, left - records)


def _left(connection: Connection, row: Any) -> frozenset[int]:
    columns = table(ClusterRow).c
    heir = connection.execute(
        select(columns.successor_id).where(columns.id == row.cluster_id)
    ).scalar()
    return frozenset(read.members(connection, [heir or row.cluster_id]))


def _wanted(event: _Event, found: Around) -> Groups:
    """Return the groups as they are to be."""
    theirs = {group for group in found.groups if group & event.records}
    home = _home(event.left, found.groups)
    if event.kind == "split":
        # All that their cluster got since goes with them.
        return _without(found.groups, theirs | {home}) | _united(home, theirs)
    # Those that are where they were before stay there.
    away = theirs - {home}
    rest = _filled(group - event.records for group in away)
    parts = {group & event.records for group in away}
    if event.kind == "moved" and home:
        return _without(found.groups, away | {home}) | rest | _united(home, parts)
    return _without(found.groups, away) | rest | parts


def _united(home: frozenset[int], theirs: Iterable[frozenset[int]]) -> Groups:
    return {home.union(*theirs)} if home else set(theirs)


def _without(groups: Iterable[frozenset[int]], some: Groups) -> Groups:
    return set(groups) - some


def _filled(groups: Iterable[frozenset[int]]) -> Groups:
    return {group for group in groups if group}


def _home(left: Collection[int], groups: Iterable[frozenset[int]]) -> frozenset[int]:
    """Return the group with most of the records that stayed, or none if nothing stayed."""
    shares = [(len(group & set(left)), -min(group), group) for group in groups]
    best = max(shares, default=(0, 0, frozenset[int]()))
    return best[2] if best[0] else frozenset()
