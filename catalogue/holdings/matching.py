"""Rows that wait, matched with the union, a bounded step at a time.

Judged from one snapshot, written only if nothing was placed since: whoever places meanwhile has the
rows concerned matched again, or has this done again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text, update

from catalogue import clock
from catalogue.database import Database
from catalogue.holdings.looking import Asked, Seen, judged, see
from catalogue.holdings.model import Found, Matching, Row
from catalogue.holdings.touched import wake_anchors
from catalogue.model import HubIdentity
from catalogue.sql import chunks, delete_rows, insert_missing, table
from catalogue.tables import HoldingKeyRow, HoldingListRow, HoldingRow, LibraryRow

STEP = 200
"""Rows matched at a time: their candidates are held in memory."""

_holdings = table(HoldingRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a step did."""

    rows: int
    """How many it took; 0 = none waits."""
    moved: int = 0
    """How many hang on another record than before, or on none."""
    committed: bool = True
    """False if something was placed meanwhile: call again."""


def waiting(database: Database, most: int | None = None) -> int:
    """Return how many rows wait to be matched, counted no further than ``most``."""
    listed = select(_holdings.c.id).where(_WAITS).limit(most)
    with database.reading_primary() as connection:
        return connection.execute(select(func.count()).select_from(listed.subquery())).scalar_one()


_WAITS = text("holding.waits")
"""As the index says it: SQLite would not know ``waits = 1`` for the same."""


def match_some(database: Database, hub: HubIdentity, limit: int = STEP) -> Matched:
    """Match the next rows that wait, and have the clusters made again that gain or lose one.

    Any number of processes may call it; only a step that nothing was placed beside is committed.
    """
    with database.reading_primary() as connection:
        asked = _waiting(connection, limit)
        if not asked:
            return Matched(rows=0)
        turn = clock.read(connection).turn
        seen = see(connection, asked, hub)
        found = judged(connection, seen)
        stored = _stored_keys(connection, [each.id for each in asked])
    step = _Step(turn, seen, found, stored)
    moved = database.writing(lambda connection: _write(connection, step))
    return Matched(rows=len(asked), moved=moved or 0, committed=moved is not None)


def _waiting(connection: Connection, limit: int) -> list[Asked]:
    query = (
        select(
            LibraryRow.code,
            HoldingRow.content,
            HoldingRow.id,
            HoldingRow.rev,
        )
        .join(HoldingListRow, HoldingListRow.id == HoldingRow.list_id)
        .join(LibraryRow, LibraryRow.id == HoldingListRow.library_id)
        .where(_WAITS)
        .order_by(HoldingRow.id)
        .limit(limit)
    )
    return [
        Asked(library, Row.from_json(content), key, rev)
        for library, content, key, rev in connection.execute(query)
    ]


def _stored_keys(connection: Connection, rows: Collection[int]) -> dict[int, set[str]]:
    columns = table(HoldingKeyRow).c
    query = select(columns.holding_id, columns.key)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for chunk in chunks(rows):
        for row, key in connection.execute(query.where(columns.holding_id.in_(chunk))):
            found[row].add(key)
    return found


class _Step(NamedTuple):
    """What was worked out for some rows, and of which turn of the clock."""

    turn: int
    seen: Sequence[Seen]
    found: Sequence[Matching]
    keys: Mapping[int, set[str]]
    """As they are stored."""


def _write(connection: Connection, step: _Step) -> int | None:
    """Write a step; return how many rows moved, or None where something was placed meanwhile."""
    if clock.read(connection, lock=True).turn != step.turn:
        return None
    current = _current(connection, [each.asked.id for each in step.seen])
    told = [
        (each, matching)
        for each, matching in zip(step.seen, step.found, strict=True)
        if current.get(each.asked.id, _GONE).rev == each.asked.rev
    ]
    _write_keys(connection, [each for each, _ in told], step.keys)
    connection.execute(_AGAIN, [_values(each, matching) for each, matching in told] or [_NOBODY])
    ends = [(current[each.asked.id].anchor, new.anchor) for each, new in told]
    moved = [(before, after) for before, after in ends if before != after]
    wake_anchors(connection, [end for both in moved for end in both])
    return len(moved)


_AGAIN = (
    update(_holdings)
    .where(_holdings.c.id == bindparam("b_id"))
    .values(
        waits=False,
        found=bindparam("b_found"),
        record_id=bindparam("b_anchor"),
        candidates=bindparam("b_candidates"),
    )
)
_NOBODY = {"b_id": 0, "b_found": Found.NONE.value, "b_anchor": None, "b_candidates": "[]"}


def _values(each: Seen, matching: Matching) -> dict[str, Any]:
    return {
        "b_id": each.asked.id,
        "b_found": matching.found.value,
        "b_anchor": matching.anchor,
        "b_candidates": json.dumps([each[:3] for each in matching.choices], ensure_ascii=False),
    }


class _Now(NamedTuple):
    """A row as it is while nobody else can change it."""

    rev: int
    anchor: int | None


_GONE = _Now(-1, None)


def _current(connection: Connection, rows: Collection[int]) -> dict[int, _Now]:
    """Return these rows as they now are, and keep others from changing them."""
    columns = _holdings.c
    query = select(columns.id, columns.rev, columns.record_id).order_by(columns.id)
    return {
        row: _Now(rev, anchor)
        for chunk in chunks(sorted(rows))
        for row, rev, anchor in connection.execute(
            query.where(columns.id.in_(chunk)).with_for_update()
        )
    }


def _write_keys(
    connection: Connection, seen: Sequence[Seen], stored: Mapping[int, set[str]]
) -> None:
    gone = [
        (key, each.asked.id)
        for each in seen
        for key in stored.get(each.asked.id, set()).difference(each.keys)
    ]
    new = [
        {"key": key, "holding_id": each.asked.id}
        for each in seen
        for key in set(each.keys) - stored.get(each.asked.id, set())
    ]
    delete_rows(connection, HoldingKeyRow, ("key", "holding_id"), gone)
    insert_missing(connection, HoldingKeyRow, new)
